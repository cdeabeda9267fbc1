"""Clinical facts as the pipeline leaves them in a spaCy Doc, and how they are put there and read back.

A fact is a frozen dataclass over token offsets of the Doc. The Doc carries facts as span groups: the span is the
stretch of text, the group's `attrs["facts"]` holds the plain data of each, in the same order. Nothing else is
stored, so a Doc survives `to_bytes`, DocBin and `nlp.pipe(n_process=2)` with its facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from spacy.tokens import Doc, Span, SpanGroup


@dataclass(frozen=True, slots=True)
class Fact:
    """A stretch of tokens `[start, end)` of the Doc and what was understood in it; `reasons` are codes that ask
    for a look."""

    group: ClassVar[str]

    start: int
    end: int
    reasons: tuple[str, ...] = ()

    def span(self, doc: Doc) -> Span:
        return doc[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Section(Fact):
    """A section's body. `kind` is the key of `grammars/*/headings.yaml` ("complaints", "objective", …);
    `heading` counts the tokens of the spoken heading right before `start`; `by` is "heading" or "content". `role` is
    that of the diagnosis which the heading announces ("Осложнение."), else None."""

    group: ClassVar[str] = "med.sections"

    kind: str = ""
    heading: int = 0
    by: str = "heading"
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Finding(Fact):
    """A complaint, sign or disease in nominal form with its assertion:
    present, absent, possible, historical or family (another person's). `cue` is the wording that decided it."""

    group: ClassVar[str] = "med.findings"

    text: str = ""
    status: str = "present"
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Measurement(Fact):
    """A measured value. `kind` is the key of `grammars/*/measurements.yaml` ("temperature", "systolic", …); `unit`
    is UCUM. `value` is None where the name was said and its number was lost on the way: such a fact always has the
    reason "no-value". `subject` tells whose and when: "today" for the patient's own at this visit, else
    "home", "past", "birth", "other" — only "today" fills a form. `side` is "left", "right" or None."""

    group: ClassVar[str] = "med.measurements"

    kind: str = ""
    value: float | None = None
    unit: str | None = None
    unit_said: bool = False
    subject: str = "today"
    side: str | None = None


@dataclass(frozen=True, slots=True)
class Medication(Fact):
    """A drug with what was said of it. `intent` is "prescribed", "taken" (before or now, on the patient's side),
    "stopped" or "allergy"; only "prescribed" fills the form. `name` is the INN ("a + b" for combinations) or the
    name as said, `said` the wording. `strength` is the content of one unit where an amount is dosed."""

    group: ClassVar[str] = "med.medications"

    name: str = ""
    said: str = ""
    intent: str = "prescribed"
    form: str | None = None
    strength: str | None = None
    dose: float | None = None
    unit: str | None = None
    route: str | None = None
    times_per_day: float | None = None
    timing: str | None = None
    condition: str | None = None
    duration_days: int | None = None
    as_needed: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that a diagnosis may stand for; `score` 0–1."""

    icd10: str
    title: str
    score: float


@dataclass(frozen=True, slots=True)
class Diagnosis(Fact):
    """A diagnosis with its role (main, complication, comorbid, preliminary) and the ICD-10 code that the text
    supports, if one does; `candidates` best first."""

    group: ClassVar[str] = "med.diagnoses"

    text: str = ""
    role: str = "main"
    icd10: str | None = None
    title: str | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Examination(Fact):
    """A test, procedure or consultation ordered at this visit."""

    group: ClassVar[str] = "med.examinations"

    text: str = ""


@dataclass(frozen=True, slots=True)
class Allergy(Fact):
    """What the allergy section says: `substance` reacted to (nominative where known), its `classes` for the check
    against prescriptions, or `denied` for "не отягощён", "отрицает"."""

    group: ClassVar[str] = "med.allergies"

    substance: str | None = None
    classes: tuple[str, ...] = ()
    reaction: str | None = None
    denied: bool = False


@dataclass(frozen=True, slots=True)
class FollowUp(Fact):
    """When to come back: "через 10 дней"."""

    group: ClassVar[str] = "med.follow-up"

    text: str = ""


FactT = TypeVar("FactT", bound=Fact)


def put(doc: Doc, kind: type[FactT], facts: Iterable[FactT]) -> None:
    """Leave the facts of one kind in the Doc, in text order, replacing what was there."""
    ordered = sorted(facts, key=lambda fact: (fact.start, fact.end))
    group = SpanGroup(doc, name=kind.group, spans=[fact.span(doc) for fact in ordered])
    group.attrs = {"facts": [_plain(fact) for fact in ordered]}
    doc.spans[kind.group] = group


def get(doc: Doc, kind: type[FactT]) -> list[FactT]:
    """The facts of one kind, in text order; empty where the component has not run."""
    if kind.group not in doc.spans:
        return []
    return [_read(kind, data) for data in doc.spans[kind.group].attrs["facts"]]


def _plain(fact: Fact) -> dict[str, Any]:
    """What `asdict` gives, without its copies of values that cannot change."""
    values: dict[str, Any] = {name: getattr(fact, name) for name in fact.__match_args__}
    if isinstance(fact, Diagnosis):
        values["candidates"] = tuple(asdict(candidate) for candidate in fact.candidates)
    return values


def _read(kind: type[FactT], data: dict[str, Any]) -> FactT:
    """Serialisation turns tuples into lists: they come back as tuples."""
    values: dict[str, Any] = {name: data[name] for name in kind.__match_args__}
    for name, value in values.items():
        if name == "candidates":
            values[name] = tuple(Candidate(**candidate) for candidate in value)
        elif isinstance(value, list):
            values[name] = tuple(value)
    return kind(**values)
