"""How long each stage takes from transcript to record: milliseconds of one core for 100 words; start-up and memory.

    python benchmarks/stages.py TEXTS

TEXTS holds one dictation a line. Everything is warmed up once; processor time is counted, so that what else the
machine does matters little. Printed: start-up in its parts, a first diagnosis included, the memory (where the system
tells it) that code and lexicons take, and the median over the texts of language, each clinical component, and forms.
A second run shows the usual start-up: the first one makes what is kept for the next.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

_BEGUN = time.process_time()

from dictation.clinical.pipeline import to_doc  # noqa: E402 - the imports are timed as well
from dictation.forms.filler import fill  # noqa: E402 - timed
from dictation.session import Dictation  # noqa: E402 - timed
from dictation.speech.transcript import Transcript  # noqa: E402 - timed

_IMPORTED = time.process_time()
FIRST = "Жалоб нет. Диагноз: гипертоническая болезнь второй стадии. Лозартан пятьдесят миллиграмм утром."
STATUS = Path("/proc/self/status")

Result = TypeVar("Result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    texts = [line for line in parser.parse_args().texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    code = resident()
    dictation = Dictation()
    steps = [_BEGUN, _IMPORTED]
    for load in (lambda: dictation.writer, lambda: dictation.pipeline, lambda: dictation.extract(FIRST)):
        load()
        steps.append(time.process_time())
    for name, begun, done in zip(("imports", "language", "clinical", "first text"), steps, steps[1:], strict=False):
        print(f"start-up: {name:12} {done - begun:5.2f} s")
    print(f"start-up: {'without code':12} {steps[-1] - _IMPORTED:5.2f} s")
    print(f"memory: code {code:.0f} MB, lexicons {resident() - code:.0f} MB")
    for text in texts:
        dictation.extract(text)
    spent: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        measure(dictation, text, spent)
    for name, times in spent.items():
        print(f"{name:18} {statistics.median(times):7.2f} ms / 100 words")
    print(f"{'all':18} {sum(statistics.median(times) for times in spent.values()):7.2f} ms / 100 words")


def resident() -> float:
    """The memory of this process in MB; 0 where the system does not tell it so."""
    lines = STATUS.read_text(encoding="utf-8").splitlines() if STATUS.is_file() else []
    return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS"))


def measure(dictation: Dictation, text: str, spent: dict[str, list[float]]) -> None:
    """The time of every stage for one text, added to `spent`."""
    words = len(text.split())

    def timed(name: str, work: Callable[[], Result]) -> Result:
        begun = time.process_time()
        result = work()
        spent[name].append((time.process_time() - begun) * 1000 / words * 100)
        return result

    transcript = Transcript.from_text(text)
    written = timed("language", lambda: dictation.writer(transcript))
    doc = to_doc(dictation.pipeline, written)
    for name, component in dictation.pipeline.pipeline:
        doc = timed(name, partial(component, doc))
    timed("forms", lambda: fill(dictation.form, written, doc, source="-", language=dictation.language))


if __name__ == "__main__":
    main()
