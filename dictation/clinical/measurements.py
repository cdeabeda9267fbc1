"""The component `med_measurements`: numbers bound to the names they were said with, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process
from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.facts import Measurement, Section, get, put
from dictation.clinical.templates import NUMBER, Stems, Template, number
from dictation.grammar.endings import stemmer
from dictation.grammar.measurements import Measure, Measurements, measurements
from dictation.grammar.numerals import NumeralRules, numerals

# Tokens that may stand between a name and its number, and between two numbers of one name.
_GAP = 6
_NUMERIC = re.compile(rf"({NUMBER})%?")
_DASHED = re.compile(r"(\d{2})[-–—](\d)")
# So many words right behind a value may still tell whose it is ("170/100 дома").
_BEHIND = 2
# A word this like a digit's name (per cent) may be one misheard.
_SOUNDS = 66.0
_STOPS = frozenset({".", ";", "?", "!"})


@Language.factory("med_measurements", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> MeasurementReader:  # noqa: ARG001 — spaCy passes both
    return MeasurementReader(measurements(language), numerals(language), stemmer(language))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a measurement in tokens `[start, end)`; `noun` where it may be said without a number."""

    start: int
    end: int
    measure: Measure
    noun: bool


@dataclass(frozen=True, slots=True)
class _Reading:
    """A number in tokens `[start, end)`: one value, or two of a pair."""

    start: int
    end: int
    values: tuple[float, ...]
    reasons: tuple[str, ...] = ()


