"""Whether a long dictation grows or falls behind: recordings, one after the other, through a live dictation.

    python -m benchmarks.endurance RECORDING... [--minutes 60] [--fast] [--texts TEXTS]

Sound is given in real time, as a microphone gives it (`--fast`: as soon as what was given is decoded), through a
journal into an encrypted store of its own. With `--texts`, a file with a dictation a line, nothing is recognised: the
words come from the file, and what is measured is everything but the model.

Printed every minute of sound: resident memory, seconds of processor, seconds behind the sound, finals so far. Memory
is looked at once a second; recognition takes and returns a hundred megabytes with every segment, so a minute's is the
median, and the most is told beside it. At the end the growth: the last five minutes against the fifth.
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.live import blocks_of
from benchmarks.scripted import ScriptedRecogniser
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


@dataclass
class Minute:
    """What a minute of sound took."""

    levels: list[float] = field(default_factory=list)
    behind: float = 0.0
    worked: float = field(default_factory=time.process_time)

    @property
    def level(self) -> float:
        return statistics.median(self.levels)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--fast", action="store_true")
    parser.add_argument("--texts", type=Path)
    arguments = parser.parse_args()
    keep_steady()
    dictation = Dictation()
    if arguments.texts:
        dictation.recogniser = ScriptedRecogniser(arguments.texts.read_text(encoding="utf-8").splitlines())
    dictation.load_recogniser()
    minutes: list[Minute] = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder) / "store.db", key_file=Path(folder) / "key")
        with store, store.begin("052u-visit") as journal:
            live = LiveDictation(dictation, journal=journal, live=not arguments.fast)
            begun, minute = time.monotonic(), Minute()
            for block in sound(arguments.recordings, 60 * arguments.minutes):
                late = time.monotonic() - begun - live.clock
                if late < 0 and not arguments.fast:
                    time.sleep(-late)
                minute.behind = max(minute.behind, late)
                live.accept(block)
                if live.clock >= 60 * len(minutes) + len(minute.levels) + 1:
                    minute.levels.append(resident())
                if live.clock >= 60 * (len(minutes) + 1):
                    minutes.append(minute)
                    _tell(len(minutes), minute, len(live.utterances), arguments.fast)
                    minute = Minute()
            live.finish()
    if len(minutes) > _WARM:
        last = [level for minute in minutes[-_WARM:] for level in minute.levels]
        growth = statistics.median(last) - minutes[_WARM - 1].level
        print(f"growth after {_WARM} min: {growth:.0f} MB, most {max(max(one.levels) for one in minutes):.0f} MB")


def _tell(number: int, minute: Minute, finals: int, fast: bool) -> None:
    behind = "" if fast else f", at most {minute.behind:.1f} s behind"
    print(
        f"{number} min: {minute.level:.0f} MB, at most {max(minute.levels):.0f}, "
        f"{time.process_time() - minute.worked:.1f} s of processor, {finals} finals{behind}",
        flush=True,
    )


if __name__ == "__main__":
    main()
