"""A store of its own for every test, its key in a file beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dictation.store import Store, open_store
from dictation.store.keys import Key
from tests.store.server import server

__all__ = ["server"]

ACTOR = "врач Ахметова"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new store and its key, to be copied: making the tables takes a while."""
    folder = tmp_path_factory.mktemp("fresh")
    key = folder / "store.key"
    key.touch(mode=0o600)
    key.write_text(Key.new().secret.hex(), encoding="utf-8")
    open_store(home=folder, actor=ACTOR).close()
    return folder


@pytest.fixture
def home(tmp_path: Path, fresh: Path) -> Path:
    """A folder with a key file, as on a machine where the key is kept in one."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    shutil.copy(fresh / "store.key", folder)
    return folder


@pytest.fixture
def store(home: Path, fresh: Path) -> Iterator[Store]:
    shutil.copy(fresh / "store.db", home)
    with open_store(home=home, actor=ACTOR) as opened:
        yield opened
