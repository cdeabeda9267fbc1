"""Killing a dictating program at a moment of one's choice, and what was kept of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dictation.audio.blocks import RATE
from dictation.store import open_store
from tests.store.support import kept_sound
from tests.store.writer import sound_of

WRITER = Path(__file__).with_name("writer.py")


@dataclass(frozen=True)
class Outcome:
    """What one kill cost: samples given in all, samples given a second before the kill, samples kept."""

    given: int
    due: int
    kept: int
    events_given: int
    events_kept: int

    @property
    def lost_seconds(self) -> float:
        return max(self.given - self.kept, 0) / RATE


def start_dictating(home: Path, seed: int) -> tuple[subprocess.Popen[str], str]:
    """The program of that seed, dictating, and the id of its dictation."""
    program = subprocess.Popen(
        [sys.executable, str(WRITER), str(home), str(seed)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(WRITER.parents[2])},
    )
    assert program.stdout
    return program, program.stdout.readline().split()[1]


def kill_while_dictating(home: Path, seed: int, after: float) -> Outcome:
    """Let the program of that seed dictate for `after` seconds, `kill -9` it, open the store and compare.

    AssertionError where what is kept is not, to the bit, a beginning of what was said.
    """
    program, dictation = start_dictating(home, seed)
    time.sleep(after)
    program.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    lines = [line.split() for line in program.communicate()[0].splitlines()]
    given = [(int(line[1]), float(line[2])) for line in lines if line[0] == "sound" and len(line) == 3]
    with open_store(home=home) as store:
        (unfinished,) = [one for one in store.unfinished() if one.id == dictation]
        kept = kept_sound(store, dictation)
        assert unfinished.seconds == len(kept) / RATE
        assert np.array_equal(kept, sound_of(seed, len(kept)))
        numbers = [event.data["field"] for event in store.events(dictation)]
        assert numbers == list(range(len(numbers)))
        assert store.verify() == []
        store.delete_dictation(dictation)
    return Outcome(
        given=max((samples for samples, _ in given), default=0),
        due=max((samples for samples, moment in given if moment <= killed - 1.0), default=0),
        kept=len(kept),
        events_given=sum(line[0] == "event" for line in lines),
        events_kept=len(numbers),
    )
