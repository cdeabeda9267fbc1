"""The component `med_measurements`: numbers bound to the names they were said with, and whose they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.facts import Measurement, Section, get, put
from dictation.clinical.focus import Focus, get_focus
from dictation.clinical.measured_before import values_before
from dictation.clinical.measured_together import UNSAID, settled
from dictation.clinical.measured_values import STOPS, Reading, ValueReader, mended
from dictation.clinical.templates import NUMBER, Stems, Template
from dictation.grammar.endings import stemmer
from dictation.grammar.measurements import Measure, Measurements, measurements
from dictation.grammar.numerals import NumeralRules, numerals

# Digits so few tokens behind a name without a value may be its own.
_REACH = 8
_MARKS = frozenset(",-–—")
# So many words right behind a value may still tell whose it is ("170/100 дома").
_BEHIND = 2
# Where a section holds today's values, a cue further before the name than so many tokens belongs to something else.
_NEAR = 3


@Language.factory("med_measurements", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> MeasurementReader:  # noqa: ARG001 — spaCy passes both
    return MeasurementReader(measurements(language), numerals(language), stemmer(language))


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a measurement in tokens `[start, end)`; `noun` where it may be said without a number, `verb` where
    only a number in its unit is its value."""

    start: int
    end: int
    measure: Measure
    noun: bool
    verb: bool = False


