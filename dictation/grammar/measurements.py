"""Schema of `grammars/*/measurements.yaml`: what is measured, how it is said, and which values can be."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from dictation.grammar.rules import Rules, load

Side = Literal["left", "right"]
Subject = Literal["today", "home", "past", "birth", "other"]


class Unit(Rules):
    """A way to say a unit, and the factor that turns its values into the measurement's own unit."""

    say: tuple[str, ...] = Field(min_length=1)
    factor: float = 1.0


class Norm(Rules):
    """The values that a patient younger than `until` years (None: of any age) may have without surprise."""

    until: float | None = None
    low: float
    high: float


class Measure(Rules):
    """One measurement. `names` and units are templates (`clinical/templates.py`); `unit` is UCUM.

    `possible` bounds what a living patient can have. `second` names the kind of the second number of a pair
    (diastolic for systolic). `sided` values are given for right and left. `noun` names say the value only beside a
    number ("дыхание жёсткое" is no measurement), so that a missing number is no loss; `verbs` say it only beside a
    number in its unit ("дышит двадцать раз в минуту"). `digits` tells how many
    digits stand before the decimal mark, for numbers whose mark was lost in hearing ("366").
    """

    kind: str
    title: str
    unit: str | None = None
    loinc: str | None = None
    names: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    possible: tuple[float, float]
    norms: tuple[Norm, ...] = ()
    second: str | None = None
    sided: bool = False
    digits: int | None = None

    def plausible(self, value: float, age: float | None) -> bool:
        """Whether a value surprises nobody at an age in years; at an unknown age, at any age."""
        if not self.possible[0] <= value <= self.possible[1]:
            return False
        if age is None:
            return not self.norms or any(norm.low <= value <= norm.high for norm in self.norms)
        for norm in self.norms:
            if norm.until is None or age < norm.until:
                return norm.low <= value <= norm.high
        return True


class Measurements(Rules):
    """All measurements of a language and the words around their numbers.

    `fillers` may stand between a name and its number. `not_after` are words that make a name another thing
    ("венозное давление"). `subjects` are the cues of a value that is not today's; `loose` cues mean the past too, but
    only outside a section that holds today's values; `right_before` cues stand directly before the number. `changes`
    directly before the number make it a difference, no value. `sections` says whose the values of a section are
    unless `today` is said; a section that is not listed holds today's, but where it is `misplaced`, which is doubted.
    `again` cues stand before one more value of the same name and visit. `second_names` stand before the second number
    of a pair.
    """

    measurements: tuple[Measure, ...]
    fillers: tuple[str, ...]
    not_after: tuple[str, ...]
    changes: tuple[str, ...]
    subjects: dict[Subject, tuple[str, ...]]
    loose: tuple[str, ...]
    right_before: dict[Subject, tuple[str, ...]]
    sections: dict[str, Subject]
    misplaced: tuple[str, ...]
    today: tuple[str, ...]
    again: tuple[str, ...]
    sides: dict[Side, tuple[str, ...]]
    pair: str = Field(description="regular expression of a pair of numbers in one token")
    pair_words: tuple[str, ...]
    second_names: tuple[str, ...]

    def problems(self) -> list[str]:
        kinds = [measure.kind for measure in self.measurements]
        found = [f"measurement '{kind}' twice" for kind in sorted(set(kinds)) if kinds.count(kind) > 1]
        found += [
            f"'{m.kind}': no such second '{m.second}'" for m in self.measurements if m.second not in (None, *kinds)
        ]
        said: dict[str, str] = {}
        for measure in self.measurements:
            for name in measure.names + measure.nouns + measure.verbs:
                if said.setdefault(name, measure.kind) != measure.kind:
                    found.append(f"'{name}' names both {said[name]} and {measure.kind}")
        return found

    def get(self, kind: str) -> Measure:
        """A measurement by its kind; KeyError where there is none."""
        return next(m for m in self.measurements if m.kind == kind)


@cache
def measurements(language: str) -> Measurements:
    """The measurements of a language."""
    return load(language, "measurements", Measurements)
