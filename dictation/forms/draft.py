"""What the filler found for each item of a form, before it is judged: the matter of the checks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from dictation.clinical import facts
from dictation.clinical.facts import Diagnosis, Examination, Fact, FollowUp, Measurement, Medication, Section
from dictation.forms.alignment import Alignment
from dictation.forms.context import Context
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reasons import Reason
from dictation.language.written import Token, Written


@dataclass(frozen=True, slots=True)
class Entry:
    """An item of the form with the facts that fill it, in text order; of a measurement the first is the value, the
    others are the same or competing readings."""

    item: Item
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """One dictation against one form."""

    form: Form
    written: Written
    doc: Doc
    language: str
    engine: str | None
    context: Context
    alignment: Alignment
    entries: tuple[Entry, ...]

    def tokens(self, fact: Fact) -> tuple[Token, ...]:
        return self.written.tokens[fact.start : fact.end]

    def filled_by(self, source: str, detail: str | None = None) -> Iterator[Entry]:
        """The entries of items that this source fills."""
        for entry in self.entries:
            binding = entry.item.binding
            if binding is not None and binding.source == source and detail in (None, binding.detail):
                yield entry


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason to look at a field (`key`), or at one of its values (`index` into the entry's facts); with no key, at
    the record as a whole. `start`, `end` are the tokens in question where a field does not hold them, `text` their
    words, `value` the number they are."""

    reason: Reason
    key: str | None = None
    index: int | None = None
    text: str = ""
    start: int = 0
    end: int = 0
    value: float | None = None


Check = Callable[[Draft], Iterator[Doubt]]


def facts_for(item: Item, doc: Doc) -> tuple[Fact, ...]:
    """The facts that fill an item: the patient's own measurements of this visit, what is prescribed at it."""
    binding = item.binding
    if binding is None:
        return ()
    match binding.source:
        case "section":
            return tuple(section for section in facts.get(doc, Section) if section.kind == binding.detail)
        case "measurement":
            own = (m for m in facts.get(doc, Measurement) if m.subject == "today")
            return tuple(measurement for measurement in own if measurement.kind == binding.detail)
        case "diagnoses":
            return tuple(facts.get(doc, Diagnosis))
        case "medications":
            return tuple(drug for drug in facts.get(doc, Medication) if drug.intent == "prescribed")
        case "examinations":
            return tuple(facts.get(doc, Examination))
        case _:
            return tuple(facts.get(doc, FollowUp))