class MeasurementReader:
    """Puts `Measurement` facts. Reasons: no-value, ambiguous-number, out-of-range, unit-mismatch, uncertain,
    contradiction."""

    def __init__(self, rules: Measurements, numbers: NumeralRules, stem: Callable[[str], str]) -> None:
        self._rules = rules
        self._stem = stem

        def templates(wordings: tuple[str, ...]) -> Template:
            return Template(wordings, stem)

        self._names = [(m, templates(m.names), False, False) for m in rules.measurements if m.names]
        self._names += [(m, templates(m.nouns), True, False) for m in rules.measurements if m.nouns]
        self._names += [(m, templates(m.verbs), True, True) for m in rules.measurements if m.verbs]
        self._values = ValueReader(rules, numbers, templates)
        self._sided = frozenset(m.kind for m in rules.measurements if m.sided)
        self._not_after = templates(rules.not_after)
        self._changes = templates(rules.changes)
        self._subjects = {subject: templates(cues) for subject, cues in rules.subjects.items()}
        self._right_before = {subject: templates(cues) for subject, cues in rules.right_before.items()}
        self._loose = templates(rules.loose)
        self._today = templates(rules.today)
        self._times = templates((*rules.subjects.get("past", ()), *rules.subjects.get("home", ())))
        self._sides = {side: templates(cues) for side, cues in rules.sides.items()}
        self._again = templates(rules.again)

    def __call__(self, doc: Doc) -> Doc:
        put(doc, Measurement, self.read([token.text for token in doc], get(doc, Section), get_focus(doc)))
        return doc

    def read(self, words: list[str], sections: list[Section], focused: Sequence[Focus] = ()) -> list[Measurement]:
        """The measurements of a text given as tokens, in text order."""
        stems = Stems(words, self._stem)
        names = list(self._found_names(stems))
        edges = frozenset(edge for section in sections for edge in (section.start, section.end))
        before = values_before(words, stems, [name for name in names if not name.verb], self._values, edges)
        taken = {t for reading in before.readings.values() for t in range(reading.start, reading.end)}
        facts: list[Measurement] = []
        for i, name in enumerate(names):
            if name.start in taken:
                continue
            if reading := before.readings.get(name.start):
                said = list(self._facts(name.measure, replace(reading, end=name.end), reading.start, None))
                section = _section_at(sections, name.start)
                facts.extend(self._placed(stems, replace(name, start=reading.start), said, section))
                continue
            limit = _limit(words, names, i)
            section = _section_at(sections, name.start)
            if section is not None:
                limit = min(limit, section.end)
            bound = list(self._bind(words, stems, name, limit))
            if name.start in before.doubtful:
                bound = [replace(fact, reasons=(*fact.reasons, "uncertain")) for fact in bound]
            if not bound and self._lost(stems, names, i, limit):
                bound = [self._without_value(name, stems)]
            facts.extend(self._placed(stems, name, bound, section))
            taken.update(t for fact in bound for t in range(fact.start, fact.end))
        for stretch in focused:
            facts.extend(self._into_field(words, stems, stretch, taken))
        taken.update(t for fact in facts for t in range(fact.start, fact.end))
        known = {fact.kind for fact in facts if fact.subject == "today" and fact.value is not None}
        facts.extend(self._nameless_pressure(words, stems, taken, sections, known))
        facts = list(settled(facts, stems, self._unheaded(sections)))
        facts.extend(self._only_elsewhere(facts, sections))
        return _contradictions(sorted(facts, key=lambda fact: (fact.start, fact.end)), self._sided)

    def _only_elsewhere(self, facts: list[Measurement], sections: list[Section]) -> Iterator[Measurement]:
        """A measurement of which a section of today's values holds none of today: its value is asked for."""
        today = {fact.kind for fact in facts if fact.subject == "today"}
        for fact in facts:
            section = _section_at(sections, fact.start)
            if section is not None and section.kind not in self._rules.sections and fact.kind not in today:
                today.add(fact.kind)
                yield replace(fact, subject="today", value=None, unit_said=False, reasons=("no-value", "uncertain"))

    def _found_names(self, stems: Stems) -> Iterator[_Name]:
        """Names in text order, the longest where several overlap."""
        found = [
            _Name(f.start, f.end, measure, noun, verb)
            for measure, template, noun, verb in self._names
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
        """The values after a name: the first, for a sided measurement the one of each side, and one more at another
        time ("утром 37,2 , сейчас 36,9")."""
        position = name.end
        side: str | None = None
        first = True
        while True:
            reading = self._values.next(words, stems, position, limit, name.measure)
            if reading is None:
                return
            if name.noun and not name.measure.possible[0] <= reading.values[0] <= name.measure.possible[1]:
                return
            if name.verb and reading.factor is None:
                return
            side = self._side(stems, position, reading.start) or side
            if not first and not self._is_another(words, stems, position, reading, name.measure):
                return
            yield from self._facts(name.measure, reading, name.start if first else position, side)
            first, position = False, reading.end
            while position < limit and words[position] in _MARKS:
                position += 1

    def _is_another(self, words: list[str], stems: Stems, start: int, reading: Reading, measure: Measure) -> bool:
        """Whether what stands between two numbers makes the second one the value of another side or time, or it is a
        pressure right behind another."""
        end = reading.start
        if (measure.sided or measure.second is not None) and self._side(stems, start, end) is not None:
            return True
        if measure.second is not None and self._values.pair(words[end]) and not reading.reasons:
            return True
        cues = (template.last(stems, start, end) for template in (self._today, self._loose, self._times, self._again))
        return any(cue is not None and cue.end == end for cue in cues)

    def _facts(self, measure: Measure, reading: Reading, start: int, side: str | None) -> Iterator[Measurement]:
        place, reasons = (start, reading.end), reading.reasons
        kinds = [measure, *([self._rules.get(measure.second)] if measure.second else [])]
        if len(reading.values) == 2 and reading.values[0] <= reading.values[1]:
            reasons += ("ambiguous-number",)
        for kind, value in zip(kinds, reading.values, strict=False):
            doubts = reasons
            said = round(value * (reading.factor or 1.0), 4)
            if not kind.possible[0] <= said <= kind.possible[1]:
                repaired = mended(kind, said)
                doubts += ("ambiguous-number",) if repaired is not None else ("out-of-range",)
                said = said if repaired is None else repaired
            yield Measurement(
                start=place[0],
                end=place[1],
                reasons=tuple(dict.fromkeys(doubts)),
                kind=kind.kind,
                value=said,
                unit=kind.unit,
                unit_said=reading.factor is not None,
                side=side,
            )
        for kind in kinds[len(reading.values) :]:
            yield Measurement(*place, ("no-value",), kind.kind, None, kind.unit, side=side)

    def _side(self, stems: Stems, start: int, end: int) -> str | None:
        for side, template in self._sides.items():
            if template.last(stems, start, end) is not None:
                return side
        return None

    def _is_change(self, stems: Stems, start: int) -> bool:
        before = self._changes.last(stems, max(0, start - 2), start)
        return before is not None and before.end == start

    def _placed(
        self, stems: Stems, name: _Name, bound: list[Measurement], section: Section | None
    ) -> Iterator[Measurement]:
        """The facts of a name with their subjects; a doubt about a value that fills nothing is no doubt."""
        begin = _clause_start(stems, name.start, section)
        spans = sorted({(fact.start, fact.end) for fact in bound})
        timed = any(self._today.last(stems, start, end) is not None for start, end in spans)
        for fact in bound:
            after = next((start for start, _ in spans if start > fact.start), len(stems.stems))
            clause = begin if fact.start <= name.start else max(end for _, end in spans if end <= fact.start)
            after = min(after, section.end if section is not None else after)
            subject, doubts = self._subject(stems, fact, (clause, after), section, several=timed and len(spans) > 1)
            yield replace(
                fact,
                subject=subject,
                reasons=tuple(dict.fromkeys((*fact.reasons, *doubts))) if subject in {"today", UNSAID} else (),
            )

    def _subject(
        self, stems: Stems, fact: Measurement, clause: tuple[int, int], section: Section | None, several: bool
    ) -> tuple[str, tuple[str, ...]]:
        """Whose and when, by the cues of the clause and the section. `several`: the same name has another value that
        is today's by its own words."""
        begin, limit = clause
        number_at = next((i for i in range(fact.start, fact.end) if stems.stems[i][:1].isdigit()), fact.end)
        if self._is_change(stems, number_at):
            return "other", ()
        after = fact.end
        while after < min(limit, fact.end + _BEHIND) and stems.stems[after].isalpha():
            after += 1
        if any(word[:1].isdigit() for word in stems.stems[after : min(limit, after + _BEHIND)]):
            after = fact.end
        by_section = self._rules.sections.get(section.kind, "today") if section is not None else None
        for subject, template in self._subjects.items():
            cue = template.last(stems, begin, after)
            if cue is not None:
                far = by_section == "today" and cue.end < fact.start - _NEAR
                return ("today", ("uncertain",)) if far else (subject, ())
        for subject, template in self._right_before.items():
            before = template.last(stems, max(begin, number_at - 2), number_at)
            if before is not None and before.end == number_at:
                return ("today", ("uncertain",)) if (by_section, subject) == ("today", "past") else (subject, ())
        loose = self._loose.last(stems, begin if by_section is None else fact.start, fact.end) is not None
        now = self._today.last(stems, begin, fact.end) is not None
        if by_section == "today":
            if several and loose and not now:
                return "past", ()
            misplaced = section is not None and section.kind in self._rules.misplaced
            return "today", ("uncertain",) if misplaced or (loose and not now) else ()
        if now:
            return "today", ("uncertain",) if by_section is not None else ()
        if by_section is None:
            return ("past", ()) if loose else ("today", ())
        named_loosely = self._loose.last(stems, begin, fact.end) is not None
        return (by_section if named_loosely or by_section != "past" else UNSAID), ()

    def _lost(self, stems: Stems, names: list[_Name], i: int, limit: int) -> bool:
        """Whether a name without a number must have had one: its unit is there, or it ends where the next
        measurement begins or the sentence stops in a row of measurements, or unread digits follow."""
        name = names[i]
        if name.noun:
            return False
        end = next((t for t in range(name.end, limit) if stems.stems[t] in STOPS), limit)
        reach = min(end, name.end + _REACH)
        if any(self._values.any_unit.at(stems, t, end) for t in range(name.end, reach)):
            return True
        if any(word[:1].isdigit() for word in stems.stems[name.end : reach]):
            return True
        neighbours = [n for n in names[max(0, i - 1) : i + 2] if n is not name and abs(n.start - name.end) <= _REACH]
        rest = [word for word in stems.stems[name.end : end] if word.isalnum()]
        return bool(neighbours) and not rest

    def _without_value(self, name: _Name, stems: Stems) -> Measurement:
        side = self._side(stems, name.start, min(len(stems.stems), name.end + 2))
        return Measurement(name.start, name.end, ("no-value",), name.measure.kind, None, name.measure.unit, side=side)

    def _into_field(self, words: list[str], stems: Stems, stretch: Focus, taken: set[int]) -> Iterator[Measurement]:
        """The value said into the field of a measurement, which need not be named."""
        measure = self._rules.get(stretch.measurement) if stretch.measurement else None
        if measure is None or any(token in taken for token in range(stretch.start, stretch.end)):
            return
        reading = self._values.next(words, stems, stretch.start, stretch.end, measure)
        if reading is not None and len(reading.values) == 1 and measure.second:
            # One number of a pressure, the other has a field of its own.
            measure = measure.model_copy(update={"second": None})
            reading = self._values.next(words, stems, stretch.start, stretch.end, measure)
        if reading is not None:
            yield from self._facts(measure, reading, reading.start, None)

    def _is_examination(self, section: Section | None) -> bool:
        """Whether the section holds values of today, and is the place for them."""
        return section is not None and section.kind not in {*self._rules.sections, *self._rules.misplaced}

    def _unheaded(self, sections: list[Section]) -> list[int]:
        """Where examinations begin of which no heading was heard."""
        return [section.start for section in sections if not section.heading and self._is_examination(section)]

    def _nameless_pressure(
        self, words: list[str], stems: Stems, taken: set[int], sections: list[Section], known: set[str]
    ) -> Iterator[Measurement]:
        """ "160/95 мм рт. ст." without a name is a blood pressure. A bare pair of numbers is one in an examination
        that has no other (not in `known`), and asks for a look: its name was not heard."""
        for measure in self._rules.measurements:
            if measure.second is None:
                continue
            for i, word in enumerate(words):
                pair = self._values.pair(word) if i not in taken else None
                if pair is None:
                    continue
                end, factor, _ = self._values.unit(stems, i + 1, len(words), measure)
                section = _section_at(sections, i)
                likely = self._is_examination(section) and measure.kind not in known and pair[0] > pair[1]
                if factor is None and not (likely and measure.possible[0] <= pair[0] <= measure.possible[1]):
                    continue
                doubts = ("uncertain",) if factor is None else ()
                name = _Name(i, i, measure, noun=True)
                bound = list(self._facts(measure, Reading(i, end, pair, doubts, factor), i, None))
                yield from self._placed(stems, name, bound, section)


def _limit(words: list[str], names: Sequence[_Name], i: int) -> int:
    """Where the next name begins that is no unit of the number before it ("ЧДД 18 дыхательных движений в минуту")."""
    for name in names[i + 1 :]:
        if name.measure.kind != names[i].measure.kind or not words[name.start - 1][:1].isdigit():
            return name.start
    return len(words)


def _section_at(sections: list[Section], token: int) -> Section | None:
    return next((s for s in sections if s.start <= token < s.end), None)


def _clause_start(stems: Stems, start: int, section: Section | None) -> int:
    """The start of the clause: after a full stop, after the last number, which was another value's, or where the
    section begins."""
    i, floor = start, section.start if section is not None else 0
    while (
        i > floor and stems.stems[i - 1] not in STOPS and not re.fullmatch(rf"{NUMBER}%?|\d+/\d+", stems.stems[i - 1])
    ):
        i -= 1
    return i


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
