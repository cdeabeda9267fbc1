"""How long each stage takes from transcript to record: milliseconds of one core for 100 words, and start-up.

    python benchmarks/stages.py TEXTS

TEXTS holds one dictation a line. Everything is warmed up once; processor time is counted, so that what else the
machine does matters little. Printed: the median over the texts of language, each clinical component, and forms.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from dictation.clinical.pipeline import to_doc
from dictation.forms.filler import fill
from dictation.session import Dictation
from dictation.speech.transcript import Transcript

Result = TypeVar("Result")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    texts = [line for line in parser.parse_args().texts.read_text(encoding="utf-8").splitlines() if line.strip()]
    begun = time.process_time()
    dictation = Dictation()
    dictation.extract("Жалоб нет.")
    print(f"start-up: {time.process_time() - begun:.2f} s")
    for text in texts:
        dictation.extract(text)
    spent: dict[str, list[float]] = defaultdict(list)
    for text in texts:
        measure(dictation, text, spent)
    for name, times in spent.items():
        print(f"{name:18} {statistics.median(times):7.2f} ms / 100 words")
    print(f"{'all':18} {sum(statistics.median(times) for times in spent.values()):7.2f} ms / 100 words")


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
        doc = timed(name, lambda component=component, doc=doc: component(doc))
    timed("forms", lambda: fill(dictation.form, written, doc, source="-", language=dictation.language))


if __name__ == "__main__":
    main()
