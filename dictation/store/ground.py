"""What every part of the store stands on: the database, its key, its name for errors, and who acts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from dictation.store.claims import Claims
from dictation.store.database import writing
from dictation.store.keys import Key


@dataclass(frozen=True)
class Ground:
    """An open store. Transactions that write are begun on `writes`."""

    engine: Engine
    key: Key
    name: str
    actor: str
    claims: Claims
    writes: Engine = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "writes", writing(self.engine))


def now() -> datetime:
    return datetime.now(UTC)
