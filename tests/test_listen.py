"""`dictation listen` on a real sound stack: a visit is spoken into the microphone, the form comes out."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.audio.sound_server import MICROPHONE, SoundServer, sound_server
from tests.support import ROOT, samples_of
from tests.test_docs import python_blocks

pytestmark = pytest.mark.slow

_PATIENCE = 120.0


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as running:
        running.plug()
        yield running


@pytest.fixture(scope="module")
def speech(short_recording: Path) -> np.ndarray:
    return samples_of(short_recording)


class Program:
    """A command of ours in a process of its own, with a home of its own."""

    def __init__(self, server: SoundServer, home: Path, *arguments: str) -> None:
        environment = {
            **os.environ,
            "DICTATION_HOME": str(home),
            "DICTATION_STORE": str(home / "store.db"),
            "ALSA_CONFIG_PATH": str(server.alsa_config),
        }
        command = [sys.executable, "-c", "from dictation.cli import main; main()", *arguments]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
        )
        self.complaints: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr
        self.complaints.extend(iter(self.process.stderr.readline, ""))

    def wait_for(self, line: str) -> None:
        until = time.monotonic() + _PATIENCE
        while not any(line in complaint for complaint in self.complaints):
            if time.monotonic() > until or self.process.poll() is not None:
                raise AssertionError(f"'{line}' was not said, but {self.complaints}")
            time.sleep(0.05)

    def end(self) -> list[dict[str, object]]:
        """The documents it printed; it must have ended well."""
        assert self.process.stdout
        printed = self.process.stdout.read()
        assert self.process.wait(_PATIENCE) == 0, self.complaints
        return [json.loads(line) for line in printed.splitlines()]


def heard(document: dict[str, object]) -> str:
    return document["transcript"]["text"].lower()


def test_a_visit_spoken_into_the_microphone_fills_the_form(
    server: SoundServer, speech: np.ndarray, tmp_path: Path
) -> None:
    out = tmp_path / "вывод"
    listening = Program(server, tmp_path, "listen", "--device", MICROPHONE, "--json", "--out", str(out))
    listening.wait_for(f"listening to {MICROPHONE}")
    server.play(speech)
    time.sleep(1.0)
    listening.process.send_signal(signal.SIGINT)
    (record,) = listening.end()
    # The bundled recording begins with the complaints.
    assert heard(record).startswith("жалобы")
    assert record["fields"]["complaints"]["value"]
    assert sorted(path.name.partition(".")[2] for path in out.iterdir()) == ["bundle.json", "html", "record.json"]


def test_killed_while_somebody_speaks_it_loses_nothing_older_than_a_second(
    server: SoundServer, speech: np.ndarray, tmp_path: Path
) -> None:
    listening = Program(server, tmp_path, "listen", "--device", MICROPHONE, "--json", "--field", "complaints")
    listening.wait_for(f"listening to {MICROPHONE}")
    begun = time.monotonic()
    server.play(speech)
    listening.process.kill()
    listened = time.monotonic() - begun
    listening.process.wait()

    again = Program(server, tmp_path, "listen", "--device", MICROPHONE, "--json")
    again.wait_for("was broken off")
    again.wait_for(f"listening to {MICROPHONE}")
    again.process.send_signal(signal.SIGINT)
    again.end()
    told = next(line for line in again.complaints if "was broken off" in line)
    assert int(re.search(r"a dictation of (\d+) s", told)[1]) >= listened - 1.5

    recovering = Program(server, tmp_path, "recover", "--json")
    (record,) = recovering.end()
    assert heard(record).startswith("жалобы")
    assert {utterance["field"] for utterance in record["transcript"]["utterances"]} == {"complaints"}
    assert Program(server, tmp_path, "recover", "--json").end() == []


def test_the_live_example_for_vendors_runs(
    server: SoundServer, speech: np.ndarray, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(server.alsa_config))
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    (example,) = [block for block in python_blocks(ROOT / "docs" / "vendors.md") if "Microphone" in block]
    namespace: dict[str, Any] = {}

    def speak() -> None:
        while "live" not in namespace:
            time.sleep(0.05)
        server.play(speech)
        namespace["microphone"].stop()

    speaker = threading.Thread(target=speak)
    speaker.start()
    exec(compile(example, "docs/vendors.md", "exec"), namespace)
    speaker.join()
    assert namespace["record"].transcript.text.lower().startswith("жалобы")


def test_a_microphone_nobody_has(server: SoundServer, tmp_path: Path) -> None:
    refused = Program(server, tmp_path, "listen", "--device", "no such microphone")
    assert refused.process.wait(_PATIENCE) == 2
    time.sleep(0.2)
    assert any("no such microphone" in line and MICROPHONE in line for line in refused.complaints)