class MeasurementReader:
    """Puts `Measurement` facts. Reasons: no-value, ambiguous-number, out-of-range, unit-mismatch, uncertain,
    contradiction."""

    def __init__(self, rules: Measurements, numbers: NumeralRules, stem: Callable[[str], str]) -> None:
        self._rules = rules
        self._stem = stem
        self._digits = [word for value in range(1, 10) for word in numbers.cardinals[value]]
        self._pair = re.compile(rules.pair)

        def templates(wordings: tuple[str, ...]) -> Template:
            return Template(wordings, stem)

        self._names = [(m, templates(m.names), False) for m in rules.measurements if m.names]
        self._names += [(m, templates(m.nouns), True) for m in rules.measurements if m.nouns]
        self._units = {m.kind: [(templates(u.say), u.factor) for u in m.units] for m in rules.measurements}
        self._sided = frozenset(m.kind for m in rules.measurements if m.sided)
        self._all_units = templates(tuple(say for m in rules.measurements for u in m.units for say in u.say))
        self._fillers = templates(rules.fillers)
        self._not_after = templates(rules.not_after)
        self._changes = templates(rules.changes)
        self._subjects = {subject: templates(cues) for subject, cues in rules.subjects.items()}
        self._right_before = {subject: templates(cues) for subject, cues in rules.right_before.items()}
        self._loose = templates(rules.loose)
        self._today = templates(rules.today)
        self._sides = {side: templates(cues) for side, cues in rules.sides.items()}
        self._any_side = templates(tuple(cue for cues in rules.sides.values() for cue in cues))
        self._pair_words = frozenset(rules.pair_words)

    def __call__(self, doc: Doc) -> Doc:
        put(doc, Measurement, self.read([token.text for token in doc], get(doc, Section)))
        return doc

    def read(self, words: list[str], sections: list[Section]) -> list[Measurement]:
        """The measurements of a text given as tokens, in text order."""
        stems = Stems(words, self._stem)
        names = list(self._found_names(stems))
        taken: set[int] = set()
        facts: list[Measurement] = []
        for i, name in enumerate(names):
            limit = names[i + 1].start if i + 1 < len(names) else len(words)
            section = _section_at(sections, name.start)
            if section is not None:
                limit = min(limit, section.end)
            bound = list(self._bind(words, stems, name, limit))
            if not bound and self._lost(stems, names, i, limit):
                bound = [self._without_value(name, stems)]
            for fact in bound:
                facts.append(self._placed(stems, name, fact, section))
                taken.update(range(fact.start, fact.end))
        facts.extend(self._nameless_pressure(words, stems, taken, sections))
        return _contradictions(sorted(facts, key=lambda fact: (fact.start, fact.end)), self._sided)

    def _found_names(self, stems: Stems) -> Iterator[_Name]:
        """Names in text order, the longest where several overlap."""
        found = [
            _Name(f.start, f.end, measure, noun)
            for measure, template, noun in self._names
            for f in template.within(stems, 0, len(stems.stems))
        ]
        end = 0
        for name in sorted(found, key=lambda n: (n.start, -n.end)):
            if name.start >= end:
                end = name.end
                before = max(0, name.start - 2)
                other = self._not_after.last(stems, before, name.start)
                if other is None or other.end != name.start:
                    yield name

    def _bind(self, words: list[str], stems: Stems, name: _Name, limit: int) -> Iterator[Measurement]:
        """The value after a name; for a sided measurement the one of each side."""
        position = name.end
        side: str | None = None
        first = True
        while True:
            reading, doubts = self._next_number(words, stems, position, limit, name.measure)
            if reading is None:
                return
            side = self._side(stems, position, reading.start) or side
            if not first and self._side(stems, position, reading.start) is None:
                return
            fact_end, factor, mismatch = self._unit(stems, reading.end, limit, name.measure)
            reasons = (*doubts, *reading.reasons, *(("unit-mismatch",) if mismatch else ()))
            if (
                not mismatch
                and fact_end == reading.end < limit
                and self._goes_on(words[fact_end], reading.values[-1])
            ):
                reasons += ("ambiguous-number",)
            start = name.start if first else reading.start
            yield from self._facts(name.measure, reading, (start, fact_end), factor, reasons, side)
            if not name.measure.sided and name.measure.second is None:
                return
            first, position = False, fact_end

    def _facts(
        self,
        measure: Measure,
        reading: _Reading,
        place: tuple[int, int],
        factor: float | None,
        reasons: tuple[str, ...],
        side: str | None,
    ) -> Iterator[Measurement]:
        kinds = [measure, *([self._rules.get(measure.second)] if measure.second else [])]
        if len(reading.values) == 2 and reading.values[0] <= reading.values[1]:
            reasons += ("ambiguous-number",)
        for kind, value in zip(kinds, reading.values, strict=False):
            doubts = reasons
            said = round(value * (factor or 1.0), 4)
            if not kind.possible[0] <= said <= kind.possible[1]:
                mended = _mended(kind, said)
                doubts += ("ambiguous-number",) if mended is not None else ("out-of-range",)
                said = said if mended is None else mended
            yield Measurement(
                start=place[0],
                end=place[1],
                reasons=tuple(dict.fromkeys(doubts)),
                kind=kind.kind,
                value=said,
                unit=kind.unit,
                unit_said=factor is not None,
                side=side,
            )
        for kind in kinds[len(reading.values) :]:
            yield Measurement(*place, ("no-value",), kind.kind, None, kind.unit, side=side)

    def _next_number(
        self, words: list[str], stems: Stems, start: int, limit: int, measure: Measure
    ) -> tuple[_Reading | None, tuple[str, ...]]:
        """The first number after a name, and whether words in between leave a doubt."""
        doubts: tuple[str, ...] = ()
        i = start
        stopped = False
        while i < min(limit, start + _GAP):
            reading = self._number(words, i, limit, measure)
            if reading is not None:
                return reading, doubts
            if stopped or (words[i] in _STOPS and i != start):
                return None, ()
            stopped = words[i] in _STOPS
            filler = self._fillers.at(stems, i, limit) or self._any_side.at(stems, i, limit)
            if filler is None and not stopped:
                if any(ch.isdigit() for ch in words[i]):
                    return None, ()
                doubts = ("uncertain",)
            i = filler.end if filler is not None else i + 1
        return None, ()

    def _number(self, words: list[str], i: int, limit: int, measure: Measure) -> _Reading | None:
        """What number begins at a token, read as this measurement is said."""
        word = words[i]
        if measure.second is not None:
            pair = self._pair.fullmatch(word)
            if pair:
                return _Reading(i, i + 1, (float(pair[1]), float(pair[2])))
        dashed = _DASHED.fullmatch(word)
        if dashed and measure.digits == len(dashed[1]):
            return _Reading(i, i + 1, (number(f"{dashed[1]},{dashed[2]}"),), ("ambiguous-number",))
        match = _NUMERIC.fullmatch(word)
        if match is None:
            return None
        value = number(match[1])
        if measure.second is not None:
            return self._spoken_pair(words, i, limit, value)
        if (
            i + 2 < limit
            and words[i + 1] in self._pair_words
            and re.fullmatch(r"\d", words[i + 2])
            and value.is_integer()
        ):
            return _Reading(i, i + 3, (number(f"{int(value)},{words[i + 2]}"),), ("ambiguous-number",))
        return _Reading(i, i + 1, (value,))

    def _spoken_pair(self, words: list[str], i: int, limit: int, value: float) -> _Reading:
        """Two numbers of a pressure in tokens of their own: with a word between them, or (in doubt) without."""
        if i + 2 < limit and words[i + 1].lower() in self._pair_words and _NUMERIC.fullmatch(words[i + 2]):
            return _Reading(i, i + 3, (value, number(words[i + 2].rstrip("%"))))
        if i + 1 < limit and re.fullmatch(r"\d{2,3}", words[i + 1]):
            return _Reading(i, i + 2, (value, number(words[i + 1])), ("ambiguous-number",))
        return _Reading(i, i + 1, (value,), ("ambiguous-number",))

    def _unit(self, stems: Stems, start: int, limit: int, measure: Measure) -> tuple[int, float | None, bool]:
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
            other = self._all_units.at(stems, start, limit)
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

    def _side(self, stems: Stems, start: int, end: int) -> str | None:
        for side, template in self._sides.items():
            if template.last(stems, start, end) is not None:
                return side
        return None

    def _is_change(self, stems: Stems, start: int) -> bool:
        before = self._changes.last(stems, max(0, start - 2), start)
        return before is not None and before.end == start

    def _placed(self, stems: Stems, name: _Name, fact: Measurement, section: Section | None) -> Measurement:
        """The fact with its subject; a doubt about a value that fills nothing is no doubt."""
        subject, doubts = self._subject(stems, name, fact, section)
        return replace(fact, subject=subject, reasons=(*fact.reasons, *doubts) if subject == "today" else ())

    def _subject(
        self, stems: Stems, name: _Name, fact: Measurement, section: Section | None
    ) -> tuple[str, tuple[str, ...]]:
        """Whose and when, by the cues of the clause and the section."""
        begin = _clause_start(stems, name.start)
        number_at = next((i for i in range(fact.start, fact.end) if stems.stems[i][:1].isdigit()), fact.end)
        if self._is_change(stems, number_at):
            return "other", ()
        after = fact.end
        while after < min(len(stems.stems), fact.end + _BEHIND) and stems.stems[after].isalpha():
            after += 1
        for subject, template in self._subjects.items():
            if template.last(stems, begin, after) is not None:
                return subject, ()
        by_section = self._rules.sections.get(section.kind, "today") if section is not None else None
        for subject, template in self._right_before.items():
            before = template.last(stems, max(0, number_at - 2), number_at)
            if before is not None and before.end == number_at:
                return ("today", ("uncertain",)) if (by_section, subject) == ("today", "past") else (subject, ())
        if by_section == "today":
            return "today", ()
        if self._today.last(stems, begin, fact.start) is not None:
            return "today", ("uncertain",) if by_section is not None else ()
        if by_section is None:
            return ("past", ()) if self._loose.last(stems, begin, fact.end) is not None else ("today", ())
        return by_section, ()

    def _lost(self, stems: Stems, names: list[_Name], i: int, limit: int) -> bool:
        """Whether a name without a number must have had one: its unit is there, or it ends where the next
        measurement begins or the sentence stops in a row of measurements, or unread digits follow."""
        name = names[i]
        if name.noun:
            return False
        end = next((t for t in range(name.end, limit) if stems.stems[t] in _STOPS), limit)
        if any(self._all_units.at(stems, t, end) for t in range(name.end, min(end, name.end + _GAP))):
            return True
        if any(ch.isdigit() for word in stems.stems[name.end : min(end, name.end + 3)] for ch in word):
            return True
        neighbours = [n for n in names[max(0, i - 1) : i + 2] if n is not name and abs(n.start - name.end) <= _GAP]
        rest = [word for word in stems.stems[name.end : end] if word.isalnum()]
        return bool(neighbours) and not rest

    def _without_value(self, name: _Name, stems: Stems) -> Measurement:
        side = self._side(stems, name.start, min(len(stems.stems), name.end + 2))
        return Measurement(name.start, name.end, ("no-value",), name.measure.kind, None, name.measure.unit, side=side)

    def _nameless_pressure(
        self, words: list[str], stems: Stems, taken: set[int], sections: list[Section]
    ) -> Iterator[Measurement]:
        """ "160/95 мм рт. ст." without a name is a blood pressure; a bare pair of numbers is not."""
        for measure in self._rules.measurements:
            if measure.second is None:
                continue
            for i, word in enumerate(words):
                pair = self._pair.fullmatch(word) if i not in taken else None
                if pair is None:
                    continue
                end, factor, _ = self._unit(stems, i + 1, len(words), measure)
                if factor is None:
                    continue
                reading = _Reading(i, i + 1, (float(pair[1]), float(pair[2])))
                name = _Name(i, i, measure, noun=True)
                for fact in self._facts(measure, reading, (i, end), factor, (), None):
                    yield self._placed(stems, name, fact, _section_at(sections, i))


