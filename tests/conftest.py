"""What the tests share: the bundled recording, a piece of it, the evaluation data."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import ROOT, cut

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
