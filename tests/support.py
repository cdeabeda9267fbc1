"""Helpers of the tests: tools that a machine may lack, pieces of recordings."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import av
import numpy as np
import numpy.typing as npt
import pytest
from filelock import FileLock
from platformdirs import user_cache_path

from dictation.audio.recording import Recording

ROOT = Path(__file__).parent.parent


def need(tool: str) -> str:
    """The path of a tool; without it the test is skipped with a word, in CI it fails."""
    found = shutil.which(tool)
    return found or lacking(tool)


def lacking(what: str) -> NoReturn:
    """Skips the test with a word, fails in CI: a package that it needs is not installed."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is not installed, and in CI nothing is skipped for lack of a tool")
    pytest.skip(f"needs {what}: install it to run this test")


def one_at_a_time(work: str) -> FileLock:
    """Tests run in several processes: what all of them need is made by one, the others wait and find it there."""
    folder = user_cache_path("dictation-tests")
    folder.mkdir(parents=True, exist_ok=True)
    return FileLock(folder / f"{work}.lock")


def wait_until(done: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Until something is so; the test fails where it does not become so in time."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)


def samples_of(path: Path) -> npt.NDArray[np.float32]:
    """All the sound of a recording, 16 kHz mono."""
    with Recording(path) as recording:
        return np.concatenate(list(recording.blocks()))


def cut(source: Path, target: Path, seconds: float) -> None:
    """The first seconds of a recording as 16-bit wav at 16 kHz."""
    with av.open(str(source)) as given, av.open(str(target), "w") as made:
        stream = made.add_stream("pcm_s16le", rate=16_000, layout="mono")
        resampler = av.AudioResampler(format="s16", layout="mono", rate=16_000)
        for frame in _frames(given, seconds):
            for piece in resampler.resample(frame):
                made.mux(stream.encode(piece))
        made.mux(stream.encode(None))


def _frames(container: av.container.InputContainer, seconds: float) -> Iterator[av.AudioFrame]:
    for frame in container.decode(audio=0):
        if frame.time is not None and frame.time >= seconds:
            return
        yield frame