def _section_at(sections: list[Section], token: int) -> Section | None:
    return next((s for s in sections if s.start <= token < s.end), None)


def _clause_start(stems: Stems, start: int) -> int:
    """The start of the clause: after a full stop, or after the last number, which was another value's."""
    i = start
    while i > 0 and stems.stems[i - 1] not in _STOPS and not re.fullmatch(rf"{NUMBER}%?|\d+/\d+", stems.stems[i - 1]):
        i -= 1
    return i


def _mended(measure: Measure, value: float) -> float | None:
    """A number whose decimal mark was lost ("366"), as the measurement would have it."""
    if measure.digits is None or not value.is_integer():
        return None
    digits = str(int(value))
    if len(digits) != measure.digits + 1:
        return None
    mended = number(f"{digits[: measure.digits]},{digits[measure.digits :]}")
    return mended if measure.possible[0] <= mended <= measure.possible[1] else None


def _contradictions(facts: list[Measurement], sided: frozenset[str]) -> list[Measurement]:
    """Today's values of one kind (for eyes, of one side) that differ all ask for a look."""
    said: dict[tuple[str, str | None], set[float]] = {}

    def key(fact: Measurement) -> tuple[str, str | None]:
        return fact.kind, fact.side if fact.kind in sided else None

    for fact in facts:
        if fact.subject == "today" and fact.value is not None:
            said.setdefault(key(fact), set()).add(fact.value)
    return [
        replace(fact, reasons=(*fact.reasons, "contradiction"))
        if fact.subject == "today" and len(said.get(key(fact), ())) > 1
        else fact
        for fact in facts
    ]
