"""A store of its own for every test, its key in a file beside it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from dictation.store import Store, open_store
from tests.store.server import server
from tests.store.support import ACTOR, fresh

__all__ = ["fresh", "server"]


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
