"""A store of its own for every test, its key in a file beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dictation.store import Store, open_store
from dictation.store.keys import Key


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with a key file, as on a machine where the key is kept in one."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    key = folder / "store.key"
    key.touch(mode=0o600)
    key.write_text(Key.new().secret.hex(), encoding="utf-8")
    return folder


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(home=home, actor="врач Ахметова") as opened:
        yield opened
