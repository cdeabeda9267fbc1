"""Who is dictating what: a claim on a dictation that ends with its process, however that ends."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import filelock
from sqlalchemy import Engine, text

from dictation.errors import StoreError

Release = Callable[[bool], None]
"""Lets go of a claim; True where nobody will claim that dictation again."""


class Claims(Protocol):
    """Claims on the dictations of one store."""

    def take(self, dictation: str) -> Release | None:
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

    def take(self, dictation: str) -> Release | None:
        lock = self._lock(dictation)
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            return None

        def release(for_good: bool) -> None:
            lock.release()
            if for_good:
                Path(lock.lock_file).unlink(missing_ok=True)

        return release

    def _lock(self, name: str) -> filelock.BaseFileLock:
        try:
            self._folder.parent.mkdir(exist_ok=True, mode=0o700, parents=True)
            self._folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise StoreError(f"{self._folder}: cannot be made: {error.strerror}; check the permissions") from error
        return filelock.FileLock(self._folder / name, is_singleton=False, thread_local=False)


class ServerClaims:
    """Advisory locks of a PostgreSQL server, each on a connection of its own that is kept open."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def take(self, dictation: str) -> Release | None:
        number = int.from_bytes(hashlib.sha256(dictation.encode()).digest()[:8], "big", signed=True)
        connection = self._engine.connect()
        taken = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number}).scalar_one()
        connection.commit()
        if not taken:
            connection.close()
            return None

        def release(for_good: bool) -> None:  # noqa: ARG001 - nothing is left on a server
            # Closing alone would hand the connection back to the pool with the lock still on it.
            connection.invalidate()
            connection.close()

        return release
