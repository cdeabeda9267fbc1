"""Who has entered: one session for each browser that showed the launch token, and the doctor who unlocked it."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from dictation.workstation.doctors import Doctor
from dictation.workstation.failures import Failure

_MOST = 200
# A browser that was closed with the session still in it: by then nobody needs it.
_FORGOTTEN_AFTER = 12 * 3600.0


@dataclass(slots=True)
class Session:
    """A browser. `doctor` is None while it is locked."""

    doctor: Doctor | None = None
    active: float = field(default=0.0)


class Sessions:
    """The sessions of one server; after `idle` seconds without activity a session is locked."""

    def __init__(self, idle: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle, self._clock = idle, clock
        self._lock = threading.Lock()
        self._sessions: dict[str, Session] = {}

    def enter(self) -> str:
        """A new session; what its cookie holds."""
        secret = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            known = {key: one for key, one in self._sessions.items() if now - one.active < _FORGOTTEN_AFTER}
            newest = sorted(known.items(), key=lambda item: item[1].active)[-(_MOST - 1) :]
            self._sessions = dict(newest)
            self._sessions[_digest(secret)] = Session(active=now)
        return secret

    def find(self, secret: str) -> Session | None:
        """The session of a cookie, locked if it has been idle."""
        with self._lock:
            session = self._sessions.get(_digest(secret))
            if session is not None:
                self._lock_idle(session)
            return session

    def unlock(self, session: Session, doctor: Doctor) -> None:
        """From now on `doctor` acts in it."""
        with self._lock:
            session.doctor, session.active = doctor, self._clock()

    def lock(self, session: Session) -> None:
        """Nobody acts in it any more."""
        with self._lock:
            session.doctor = None

    def touch(self, session: Session) -> None:
        """The doctor did or said something."""
        with self._lock:
            self._lock_idle(session)
            session.active = self._clock()

    def is_open(self, session: Session) -> bool:
        """Whether a doctor acts in it still."""
        with self._lock:
            self._lock_idle(session)
            return session.doctor is not None

    def _lock_idle(self, session: Session) -> None:
        if self._clock() - session.active >= self._idle:
            session.doctor = None


def _digest(secret: str) -> str:
    """Looked up by digest, so that the time it takes tells nothing of the secrets that exist."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Tries:
    """Wrong launch tokens: after a few of them nobody is let in for a while, whatever they show."""

    def __init__(self, free: int = 20, pause: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._free, self._pause, self._clock = free, pause, clock
        self._wrong: list[float] = []

    def refuse_if_many(self) -> None:
        """Failure `too-many` while there were too many lately."""
        since = self._clock() - self._pause
        self._wrong = [moment for moment in self._wrong if moment > since]
        if len(self._wrong) >= self._free:
            raise Failure("too-many", retry_after=round(self._pause))

    def wrong(self) -> None:
        """One more."""
        self._wrong.append(self._clock())
