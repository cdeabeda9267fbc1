"""What the tests share: the bundled recording, a piece of it, the evaluation data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.program import program
from tests.support import ROOT, cut

__all__ = ["program"]

# In CI the same examples every time, so that a change is judged by what it changed; at a desk new ones each run.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

# No test, and no program that a test starts, leaves keys in the keyring of whoever runs it.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"

RECORDING = Path(__file__).parent / "recordings" / "visit.opus"


@pytest.fixture(scope="session")
def recording() -> Path:
    """The recording that ships with the project: a whole visit of 41 seconds."""
    return RECORDING


@pytest.fixture(scope="session")
def short_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its first eight seconds, as a wav file."""
    path = tmp_path_factory.mktemp("sound") / "short.wav"
    cut(RECORDING, path, 8.0)
    return path


@pytest.fixture(scope="session")
def evaluation() -> Path:
    """The shared evaluation data, where it lies beside the checkout."""
    folder = ROOT.parent / "shared" / "eval"
    if not folder.is_dir():
        pytest.skip("the shared evaluation data is not beside this checkout")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Quick tests first."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is not None)
