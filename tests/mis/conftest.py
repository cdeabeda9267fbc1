"""A store, a FHIR engine and a clock for what is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dictation.store import Store, open_store
from tests.mis.outgoing import fhir_engine
from tests.store.server import server
from tests.store.support import make_key

__all__ = ["server"]


class Clock:
    """A clock that is moved, not waited for: whoever waits with it moves it, by half a minute or more.

    It is `set` once `until` has come.
    """

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
        self.until: datetime | None = None

    def __call__(self) -> datetime:
        return self.time

    def move(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)

    def run_for(self, seconds: float) -> Clock:
        """Itself, as what stops a worker after so many seconds of its time."""
        self.until = self.time + timedelta(seconds=seconds)
        return self

    def is_set(self) -> bool:
        return self.until is not None and self.time >= self.until

    def wait(self, timeout: float) -> bool:
        self.move(max(timeout, 30.0))
        return self.is_set()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    make_key(folder)
    return folder


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home=home, actor="врач Ахметова") as opened:
        yield opened


@pytest.fixture(scope="session")
def engine() -> Iterator[str]:
    with fhir_engine() as address:
        yield address
