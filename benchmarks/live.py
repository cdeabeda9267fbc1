"""How soon text appears while somebody dictates: recordings played in real time through a live dictation.

    python -m benchmarks.live RECORDING... [--engine E] [--whole] [--pieces N] [--json]

A recording is taken apart at its pauses, and the pieces are dictated into fields of every kind in turn: short ones
into a number field, long ones (two with a breath of 0.6 s between them) into a narrative one, the others into none.
After each the speaker is silent for as long as ends the utterance and 1.5 s more; the silence is the recording's own.
With `--whole` it is played as it is, into no field.

The clock is that of the sound: block n is given when n blocks have been spoken. Printed: from the beginning of speech
to the first partial; from the end of the voice to the final, by kind of field; how many of the words shown as stable
the final had otherwise or not at all.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from dictation.audio.blocks import RATE, BlockBuffer, Samples
from dictation.audio.endpointing import CHUNK, DEFAULT, Endpointer, SpeechSegment
from dictation.audio.recording import Recording
from dictation.live import Final, LiveDictation
from dictation.memory import keep_steady
from dictation.session import Dictation
from dictation.speech.recogniser import END_OF_UTTERANCE, FieldKind, Partial
from dictation.speech.transcript import Utterance

# Silence beyond what ends an utterance: the speaker looks at what was heard.
_LOOKS = 1.5
_BREATH = 0.6
# The longest piece for a number field and the shortest for a narrative one, seconds of voice.
_SHORT, _LONG = 2.6, 4.5
# A pause that a recording is taken apart at.
_PARTED = 0.25
# Asked, seconds after the end of the utterance: half of all finals, 95 % of them.
_HALF, _MOST = 0.4, 1.2

_KEYS: dict[FieldKind, str | None] = {"number": "systolic", "narrative": "anamnesis-morbi", "other": None}


@dataclass(frozen=True, slots=True)
class Piece:
    """Something said into a field: its sound, and where in it the voice begins and ends, seconds."""

    kind: FieldKind
    samples: Samples
    begins: float
    ends: float

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


@dataclass
class Figures:
    """Seconds, and words counted, over all recordings."""

    first_partial: list[float] = field(default_factory=list)
    final: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    unheard: int = 0
    stable: int = 0
    changed: int = 0
    late: float = 0.0


@dataclass
class Shown:
    """What was shown, with the second of sound at which it was."""

    partials: list[tuple[float, Partial]] = field(default_factory=list)
    finals: list[tuple[float, Utterance]] = field(default_factory=list)


def sound_of(path: Path) -> Samples:
    with Recording(path) as recording:
        return np.concatenate(list(recording.blocks()))


def blocks_of(path: Path) -> list[Samples]:
    """A recording and three seconds of silence, in blocks of 32 ms."""
    return list(BlockBuffer(CHUNK).add(np.concatenate([sound_of(path), np.zeros(3 * RATE, dtype=np.float32)])))


def whole(path: Path) -> list[Piece]:
    """The recording as it is, into no field."""
    sound = sound_of(path)
    spoken = _segments(sound)
    quiet = _silence(sound, END_OF_UTTERANCE["other"] + _LOOKS)
    return [Piece("other", np.concatenate([sound, quiet]), spoken[0].voice_start, spoken[-1].voice_end)]


def pieces_of(path: Path) -> list[Piece]:
    """The recording taken apart at its pauses, for fields of every kind."""
    sound = sound_of(path)
    parts = [
        (sound[round(s.start * RATE) : round(s.voice_end * RATE)], s.voice_start - s.start, s.voice_end - s.start)
        for s in _segments(sound)
    ]
    made: list[Piece] = []
    while parts:
        samples, begins, ends = parts.pop(0)
        kind: FieldKind = "number" if ends - begins <= _SHORT else "narrative" if ends - begins >= _LONG else "other"
        if kind == "narrative" and parts and parts[0][2] <= _LONG:
            more, _, until = parts.pop(0)
            breath = _silence(sound, _BREATH)
            ends = (len(samples) + len(breath)) / RATE + until
            samples = np.concatenate([samples, breath, more])
        quiet = _silence(sound, END_OF_UTTERANCE[kind] + _LOOKS)
        made.append(Piece(kind, np.concatenate([samples, quiet]), begins, ends))
    return made


def _segments(sound: Samples) -> list[SpeechSegment]:
    endpointer = Endpointer(replace(DEFAULT, silence=_PARTED, soft_limit=DEFAULT.hard_limit))
    return [*endpointer.accept(sound), *endpointer.finish()]


def _silence(sound: Samples, seconds: float) -> Samples:
    """The quietest quarter of a second of the sound, to and fro."""
    size = RATE // 4
    starts = range(0, max(len(sound) - size, 1), size // 4)
    at = min(starts, key=lambda start: float(np.square(sound[start : start + size]).sum()))
    quiet = sound[at : at + size]
    there_and_back = np.concatenate([quiet, quiet[::-1]])
    return np.resize(there_and_back, round(seconds * RATE)).astype(np.float32)


def play(dictation: Dictation, pieces: list[Piece], by_field: bool) -> tuple[Shown, float]:
    """What was shown, and the most seconds that the program fell behind the sound."""
    shown, behind = Shown(), 0.0
    live = LiveDictation(dictation)
    begun = time.perf_counter()
    for number, block, piece in _blocks(pieces):
        spoken = number * CHUNK / RATE
        ahead = spoken - (time.perf_counter() - begun)
        if ahead > 0:
            time.sleep(ahead)
        behind = max(behind, -ahead)
        if piece and by_field:
            live.focus(_KEYS[piece.kind])
        for event in live.accept(block):
            now = time.perf_counter() - begun
            if isinstance(event, Partial):
                shown.partials.append((now, event))
            elif isinstance(event, Final):
                shown.finals.append((now, event.utterance))
    live.finish()
    shown.finals += [(time.perf_counter() - begun, late) for late in live.utterances[len(shown.finals) :]]
    return shown, behind


def _blocks(pieces: list[Piece]) -> Iterator[tuple[int, Samples, Piece | None]]:
    """Number from 1, block, and the piece where one begins."""
    buffer, number = BlockBuffer(CHUNK), 0
    for piece in pieces:
        beginning: Piece | None = piece
        for block in buffer.add(piece.samples):
            number += 1
            yield number, block, beginning
            beginning = None


def measure(pieces: list[Piece], shown: Shown, figures: Figures) -> None:
    start = 0.0
    for piece in pieces:
        end = start + piece.seconds
        begins, ends = start + piece.begins, start + piece.ends
        own = [
            when
            for when, final in shown.finals
            if final.start is not None and begins - 0.5 <= final.start < end - 0.5
        ]
        figures.unheard += not own
        if own:
            figures.final[piece.kind].append(max(own) - ends)
        partials = [when for when, _ in shown.partials if begins <= when < (own[0] if own else end)]
        if partials:
            figures.first_partial.append(partials[0] - begins)
        start = end
    _measure_stable(shown, figures)


def _measure_stable(shown: Shown, figures: Figures) -> None:
    """What was shown between two finals belongs to the second one."""
    before = 0.0
    for when, final in shown.finals:
        own = [partial for at, partial in shown.partials if before < at <= when]
        if own:
            stable = [_plain(word) for word in own[-1].text.split()[: own[-1].stable]]
            figures.stable += len(stable)
            figures.changed += _not_kept(stable, [_plain(word.text) for word in final.words])
        before = when


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


def results(figures: Figures) -> dict[str, object]:
    finals = {
        f"final, s after the voice, {kind} (asked {END_OF_UTTERANCE[kind] + _HALF:.1f}, p95 "
        f"{END_OF_UTTERANCE[kind] + _MOST:.1f})": distribution(figures.final[kind])
        for kind in _KEYS
    }
    return {
        "first partial, s after speech begins": distribution(figures.first_partial),
        **finals,
        "pieces without a final": figures.unheard,
        "stable words shown": figures.stable,
        "stable words changed": round(figures.changed / max(figures.stable, 1), 4),
        "most seconds behind the sound": round(figures.late, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.live", description="How soon text appears while somebody dictates."
    )
    parser.add_argument("recordings", nargs="+", type=Path)
    parser.add_argument("--engine")
    parser.add_argument("--language", default="ru")
    parser.add_argument("--whole", action="store_true", help="as recorded, into no field")
    parser.add_argument("--pieces", type=int, help="only the first N pieces of every recording")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    keep_steady()
    dictation = Dictation(language=arguments.language, engine=arguments.engine)
    dictation.extract("Жалоб нет.")
    figures = Figures()
    for path in arguments.recordings:
        pieces = (whole(path) if arguments.whole else pieces_of(path))[: arguments.pieces]
        shown, behind = play(dictation, pieces, by_field=not arguments.whole)
        figures.late = max(figures.late, behind)
        measure(pieces, shown, figures)
    result = results(figures)
    if arguments.json:
        print(json.dumps(result, ensure_ascii=False))
        return
    table = Table("figure", "value")
    for name, value in result.items():
        table.add_row(name, str(value))
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
