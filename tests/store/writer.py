"""A program that dictates until it is killed: `python writer.py HOME SEED`. Its sound follows from the seed.

Prints `dictation ID`, then after every block `sound SAMPLES MONOTONIC` and after every event `event NUMBER`.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

from dictation.store import open_store

BLOCK = 512


def sound_of(seed: int, samples: int) -> np.ndarray:
    """The first samples of what the program of that seed says."""
    return np.random.default_rng(seed).integers(-20_000, 20_000, samples, dtype=np.int16)


def tell(*what: object) -> None:
    """A line for whoever started the program."""
    sys.stdout.write(" ".join(map(str, what)) + "\n")
    sys.stdout.flush()


def main(home: Path, seed: int) -> None:
    store = open_store(home=home)
    journal = store.begin("052u-visit")
    sound = sound_of(seed, 60 * 16_000)
    tell("dictation", journal.id)
    begun = time.monotonic()
    events = 0
    for end in range(BLOCK, len(sound), BLOCK):
        time.sleep(max(0.0, begun + end / 16_000 - time.monotonic()))
        journal.audio(sound[end - BLOCK : end])
        tell("sound", end, time.monotonic())
        if end % (BLOCK * 7) == 0:
            journal.event(end / 16_000, "focus", {"field": events})
            tell("event", events)
            events += 1


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
