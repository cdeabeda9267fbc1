"""Numbers of measurements: how the value after a name is said, and its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from dictation.clinical.templates import NUMBER, Stems, Template, number
from dictation.grammar.measurements import Measure, Measurements
from dictation.grammar.numerals import NumeralRules

# A number stands at most so many tokens behind its name, with so many words among them that mean nothing here.
_GAP = 16
_UNKNOWN = 4
_NUMERIC = re.compile(rf"({NUMBER})%?")
_DASHED = re.compile(r"(\d{2})[-–—](\d)")
# A word this like a digit's name (per cent) may be one misheard.
_SOUNDS = 70.0
STOPS = frozenset({".", ";", "?", "!"})
_COMMA = ","


@dataclass(frozen=True, slots=True)
class Reading:
    """A number in tokens `[start, end)`: one value, or two of a pair, in the unit said. `factor` turns them into the
    measurement's unit and is None where no unit was said."""

    start: int
    end: int
    values: tuple[float, ...]
    reasons: tuple[str, ...] = ()
    factor: float | None = None


class ValueReader:
    """Finds the number that belongs to a name."""

    def __init__(
        self, rules: Measurements, numbers: NumeralRules, templates: Callable[[tuple[str, ...]], Template]
    ) -> None:
        self._digits = [word for value in range(1, 10) for word in numbers.cardinals[value]]
        self._pair = re.compile(rules.pair)
        self._pair_words = frozenset(rules.pair_words)
        self._units = {m.kind: [(templates(u.say), u.factor) for u in m.units] for m in rules.measurements}
        self.any_unit = templates(tuple(say for m in rules.measurements for u in m.units for say in u.say))
        self._fillers = [
            templates(rules.fillers),
            templates(tuple(cue for cues in rules.sides.values() for cue in cues)),
            templates((*rules.today, *rules.again)),
        ]
        self._second_names = templates(rules.second_names)

    def pair(self, word: str) -> tuple[float, float] | None:
        """Both numbers of a pressure written as one token."""
        match = self._pair.fullmatch(word)
        return (float(match[1]), float(match[2])) if match else None

    def next(self, words: list[str], stems: Stems, start: int, limit: int, measure: Measure) -> Reading | None:
        """The first number after a token, with its unit; words in between that mean nothing leave a doubt."""
        unknown = 0
        i = start
        stopped = False
        while i < min(limit, start + _GAP) and unknown <= _UNKNOWN:
            reading = self._number(words, stems, i, limit, measure)
            if reading is not None:
                doubts = ("uncertain",) if unknown else ()
                return self._with_unit(
                    words, stems, replace(reading, reasons=(*doubts, *reading.reasons)), limit, measure
                )
            if stopped or (words[i] in STOPS and i != start):
                return None
            stopped = words[i] in STOPS
            filler = next((f for template in self._fillers if (f := template.at(stems, i, limit)) is not None), None)
            if filler is None and not stopped:
                if any(ch.isdigit() for ch in words[i]):
                    return None
                unknown += 1
            i = filler.end if filler is not None else i + 1
        return None

    def _number(self, words: list[str], stems: Stems, i: int, limit: int, measure: Measure) -> Reading | None:
        """What number begins at a token, read as this measurement is said."""
        word = words[i]
        if measure.second is not None and (pair := self.pair(word)) is not None:
            return Reading(i, i + 1, pair)
        dashed = _DASHED.fullmatch(word)
        if dashed and measure.digits == len(dashed[1]):
            return Reading(i, i + 1, (number(f"{dashed[1]},{dashed[2]}"),), ("ambiguous-number",))
        match = _NUMERIC.fullmatch(word)
        if match is None:
            return None
        value = number(match[1])
        if measure.second is not None:
            return self._spoken_pair(words, stems, i, limit, value)
        if (
            i + 2 < limit
            and words[i + 1] in self._pair_words
            and re.fullmatch(r"\d", words[i + 2])
            and value.is_integer()
        ):
            return Reading(i, i + 3, (number(f"{int(value)},{words[i + 2]}"),), ("ambiguous-number",))
        return Reading(i, i + 1, (value,))

    def _spoken_pair(self, words: list[str], stems: Stems, i: int, limit: int, value: float) -> Reading:
        """Two numbers of a pressure in tokens of their own: with a word between them, or (in doubt) without."""
        if i + 2 < limit and words[i + 1].lower() in self._pair_words and _NUMERIC.fullmatch(words[i + 2]):
            return Reading(i, i + 3, (value, number(words[i + 2].rstrip("%"))))
        if i + 1 < limit and re.fullmatch(r"\d{2,3}", words[i + 1]):
            return Reading(i, i + 2, (value, number(words[i + 1])), ("ambiguous-number",))
        second = i + 1
        while second < len(words) and (words[second] == _COMMA or words[second].lower() in self._pair_words):
            second += 1
        named = self._second_names.at(stems, second) if second < len(words) else None
        if named is not None and named.end < len(words) and _NUMERIC.fullmatch(words[named.end]):
            return Reading(i, named.end + 1, (value, number(words[named.end].rstrip("%"))))
        return Reading(i, i + 1, (value,), ("ambiguous-number",))

    def _with_unit(self, words: list[str], stems: Stems, reading: Reading, limit: int, measure: Measure) -> Reading:
        """A reading with the unit behind it, and the part in a smaller unit behind that ("9 кг 800 г")."""
        end, factor, mismatch = self.unit(stems, reading.end, limit, measure)
        values, reasons = reading.values, reading.reasons
        if mismatch:
            reasons += ("unit-mismatch",)
        elif end == reading.end < limit and self._goes_on(words[end], values[-1]):
            reasons += ("ambiguous-number",)
        elif factor is not None and len(measure.units) > 1 and end < limit and _NUMERIC.fullmatch(words[end]):
            rest = number(words[end].rstrip("%"))
            rest_end, rest_factor, _ = self.unit(stems, end + 1, limit, measure)
            if rest_factor is not None and rest_factor < factor and rest * rest_factor < factor:
                values, end, factor = (values[0] * factor + rest * rest_factor,), rest_end, 1.0
            elif rest_factor is None:
                reasons += ("ambiguous-number",)
        return Reading(reading.start, end, values, reasons, factor)

    def unit(self, stems: Stems, start: int, limit: int, measure: Measure) -> tuple[int, float | None, bool]:
        """Where the unit ends, its factor (None where none was said), and whether it is another quantity's."""
        best, factor = start, None
        for template, unit_factor in self._units[measure.kind]:
            found = template.at(stems, start, limit) if start < limit else None
            if found is not None and found.end > best:
                best, factor = found.end, unit_factor
        if (
            factor is None
            and start < limit
            and stems.text[stems.offsets[start] - 2 : stems.offsets[start] - 1] == "%"
        ):
            return start, (1.0 if measure.unit == "%" else None), measure.unit != "%"
        if factor is None and start < limit:
            other = self.any_unit.at(stems, start, limit)
            return start, None, other is not None
        return best, factor, False

    def _goes_on(self, following: str, value: float) -> bool:
        """Whether what follows a number may be a part of it: another number, or after a round one a word that sounds
        like the units it may have lost ("90 семье")."""
        if _NUMERIC.fullmatch(following):
            return True
        if value % 10 or not following.isalpha() or following.lower() in self._pair_words:
            return False
        alike = process.extractOne(following.lower(), self._digits, scorer=fuzz.ratio, score_cutoff=_SOUNDS)
        return alike is not None


def mended(measure: Measure, value: float) -> float | None:
    """A number whose decimal mark was lost ("366"), as the measurement would have it."""
    if measure.digits is None or not value.is_integer():
        return None
    digits = str(int(value))
    if len(digits) != measure.digits + 1:
        return None
    told = number(f"{digits[: measure.digits]},{digits[measure.digits :]}")
    return told if measure.possible[0] <= told <= measure.possible[1] else None
