"""What every part of the store stands on: the database, its key, its name for errors, and who acts."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from dictation.store.claims import Claims
from dictation.store.database import BUSY_SECONDS, busy, writing
from dictation.store.keys import Key


class Writes:
    """Transactions that write. In one program they wait for one another here, in turn: SQLite lets whoever happens to
    ask at the right moment go first, and a live dictation might wait for seconds."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self._name, self._turn = writing(engine), name, threading.Lock()
        self._within: int | None = None

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction, for the time of the block. StoreError where the others take too long; RuntimeError within
        another of the same thread, which would wait for itself."""
        if self._within == threading.get_ident():
            raise RuntimeError("a transaction that writes was begun within another")
        if not self._turn.acquire(timeout=BUSY_SECONDS):
            raise busy(self._name)
        self._within = threading.get_ident()
        try:
            with self._engine.begin() as connection:
                yield connection
        finally:
            self._within = None
            self._turn.release()


@dataclass(frozen=True)
class Ground:
    """An open store. Transactions that write are begun on `writes`."""

    engine: Engine
    key: Key
    name: str
    actor: str
    claims: Claims
    writes: Writes


def now() -> datetime:
    return datetime.now(UTC)
