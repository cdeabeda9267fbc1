"""Whether a long dictation grows or falls behind: recordings, one after the other, through a live dictation.

    python -m benchmarks.endurance RECORDING... [--minutes 60] [--fast]

Sound is given in real time, as a microphone gives it (`--fast`: as soon as what was given is decoded), through a
journal into an encrypted store of its own. Printed every minute of sound: resident memory, seconds behind the sound,
finals so far; at the end the growth after the first five minutes.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.live import blocks_of
from dictation.audio.blocks import RATE, Samples
from dictation.live import LiveDictation
from dictation.memory import keep_steady
from dictation.session import Dictation
from dictation.store import open_store

_WARM = 5


def resident() -> float:
    """Memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def sound(recordings: list[Path], seconds: float) -> Iterator[Samples]:
    """So many seconds of the recordings, again and again."""
    endless = (block for path in itertools.cycle(recordings) for block in blocks_of(path))
    given = 0
    for block in endless:
        if given >= seconds * RATE:
            return
        given += len(block)
        yield block


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--fast", action="store_true")
    arguments = parser.parse_args()
    keep_steady()
    dictation = Dictation()
    dictation.load_recogniser()
    levels: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.db", key_file=Path(folder) / "key")
        with store, store.begin("052u-visit") as journal:
            live = LiveDictation(dictation, journal=journal, live=not arguments.fast)
            begun, behind = time.monotonic(), 0.0
            for block in sound(arguments.recordings, 60 * arguments.minutes):
                late = time.monotonic() - begun - live.clock
                if late < 0 and not arguments.fast:
                    time.sleep(-late)
                behind = max(behind, late)
                live.accept(block)
                if live.clock >= 60 * (len(levels) + 1):
                    levels.append(resident())
                    told = "" if arguments.fast else f", at most {behind:.1f} s behind"
                    print(f"{len(levels)} min: {levels[-1]:.0f} MB, {len(live.utterances)} finals{told}", flush=True)
                    behind = 0.0
            live.finish()
    if len(levels) > _WARM:
        print(
            f"growth after {_WARM} min: {max(levels[_WARM:]) - levels[_WARM - 1]:.0f} MB, most {max(levels):.0f} MB"
        )


if __name__ == "__main__":
    main()
