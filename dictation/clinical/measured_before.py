"""Values said before their names: "тридцать семь и девять температура, девяносто семь сатурация"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dictation.clinical.measured_values import STOPS, Reading, ValueReader
from dictation.clinical.templates import Stems
from dictation.grammar.measurements import Measure

# A number begins at most so many tokens before the name: itself, and a unit.
_LONGEST = 4
_MARKS = STOPS | {","}


class MeasureName(Protocol):
    """Tokens `[start, end)` that name a measurement."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def measure(self) -> Measure: ...


@dataclass(frozen=True, slots=True)
class ValuesBefore:
    """By the place of a name, the number before it where that can be nothing but its value; and the names of which
    nobody knows whether their numbers stand before or behind them."""

    readings: Mapping[int, Reading] = field(default_factory=dict)
    doubtful: frozenset[int] = frozenset()


def values_before(
    words: Sequence[str], stems: Stems, names: Sequence[MeasureName], values: ValueReader, edges: frozenset[int]
) -> ValuesBefore:
    """Rows of numbers and names in turn that begin with a number which is no other name's and end with a name without
    one. Between two marks such a row can be read in one way only; `edges` are the tokens where a section begins."""
    readings: dict[int, Reading] = {}
    doubtful: set[int] = set()
    ends = {name.end for name in names}
    row: list[tuple[MeasureName, Reading]] = []
    for place, name in enumerate(names):
        reading = _before(words, stems, name, values)
        if row and not _goes_on(words, row[-1][0].end, reading):
            row = []
        if reading is None or (not row and _past_mark(words, reading.start, back=True) in ends):
            row = []
            continue
        row.append((name, reading))
        after = names[place + 1] if place + 1 < len(names) else None
        if after is not None and _goes_on(words, name.end, _before(words, stems, after, values)):
            continue
        end = _past_mark(words, name.end)
        numbered = end < len(words) and end not in edges and words[end][:1].isdigit()
        marked = _is_edge(words, row[0][1].start, edges, back=True) and _is_edge(words, name.end, edges)
        if marked and not numbered:
            readings.update({one.start: value for one, value in row})
        elif len(row) > 1 and (marked or not numbered):
            doubtful.update(one.start for one, _ in row)
        row = []
    return ValuesBefore(readings, frozenset(doubtful))


def _before(words: Sequence[str], stems: Stems, name: MeasureName, values: ValueReader) -> Reading | None:
    """The number that ends where the name begins, as its value."""
    measure = name.measure
    for start in range(name.start - 1, max(-1, name.start - 1 - _LONGEST), -1):
        if not words[start][:1].isdigit():
            continue
        reading = values.next(list(words), stems, start, name.start, measure)
        if reading is None or (reading.start, reading.end) != (start, name.start) or reading.reasons:
            return None
        whole = len(reading.values) == 1 + (measure.second is not None)
        plausible = measure.plausible(reading.values[0] * (reading.factor or 1.0), None)
        return reading if whole and plausible else None
    return None


def _goes_on(words: Sequence[str], end: int, reading: Reading | None) -> bool:
    """Whether the number of the next name stands right behind the end of one, a mark between them at most."""
    return reading is not None and reading.start in (end, _past_mark(words, end))


def _past_mark(words: Sequence[str], at: int, *, back: bool = False) -> int:
    if back:
        return at - (at > 0 and words[at - 1] in _MARKS)
    return at + (at < len(words) and words[at] in _MARKS)


def _is_edge(words: Sequence[str], at: int, edges: frozenset[int], *, back: bool = False) -> bool:
    """Whether a mark, a section or the text ends at `at`, or begins there."""
    if at in edges or at in (0, len(words)):
        return True
    return words[at - 1 if back else at] in _MARKS
