"""Schema of `grammars/*/prescriptions.yaml`: how a prescription is said around the drug's name.

Every `say` is a list of templates (`clinical/templates.py`); `{n}` is a number or a range.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from dictation.grammar.rules import Rules, load

Say = tuple[str, ...]
Intent = Literal["prescribed", "taken", "stopped", "allergy"]


class DoseUnit(Rules):
    """A unit of a dose. `scale` turns units of one `kind` into each other (мг, г). An amount (a tablet, a drop) has
    a `usual` span of a single dose, for drugs whose own range does not name it; it counts its own dosage form and
    `forms`. A `whole` one holds a known content: one tablet of 5 mg is 5 mg."""

    unit: str
    say: Say
    kind: Literal["mass", "volume", "activity", "amount"]
    scale: float = 1.0
    usual: tuple[float, float] | None = None
    forms: tuple[str, ...] = ()
    whole: bool = False


class Portion(Rules):
    """A word that is an amount and its unit at once ("полтаблетки")."""

    say: Say
    dose: float
    unit: str


class Frequency(Rules):
    """How often. `counts` tells what `{n}` is: times a day, hours or days between, times a week or a month;
    without a number `times` is the number of times a day. `days` where the wording says the duration too."""

    say: Say
    counts: Literal["times", "hours", "days", "per-week", "per-month"] | None = None
    times: float | None = None
    days: int | None = None


class Timing(Rules):
    """When in the day, and how many intakes that makes where nothing else tells (None: it does not)."""

    say: Say
    times: int | None = None


class Duration(Rules):
    """For how long: `{n}` times `days`, or `days` where there is no number; None for an open end."""

    say: Say
    days: float | None = None


class Route(Rules):
    """The way in, written as said, or as `write` where a hearing is put right."""

    say: Say
    write: str | None = None


class DosageForm(Rules):
    """A dosage form as a singular noun; `local` ones need no dose."""

    form: str
    say: Say
    local: bool = False


class Home(Rules):
    """The section that a drug of some intent is told in (`kind`) though it was dictated in one of `leaves`."""

    kind: str
    leaves: tuple[str, ...]


class Intents(Rules):
    """Cues before (or for `stopped_after`, `reaction` after) a drug's name that tell what is meant with it.

    `order` cues are the doctor's own act and hold in any section; `prescribed` cues only where the section leaves it
    open; `sections` gives the intent of a section, the rest are open. `none` lists sections whose drug names are no
    medications (tests); `homes` tells which drugs are told in another section than they were dictated in. In
    those of `misplaced` a whole prescription is one whose heading was not heard.

    `stopped` cues reach the name over `links` and `intakes` only ("отменить пока приём …"). `barred_after` may be
    said of a manner ("не принимать натощак"), `kept` turn a cue of stopping round ("не отменять"), `aimed` are cues
    behind a name that speak of what follows ("отказаться от"). Drugs are exchanged by a verb of `replacing` with
    `by`, together `replaced_by`, or with `instead`."""

    order: Say
    prescribed: Say
    taken: Say
    stopped: Say
    stopped_after: Say
    barred_after: Say
    kept: Say
    aimed: Say
    intakes: Say
    links: Say
    replacing: Say
    replaced_by: Say
    by: Say
    instead: Say
    allergy: Say
    reaction: Say
    sections: dict[str, Intent]
    homes: dict[str, Home]
    misplaced: tuple[str, ...]
    none: tuple[str, ...]


class Prescriptions(Rules):
    """The whole file. `number_signs` are fractions as written; `fillers` words without meaning of their own;
    `not_structured` says what no key holds (steps of a course, limits); `steps` begin another step; `diluents` are
    what a drug is dissolved in; `around` stand before a drug that only tells when another is taken; `withheld` in
    a condition say that the drug is not taken then; `conditions` open the condition of an intake as needed and
    `as_needed` are whole ones; `adjust` are verbs of a changed dose ("увеличить с 5 до 10 мг"); `not_drugs` look
    like a drug before a dose and are none; `joins` make one medicine of two names, `lists` only where the
    combination is known. `each` stands before a dose ("по"); `{m}` of `concentrations` is a second number;
    `changes` are the old dose of a changed one ("с 5 до"), with its `{unit}`; after `change_by` stands the
    difference ("увеличить на 5 мг")."""

    number_signs: dict[str, str]
    units: tuple[DoseUnit, ...]
    portions: tuple[Portion, ...]
    frequencies: tuple[Frequency, ...]
    timings: tuple[Timing, ...]
    durations: tuple[Duration, ...]
    routes: tuple[Route, ...]
    forms: tuple[DosageForm, ...]
    conditions: Say
    as_needed: Say
    fillers: Say
    not_structured: Say
    steps: Say
    diluents: Say
    adjust: Say
    around: Say
    withheld: Say
    joins: tuple[str, ...]
    lists: tuple[str, ...]
    intents: Intents
    not_drugs: Say
    each: Say
    concentrations: Say
    percents: Say
    changes: Say
    change_by: Say
    condition_length: int = Field(ge=1)

    def problems(self) -> list[str]:
        units = {unit.unit for unit in self.units}
        found = [f"portion of an unknown unit '{p.unit}'" for p in self.portions if p.unit not in units]
        for kind in (self.frequencies, self.timings, self.durations, self.routes, self.forms, self.units):
            said: set[str] = set()
            for rule in kind:
                found += [f"'{say}' twice" for say in rule.say if say in said]
                said.update(rule.say)
        return found


@cache
def prescriptions(language: str) -> Prescriptions:
    return load(language, "prescriptions", Prescriptions)
