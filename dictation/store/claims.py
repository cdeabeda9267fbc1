"""Who is dictating what: a claim on a dictation that ends with its process, however that ends."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

import filelock
from sqlalchemy import Connection, Engine, text

from dictation.errors import StoreError
from dictation.store.database import postgresql


class Claim(Protocol):
    """A dictation that is ours to write."""

    def renew(self) -> bool:
        """Whether it is still ours, or ours again, after the store could not be reached for a while."""

    def release(self, for_good: bool) -> None:
        """Let go of it; `for_good` where nobody will claim that dictation again."""


class Claims(Protocol):
    """Claims on the dictations of one store."""

    def take(self, dictation: str) -> Claim | None:
        """Claim a dictation; None where another journal, of this process or any other, holds it."""


class FileClaims:
    """Locks on empty files beside a store in one file; the system lets go of them when the process is gone."""

    def __init__(self, store: Path) -> None:
        self._folder = store.with_name(store.name + "-live")

    @contextmanager
    def making(self) -> Iterator[None]:
        """While one process opens the store, others wait: of two that find none, one makes it and its key."""
        with self._lock("making"):
            yield

    def take(self, dictation: str) -> Claim | None:
        lock = self._lock(dictation)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            return None
        return _FileClaim(lock)

    def _lock(self, name: str) -> filelock.BaseFileLock:
        try:
            self._folder.parent.mkdir(exist_ok=True, mode=0o700, parents=True)
            self._folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{self._folder}: cannot be made: {error.strerror}; check the permissions") from error
        return filelock.FileLock(self._folder / name, is_singleton=False, thread_local=False)


class _FileClaim:
    def __init__(self, lock: filelock.BaseFileLock) -> None:
        self._lock = lock

    def renew(self) -> bool:
        return self._lock.is_locked

    def release(self, for_good: bool) -> None:
        self._lock.release()
        if for_good:
            Path(self._lock.lock_file).unlink(missing_ok=True)


class ServerClaims:
    """Advisory locks of a PostgreSQL server, each on a connection of its own that is kept open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = postgresql(engine.url, pooled=False)

    def take(self, dictation: str) -> Claim | None:
        number = int.from_bytes(hashlib.sha256(dictation.encode()).digest()[:8], "big", signed=True)
        connection = _locked(self._engine, number)
        return _ServerClaim(self._engine, number, connection) if connection else None


class _ServerClaim:
    def __init__(self, engine: Engine, number: int, connection: Connection) -> None:
        self._engine, self._number, self._connection = engine, number, connection

    def renew(self) -> bool:
        # Closed on our side first: where the server has not noticed that we were gone, it must not keep us out.
        self.release(False)
        connection = _locked(self._engine, self._number)
        if connection:
            self._connection = connection
        return connection is not None

    def release(self, for_good: bool) -> None:  # noqa: ARG002 - nothing is left on a server
        # Closing alone would speak to the server first, which may be gone.
        with suppress(StoreError):
            self._connection.invalidate()
            self._connection.close()


def _locked(engine: Engine, number: int) -> Connection | None:
    """A connection that holds the lock of that number, None where another does."""
    connection = engine.connect()
    taken = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar_one()
    connection.commit()
    if taken:
        return connection
    connection.close()
    return None
