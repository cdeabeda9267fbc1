"""Measurements against each other, against the patient's age, and against the form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from dictation.clinical import facts
from dictation.clinical.facts import Measurement, Section
from dictation.forms.codes import known_measurements
from dictation.forms.draft import Doubt, Draft, Entry
from dictation.forms.reasons import Reason
from dictation.forms.risk import is_word
from dictation.grammar.checks import check_rules

# Values of other times stand in texts alone, and were misheard all the same if nobody has them.
_TOLD = frozenset({"past", "home"})
# Who is not said to be a child is measured as one of this age, in years.
_GROWN = 18.0
_PERCENT = "%"
_NUMBER = re.compile(r"\d+([.,]\d+)?")


def check_measurements(draft: Draft) -> Iterator[Doubt]:
    """Values that no patient of this age has, that contradict each other, or that are not in the form's unit."""
    age = _age(draft)
    for entry in draft.filled_by("measurement"):
        readings = _values(entry)
        measure = known_measurements()[entry.item.binding.detail] if entry.item.binding else None
        if measure and any(not measure.plausible(value, age) for value in readings):
            yield Doubt(Reason.OUT_OF_RANGE, entry.item.key)
        if len(set(readings)) > 1:
            yield Doubt(Reason.CONTRADICTION, entry.item.key)
        units = {fact.unit for fact in entry.facts if isinstance(fact, Measurement)} - {None}
        if entry.item.unit is not None and units - {entry.item.unit}:
            yield Doubt(Reason.UNIT_MISMATCH, entry.item.key)
    yield from _pressure(draft)
    yield from _body(draft)
    yield from _told(draft, age)


def _told(draft: Draft, age: float | None) -> Iterator[Doubt]:
    """Values of a history that no patient of this age has ("температура до 30"), at the text that tells them."""
    for fact in facts.get(draft.doc, Measurement):
        if fact.subject not in _TOLD or fact.value is None:
            continue
        if known_measurements()[fact.kind].plausible(fact.value, age):
            continue
        for entry in draft.filled_by("section"):
            for index, section in enumerate(entry.facts):
                if section.start <= fact.start < section.end:
                    yield Doubt(Reason.OUT_OF_RANGE, entry.item.key, index)


def _age(draft: Draft) -> float | None:
    """The patient's age; where nobody gives it, that of a grown person, but None where a child is spoken of."""
    age = draft.context.age()
    if age is not None:
        return age
    words = " ".join(token.text.lower() for token in draft.written.tokens)
    return None if _childish(draft.language).search(words) else _GROWN


@cache
def _childish(language: str) -> re.Pattern[str]:
    phrases = (r"\w* ".join(map(re.escape, phrase.split())) for phrase in check_rules(language).childish)
    return re.compile(rf"\b(?:{'|'.join(phrases)})")


def _pressure(draft: Draft) -> Iterator[Doubt]:
    """The lower pressure is lower."""
    upper, lower = (list(draft.filled_by("measurement", kind)) for kind in ("systolic", "diastolic"))
    for one in upper:
        for other in lower:
            high, low = _values(one)[:1], _values(other)[:1]
            if high and low and high[0] <= low[0]:
                yield Doubt(Reason.CONTRADICTION, one.item.key)
                yield Doubt(Reason.CONTRADICTION, other.item.key)


def _body(draft: Draft) -> Iterator[Doubt]:
    """Height and weight fit each other: "62 cm" of a man of 72 kg lost its hundred."""
    low, high = check_rules(draft.language).bmi
    for tall in draft.filled_by("measurement", "height"):
        for heavy in draft.filled_by("measurement", "weight"):
            height, weight = _values(tall)[:1], _values(heavy)[:1]
            if height and weight and not low <= weight[0] / (height[0] / 100) ** 2 <= high:
                yield Doubt(Reason.CONTRADICTION, tall.item.key)
                yield Doubt(Reason.CONTRADICTION, heavy.item.key)


def check_unread_numbers(draft: Draft) -> Iterator[Doubt]:
    """Bare numbers in the examination that no measurement took ("пуль 74"): shown at the field, and at every empty
    field of a measurement that could be that number, for one of them was lost."""
    rules, age = check_rules(draft.language), draft.context.age()
    measured = {i for fact in facts.get(draft.doc, Measurement) for i in range(fact.start, fact.end)}
    empty = [entry for entry in draft.filled_by("measurement") if not _values(entry)]
    for entry in draft.filled_by("section"):
        for index, section in enumerate(entry.facts):
            if not isinstance(section, Section) or section.kind not in rules.measured:
                continue
            for place in range(section.start, section.end):
                value = draft.written.tokens[place].value
                if value is None or place in measured:
                    continue
                percent = _is_percent(place, draft)
                takers = [
                    other
                    for other in empty
                    if other.item.binding and known_measurements()[other.item.binding.detail].plausible(value, age)
                    if not percent or other.item.unit == _PERCENT
                ]
                if not (takers if percent else _bare(place, section, measured, draft)):
                    continue
                yield Doubt(Reason.UNREAD_NUMBER, entry.item.key, index)
                for other in takers:
                    yield Doubt(Reason.UNREAD_NUMBER, other.item.key, start=place, end=place + 1, value=value)


def _is_percent(place: int, draft: Draft) -> bool:
    """A number of per cent: of the oxygen, where its name was not heard."""
    tokens = draft.written.tokens
    return place + 1 < len(tokens) and tokens[place + 1].text == _PERCENT


def _bare(place: int, section: Section, measured: set[int], draft: Draft) -> bool:
    """A number after a word, with nothing after it that would say what it counts."""
    tokens = draft.written.tokens
    if not _NUMBER.fullmatch(tokens[place].text):
        return False
    after = place + 1 >= section.end or place + 1 in measured or not is_word(tokens[place + 1])
    degree = place + 1 < section.end and tokens[place + 1].text[0] in "°%"
    return after and not degree and place > section.start and any(map(is_word, tokens[section.start : place]))


def _values(entry: Entry) -> list[float]:
    return [fact.value for fact in entry.facts if isinstance(fact, Measurement) and fact.value is not None]
