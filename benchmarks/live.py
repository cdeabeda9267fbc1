"""How soon text appears while somebody dictates: recordings played in real time through a live dictation.

    python benchmarks/live.py RECORDING... [--engine E] [--field KEY] [--json]

The clock is that of the sound: block n is given when n blocks have been spoken, and everything shown is set against
the seconds of sound at that moment. Printed, as distributions: from the beginning of speech to the first partial;
from the end of the last word to the final, for utterances ended by a pause and for pieces cut from long speech; and
how many of the words shown as stable were changed by the final.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from dictation.audio.blocks import RATE, BlockBuffer, Samples
from dictation.audio.endpointing import CHUNK
from dictation.audio.recording import Recording
from dictation.live import Final, LiveDictation
from dictation.session import Dictation
from dictation.speech.recogniser import Partial
from dictation.speech.transcript import Utterance

# Silence played after the recording, so that its last utterance ends by a pause.
_AFTERWARDS = 3.0
# A gap between two finals so short means that a cut parted them, not a pause.
_CUT = 0.35


@dataclass
class Figures:
    """Seconds, and words counted, over all recordings."""

    first_partial: list[float] = field(default_factory=list)
    final: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    stable: int = 0
    changed: int = 0
    late: float = 0.0


@dataclass
class Shown:
    """What was shown of one recording, with the second of sound at which it was."""

    partials: list[tuple[float, Partial]] = field(default_factory=list)
    finals: list[tuple[float, Utterance]] = field(default_factory=list)


def blocks_of(path: Path) -> list[Samples]:
    buffer = BlockBuffer(CHUNK)
    with Recording(path) as recording:
        found = [piece for block in recording.blocks() for piece in buffer.add(block)]
    return [*found, *[np.zeros(CHUNK, dtype=np.float32)] * round(_AFTERWARDS * RATE / CHUNK)]


def play(dictation: Dictation, blocks: list[Samples], key: str | None) -> tuple[Shown, float]:
    """What was shown, and the most seconds that the program fell behind the sound."""
    shown, behind = Shown(), 0.0
    live = LiveDictation(dictation)
    if key:
        list(live.focus(key))
    begun = time.perf_counter()
    for number, block in enumerate(blocks, 1):
        spoken = number * CHUNK / RATE
        ahead = spoken - (time.perf_counter() - begun)
        if ahead > 0:
            time.sleep(ahead)
        behind = max(behind, -ahead)
        for event in live.accept(block):
            now = time.perf_counter() - begun
            if isinstance(event, Partial):
                shown.partials.append((now, event))
            elif isinstance(event, Final):
                shown.finals.append((now, event.utterance))
    live.finish()
    shown.finals += [(time.perf_counter() - begun, late) for late in live.utterances[len(shown.finals) :]]
    return shown, behind


def measure(shown: Shown, figures: Figures) -> None:
    previous_end = 0.0
    for number, (when, final) in enumerate(shown.finals):
        start, end = final.start or 0.0, final.end or 0.0
        following = shown.finals[number + 1][1].start if number + 1 < len(shown.finals) else None
        cut = following is not None and following - end < _CUT
        figures.final["cut from long speech" if cut else "ended by a pause"].append(when - end)
        own = [(at, partial) for at, partial in shown.partials if previous_end < at <= when]
        if own and (number == 0 or start - previous_end >= _CUT):
            figures.first_partial.append(own[0][0] - start)
        if own:
            stable = own[-1][1].text.split()[: own[-1][1].stable]
            said = [_plain(word.text) for word in final.words]
            figures.stable += len(stable)
            figures.changed += _not_kept([_plain(word) for word in stable], said)
        previous_end = when


def _not_kept(shown: list[str], said: list[str]) -> int:
    """Words shown that the final has not, or has otherwise; what follows them in the final is no change."""
    kept = sum(block.size for block in Levenshtein.editops(shown, said).as_matching_blocks())
    return len(shown) - kept


def _plain(word: str) -> str:
    return word.lower().strip(".,:;!?")


def distribution(values: list[float]) -> dict[str, float]:
    if not values:
        return {"n": 0}
    quantiles = {f"p{q}": round(float(np.percentile(values, q)), 2) for q in (50, 90, 95)}
    return {"n": len(values), **quantiles, "max": round(max(values), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--engine")
    parser.add_argument("--language", default="ru")
    parser.add_argument("--field", help="the active field throughout")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    dictation = Dictation(language=arguments.language, engine=arguments.engine)
    dictation.extract("Жалоб нет.")
    figures = Figures()
    for path in arguments.recordings:
        shown, behind = play(dictation, blocks_of(path), arguments.field)
        figures.late = max(figures.late, behind)
        measure(shown, figures)
    result = {
        "first partial, s after speech begins": distribution(figures.first_partial),
        **{f"final, s after the last word, {kind}": distribution(times) for kind, times in figures.final.items()},
        "stable words shown": figures.stable,
        "stable words changed": round(figures.changed / max(figures.stable, 1), 4),
        "most seconds behind the sound": round(figures.late, 2),
    }
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    table = Table()
    table.add_column("figure")
    table.add_column("value")
    for name, value in result.items():
        table.add_row(name, str(value))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
