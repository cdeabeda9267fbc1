"""The doctors of this workstation: named, each with a PIN or passphrase; wrong tries lock out for a while."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from dictation.store import Store
from dictation.store.tables import doctors as table
from dictation.workstation.failures import Failure

SHORTEST_SECRET, LONGEST_SECRET, LONGEST_NAME = 4, 200, 120

# A quarter of OWASP's setting for passwords, 32 MB and a tenth of a second: the store that holds the hash is
# encrypted, and wrong tries lock out.
_COST = {"n": 2**15, "r": 8, "p": 1}
_FREE_TRIES, _FIRST_PAUSE, _LONGEST_PAUSE = 5, 30.0, 900.0
# Hashing one after another, whoever asks: many tries at once must not take all memory.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Doctor:
    """A named doctor. One whom a vendor's system vouches for has no id here."""

    id: str | None
    name: str


class Doctors:
    """The doctors that a store knows; `now` gives the time."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store, self._now = store, now
        self._trying = threading.Lock()

    def all(self) -> list[Doctor]:
        """By name."""
        with self._store.engine.begin() as connection:
            rows = connection.execute(select(table.c.id, table.c.name).order_by(table.c.folded)).all()
        return [Doctor(row.id, row.name) for row in rows]

    def add(self, name: str, secret: str, by: str | None = None) -> Doctor:
        """A new doctor. Failure `name-taken`, `weak-secret`, `invalid`."""
        doctor = Doctor(str(uuid.uuid4()), named(name))
        _refuse_weak(secret)
        row = {
            "id": doctor.id,
            "name": doctor.name,
            "folded": doctor.name.casefold(),
            "secret": _hashed(secret, secrets.token_bytes(16)),
            "made": self._now(),
            "wrong_tries": 0,
        }
        acting = self._store.acting_as(by or doctor.name)
        try:
            with acting.transaction() as connection:
                connection.execute(insert(table).values(**row))
                acting.audit.add(connection, "doctor-added", str(doctor.id))
        except IntegrityError as error:
            raise Failure("name-taken") from error
        return doctor

    def change_secret(self, name: str, secret: str) -> Doctor:
        """Another secret for a doctor, whatever the old one was; a lock-out ends. Failure `not-found`,
        `weak-secret`."""
        doctor = self.called(name)
        _refuse_weak(secret)
        changed = {"secret": _hashed(secret, secrets.token_bytes(16)), "wrong_tries": 0}
        with self._store.transaction() as connection:
            connection.execute(update(table).where(table.c.id == doctor.id).values(**changed))
            self._store.audit.add(connection, "doctor-secret-changed", str(doctor.id))
        return doctor

    def remove(self, name: str) -> Doctor:
        """A doctor who does not unlock any more; what they dictated and signed stays. Failure `not-found`."""
        doctor = self.called(name)
        with self._store.transaction() as connection:
            connection.execute(delete(table).where(table.c.id == doctor.id))
            self._store.audit.add(connection, "doctor-removed", str(doctor.id))
        return doctor

    def called(self, name: str) -> Doctor:
        """The doctor of that name. Failure `not-found`."""
        folded = named(name).casefold()
        found = next((doctor for doctor in self.all() if doctor.name.casefold() == folded), None)
        if found is None:
            raise Failure("not-found")
        return found

    def unlock(self, identifier: str, secret: str) -> Doctor:
        """The doctor whose secret it is. Failure `wrong-secret`, and `locked-out` after several; both tell after how
        many seconds the next try counts."""
        # One after another, so that the second of two tries at once finds the first one counted.
        with self._trying:
            with self._store.engine.begin() as connection:
                row = connection.execute(select(table).where(table.c.id == identifier)).first()
            if row is None:
                raise Failure("wrong-secret", retry_after=0)
            if left := self._pause_left(row.wrong_tries, row.last_wrong):
                raise Failure("locked-out", retry_after=left)
            doctor = Doctor(row.id, row.name)
            salt = bytes.fromhex(row.secret.partition(":")[0])
            right = hmac.compare_digest(_hashed(secret[:LONGEST_SECRET], salt), row.secret)
            acting = self._store.acting_as(doctor.name)
            now = self._now()
            # Counted in the database, so that many tries at once are as many.
            counted = {"wrong_tries": 0} if right else {"wrong_tries": table.c.wrong_tries + 1, "last_wrong": now}
            with acting.transaction() as connection:
                connection.execute(update(table).where(table.c.id == identifier).values(**counted))
                acting.audit.add(connection, "unlocked" if right else "unlock-refused", doctor.id or "")
            if not right:
                raise Failure("wrong-secret", retry_after=self._pause_left(row.wrong_tries + 1, now))
            return doctor

    def _pause_left(self, wrong_tries: int, last: datetime | None) -> int:
        """Seconds until a try counts again: none for the first few, then twice as many each time."""
        if wrong_tries < _FREE_TRIES or last is None:
            return 0
        pause = min(_FIRST_PAUSE * 2.0 ** min(wrong_tries - _FREE_TRIES, 10), _LONGEST_PAUSE)
        over, now = last + timedelta(seconds=pause), self._now()
        # A clock that was set back must not keep anybody out for longer than the pause.
        return 0 if now >= over else min(int((over - now).total_seconds()) + 1, int(pause))


def named(name: str) -> str:
    """A doctor's name as it is kept. Failure `invalid` where it is none."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not 0 < len(tidy) <= LONGEST_NAME or any(unicodedata.category(letter) in {"Cc", "Cf"} for letter in tidy):
        raise Failure("invalid", detail="a doctor's name is 1 to 120 letters")
    return tidy


def _refuse_weak(secret: str) -> None:
    if not SHORTEST_SECRET <= len(secret) <= LONGEST_SECRET or len(set(secret)) == 1:
        raise Failure("weak-secret")


def _hashed(secret: str, salt: bytes) -> str:
    """Salt and scrypt hash as hexadecimal digits."""
    with _one_at_a_time:
        digest = hashlib.scrypt(
            unicodedata.normalize("NFC", secret).encode(), salt=salt, maxmem=256 * _COST["n"] * _COST["r"], **_COST
        )
    return f"{salt.hex()}:{digest.hex()}"
