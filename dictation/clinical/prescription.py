"""What is said of one drug: dose, strength, form, route, how often, when, on what condition, for how long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from dictation.clinical.morphology import cases
from dictation.clinical.templates import NUMBER, RANGE, Found, Stems, Template, number, prefix
from dictation.grammar.numerals import NumeralRules
from dictation.grammar.prescriptions import DoseUnit, Prescriptions

# Words that belong to nothing may stand between two elements of a prescription; more of them end it.
_GAP = 4
# Behind so many of them a number is no longer a part of it once the dose is known …
_FAR = 2
# … and so many may stand between "затем" and what is taken then.
_STEP = 3
_NUMERIC = re.compile(rf"{RANGE}%?")
_SENTENCE_ENDS = frozenset({".", ";", "?", "!"})


@dataclass
class Prescription:
    """The elements read so far, and where the last one ends."""

    end: int
    adjusting: bool = False
    readjusted: bool = False
    form: str | None = None
    local: bool = False
    doses: list[tuple[float, DoseUnit | None]] = field(default_factory=list)
    strengths: list[str] = field(default_factory=list)
    routes: list[str] = field(default_factory=list)
    frequencies: list[float] = field(default_factory=list)
    timings: list[tuple[str, int | None]] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    durations: list[int | None] = field(default_factory=list)
    as_needed: bool = False
    reasons: list[str] = field(default_factory=list)

    def doubt(self, reason: str) -> None:
        if reason not in self.reasons:
            self.reasons.append(reason)


@dataclass(frozen=True, slots=True)
class Element:
    """Something recognised in tokens `[start, end)`: its kind, the rule that found it and its slots."""

    kind: str
    start: int
    end: int
    rule: int
    found: Found


class Elements(Stems):
    """The stems of a text with the elements already recognised in it, by the token they begin at."""

    def __init__(self, words: Iterable[str], stem: Callable[[str], str]) -> None:
        super().__init__(words, stem)
        self.cache: dict[int, Element | None] = {}


class PrescriptionReader:
    """The templates of prescriptions, compiled, and the reading of a segment with them."""

    def __init__(self, rules: Prescriptions, numbers: NumeralRules, stem: Callable[[str], str]) -> None:
        self.rules = rules
        words = number_words(numbers) | rules.number_signs
        self.stem = lambda word: words.get(word.lower().replace("ё", "е")) or stem(word)
        units = "|".join(_unit_source(unit, self.stem) for unit in rules.units)
        self._unit_at = [(unit, self._template(unit.say)) for unit in rules.units]
        self.dose = self._template(("{n} {unit}",), unit=units)
        self._change = self._template(rules.changes, m=RANGE, unit=units)
        self._concentration = self._template(rules.concentrations, m=NUMBER)
        self._percent = self._template((*rules.percents, "{p}"), p=rf"{RANGE}%")
        self._forms = [self._template(form.say) for form in rules.forms]
        self._kinds: list[tuple[str, list[Template]]] = [
            ("change", [self._change]),
            ("dilution", [self._template(rules.diluents)]),
            ("condition-whole", [self._template(rules.as_needed)]),
            ("not-structured", [self._template(rules.not_structured)]),
            ("timing", [self._template(timing.say) for timing in rules.timings]),
            ("frequency", [self._template(frequency.say) for frequency in rules.frequencies]),
            ("duration", [self._template(duration.say) for duration in rules.durations]),
            ("route", [self._template(route.say) for route in rules.routes]),
            ("portion", [self._template(portion.say) for portion in rules.portions]),
            ("concentration", [self._concentration]),
            ("dose", [self.dose]),
            ("percent", [self._percent]),
            ("form", self._forms),
            ("steps", [self._template(rules.steps)]),
            ("condition", [self._template(rules.conditions)]),
        ]
        self.forms = self._template(tuple(say for form in rules.forms for say in form.say))
        self.routes = self._template(tuple(say for route in rules.routes for say in route.say))
        self._each = self._template(rules.each)
        self.fillers = self._template(rules.fillers)
        self.diluents = self._template(rules.diluents)
        self.adjust = self._template(rules.adjust)
        self.around = self._template(rules.around)
        self._withheld = self._template(rules.withheld)
        self._change_by = self._template(rules.change_by)
        self._stops = self._template((*rules.intents.stopped_after, *rules.intents.barred_after))

    def _template(self, wordings: tuple[str, ...], **slots: str) -> Template:
        return Template(wordings, self.stem, {"n": RANGE, **slots})

    def element(self, stems: Elements, i: int, limit: int) -> Element | None:
        """The longest element that begins at a token; of equals, the kind that stands first in the list."""
        if i >= limit:
            return None
        if i not in stems.cache:
            stems.cache[i] = self._element(stems, i, len(stems.stems))
        known = stems.cache[i]
        if known is None or known.end <= limit:
            return known
        return self._element(stems, i, limit)

    def _element(self, stems: Elements, i: int, limit: int) -> Element | None:
        best: Element | None = None
        for kind, templates in self._kinds:
            for rule, template in enumerate(templates):
                found = template.at(stems, i, limit)
                if found is not None and (best is None or found.end > best.end):
                    if kind == "concentration" and self._diluted(stems, found, limit):
                        continue
                    best = Element(kind, i, found.end, rule, found)
        return best

    def _diluted(self, stems: Stems, found: Found, limit: int) -> bool:
        """ "1 г на 200 мл физраствора" is a dose in a solvent, no strength."""
        return any(self.diluents.at(stems, i, limit) is not None for i in range(found.start + 1, found.end))

    def note_form(self, stems: Elements, start: int, end: int, into: Prescription) -> None:
        """The dosage form that is a part of the name itself ("тетрациклиновая мазь")."""
        for rule, template in zip(self.rules.forms, self._forms, strict=True):
            if any(template.at(stems, i, end) for i in range(start, end)):
                into.form, into.local = into.form or rule.form, into.local or rule.local

    def read(self, stems: Elements, words: list[str], start: int, limit: int, into: Prescription) -> Prescription:
        """Elements in tokens `[start, limit)`, up to a sentence that begins with none, a cue of stopping, or too long
        a gap. A number that no element took leaves `unread-number`, a word between two elements `unread-text`."""
        i, gap = start, 0
        while i < limit and gap <= _GAP:
            element = self.element(stems, i, limit)
            if element is None and self._stops.at(stems, i, limit) is not None:
                break
            if element is None and words[i] in _SENTENCE_ENDS:
                following = self.element(stems, i + 1, limit)
                if following is None or following.kind in ("condition", "steps"):
                    break
            elif element is None:
                if _NUMERIC.fullmatch(stems.stems[i]):
                    if into.doses and gap >= _FAR:
                        break
                    if not self._bare_dose(stems, i, into):
                        into.doubt("unread-number")
                    into.end, gap = i + 1, 0
                elif self.adjust.at(stems, i, limit) is not None:
                    into.adjusting = True
                    into.readjusted = len(into.doses) == 1 and not (
                        into.frequencies or into.timings or into.durations
                    )
                elif self.fillers.at(stems, i, limit) is None:
                    gap += words[i].isalpha()
            elif element.kind == "steps" and not self._leads_on(stems, element.end, limit):
                break
            else:
                if gap:
                    into.doubt("unread-text")
                self._take(element, stems, words, limit, into)
                i, gap = max(into.end, element.end), 0
                continue
            i += 1
        return into

    def _leads_on(self, stems: Elements, i: int, limit: int) -> bool:
        """Whether another step follows its opener ("затем 20 мг", not "перед следующим визитом")."""
        return any(self.element(stems, place, limit) for place in range(i, min(i + _STEP, limit))) or any(
            self._stops.at(stems, place, limit) for place in range(i, min(i + _STEP, limit))
        )

    def _bare_dose(self, stems: Elements, i: int, into: Prescription) -> bool:
        """A number right after the name or after "по" is a dose whose unit was not said."""
        value = single(stems.stems[i])
        if value is None or into.doses or not (i == into.end or self._each.at(stems, i - 1, i)):
            return False
        into.doses.append((value, None))
        into.doubt("no-unit")
        return True

    def _take(self, element: Element, stems: Elements, words: list[str], limit: int, into: Prescription) -> None:
        said = " ".join(words[element.start : element.end])
        n = element.found.slots.get("n")
        value = single(n) if n else None
        if n and value is None:
            into.doubt("not-structured")
            value = number(re.split(r" ?[-–—] ?", n)[0])
        into.end = element.end
        if element.kind in ("dose", "portion") and self._is_difference(stems, element.start, into):
            into.doubt("not-structured")
            return
        match element.kind:
            case "dose":
                self._take_dose(element, stems, value or 0.0, into)
            case "portion":
                portion = self.rules.portions[element.rule]
                unit = next(u for u in self.rules.units if u.unit == portion.unit)
                into.doses.append((portion.dose, unit))
            case "concentration" | "percent":
                into.strengths.append(said.replace(" %", "%").replace(" / ", "/"))
            case "form":
                form = self.rules.forms[element.rule]
                into.form, into.local = into.form or form.form, into.local or form.local
            case "route":
                into.routes.append(self.rules.routes[element.rule].write or said)
            case "frequency":
                self._take_frequency(element, value, into)
            case "timing":
                into.timings.append((said, self.rules.timings[element.rule].times))
            case "duration":
                days = self.rules.durations[element.rule].days
                into.durations.append(None if days is None else round(days * (value if value is not None else 1)))
            case "condition":
                self._take_condition(element, stems, words, limit, into)
            case "condition-whole":
                into.as_needed = True
                into.conditions.append(said)
            case "change":
                if not into.adjusting and self.adjust.last(stems, element.start, element.end) is None:
                    into.doubt("not-structured")
            case "dilution" | "not-structured" | "steps":
                into.doubt("not-structured")

    def _is_difference(self, stems: Elements, i: int, into: Prescription) -> bool:
        """ "Увеличить на 5 мг" says how much more, not how much."""
        return into.adjusting and i > 0 and self._change_by.at(stems, i - 1, i) is not None

    def _take_dose(self, element: Element, stems: Elements, value: float, into: Prescription) -> None:
        """A dose; after "50 мг увеличить до" in place of the old one."""
        if into.readjusted and self._each.at(stems, element.start - 1, element.start) is not None:
            into.doses.clear()
        into.readjusted = False
        into.doses.append((value, self.unit(stems, element.start + 1, element.end)))

    def unit(self, stems: Stems, start: int, end: int) -> DoseUnit | None:
        """The unit of a dose that tokens `[start, end)` name."""
        for unit, template in self._unit_at:
            found = template.at(stems, start, end)
            if found is not None and found.end == end:
                return unit
        return None

    def _take_frequency(self, element: Element, value: float | None, into: Prescription) -> None:
        rule = self.rules.frequencies[element.rule]
        n = value or 1.0
        times = {
            "times": n,
            "hours": 24 / n,
            "days": 1 / n,
            "per-week": n / 7,
            "per-month": n / 30,
            None: rule.times or 1.0,
        }[rule.counts]
        into.frequencies.append(round(times, 2))
        if rule.days is not None:
            into.durations.append(rule.days)

    def _take_condition(
        self, element: Element, stems: Elements, words: list[str], limit: int, into: Prescription
    ) -> None:
        """A condition runs to the next mark, the next element, or so many words."""
        end = element.end
        while end < min(limit, element.end + self.rules.condition_length):
            if words[end] in _SENTENCE_ENDS or words[end] == ",":
                break
            following = self.element(stems, end, limit)
            if following is not None and following.kind == "route" and _is_place(words[following.end - 1]):
                end = following.end
                continue
            if following is not None and following.kind not in ("percent", "steps", "condition"):
                break
            end += 1
        while end > element.end and self._each.at(stems, end - 1, end) is not None:
            end -= 1
        if end == element.end:
            return
        into.end = end
        if self._withheld.last(stems, element.start, end) is not None:
            into.doubt("not-structured")
            return
        into.conditions.append(" ".join(words[element.start : end]))
        into.as_needed = True


def _is_place(word: str) -> bool:
    """Whether a word tells where, not where to: "при боли в ухе" is no route."""
    return "loct" in cases(word) and "accs" not in cases(word)


def number_words(numbers: NumeralRules) -> dict[str, str]:
    """Number words that were left as words, as digits."""
    tables: tuple[Iterable[tuple[float, tuple[str, ...]]], ...] = (
        numbers.cardinals.items(),
        numbers.mixed.items(),
        numbers.shares.items(),
    )
    return {
        word.replace("ё", "е"): f"{value:g}".replace(".", ",")
        for table in tables
        for value, words in table
        for word in words
        if " " not in word
    }


def single(text: str) -> float | None:
    """A number, or None for a range."""
    return number(text) if re.fullmatch(NUMBER, text) else None


def _unit_source(unit: DoseUnit, stem: Callable[[str], str]) -> str:
    """The unit's wordings as the inside of a slot, which ends before the last space."""
    sources = []
    for say in unit.say:
        parts = [prefix(w, stem) if w.endswith("*") else re.escape(stem(w)) for w in say.split()]
        sources.append(" ".join(parts))
    return "|".join(sorted(sources, key=len, reverse=True))
