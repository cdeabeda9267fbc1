"""`dictation devices` on a real sound server: the list, the trial of a microphone, its verdict."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from dictation.cli import run
from tests.audio.sound_server import MICROPHONE, SoundServer, sound_server

RATE = 16_000

Program = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("ALSA_CONFIG_PATH", str(server.alsa_config))
        server.plug()
        yield server


@pytest.fixture
def devices(server: SoundServer, capsys: pytest.CaptureFixture[str]) -> Program:
    """Runs the command in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = run(["devices", *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call


def test_the_list_names_every_microphone(devices: Program) -> None:
    code, out, err = devices("--json")
    listed = {device["name"]: device for device in map(json.loads, out.splitlines())}
    assert (code, err) == (0, "")
    assert set(listed[MICROPHONE]) == {"name", "channels", "rate", "default"}
    assert listed[MICROPHONE]["rate"] == 44_100
    code, out, err = devices()
    assert (code, err) == (0, "")
    assert MICROPHONE in out


@pytest.mark.parametrize(
    ("amplitude", "verdict", "loudest"),
    [(0.25, "good", -12.0), (0.01, "quiet", -40.0), (1.0, "clipped", 0.0)],
)
def test_a_trial_ends_with_a_verdict(
    server: SoundServer, devices: Program, amplitude: float, verdict: str, loudest: float
) -> None:
    # A low tone that swells: of a sudden one the resampler's overshoot would be the peak.
    axis = np.arange(RATE) / RATE
    tone = (amplitude * np.sin(2 * np.pi * 100 * axis) * np.clip(3 * axis, 0, 1)).astype(np.float32)
    speaking = threading.Timer(0.7, server.play, (tone,))
    speaking.start()
    code, out, err = devices("--test", "desk", "--json", "--seconds", "2.5")
    speaking.join()
    *levels, last = map(json.loads, out.splitlines())
    assert (code, err) == (0, "")
    assert {tuple(level) for level in levels} == {("at", "level", "peak")}
    assert last == {"name": MICROPHONE, "loudest": last["loudest"], "verdict": verdict}
    assert last["loudest"] == pytest.approx(loudest, abs=0.3)


def test_interrupted_it_still_says_its_verdict(devices: Program) -> None:
    before = signal.getsignal(signal.SIGINT)
    threading.Timer(1.0, os.kill, (os.getpid(), signal.SIGINT)).start()
    assert devices("--test", MICROPHONE, "--seconds", "60") == (
        0,
        f"{MICROPHONE}: heard nothing; is it muted, may programs use it?\n",
        "",
    )
    assert signal.getsignal(signal.SIGINT) is before


def test_an_unknown_name_is_one_line_with_the_names(devices: Program) -> None:
    code, out, err = devices("--test", "studio")
    assert (code, out) == (2, "")
    assert err.startswith("dictation: no microphone is called 'studio'; there are: ")
    assert MICROPHONE in err
    assert err.count("\n") == 1


def test_unplugging_is_told_in_one_line_and_libraries_are_not_heard(server: SoundServer) -> None:
    """In a process of its own: what libraries print goes past Python's standard error."""
    program = "from dictation.cli import main; main()"
    trial = subprocess.Popen(
        [sys.executable, "-c", program, "devices", "--test", "desk", "--json", "--seconds", "60"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert trial.stdout is not None
    documents = map(json.loads, trial.stdout)
    next(documents)
    server.unplug()
    assert next(document for document in documents if document.get("event") == "lost")
    # Long enough for two attempts to open what is not there.
    time.sleep(1.2)
    server.plug()
    assert next(document for document in documents if document.get("event") == "regained")
    trial.send_signal(signal.SIGINT)
    _, err = trial.communicate(timeout=30)
    assert trial.returncode == 0
    assert err.splitlines() == [
        f"dictation: {MICROPHONE} is gone; plug it in again",
        f"dictation: {MICROPHONE} is back",
    ]
