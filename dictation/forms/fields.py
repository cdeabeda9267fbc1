"""Facts as the fields of a record: value, status, reasons, confidence, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

from dictation.clinical.facts import Diagnosis, Examination, Fact, FollowUp, Measurement, Medication
from dictation.forms.draft import Doubt, Draft, Entry
from dictation.forms.questionnaire import Form
from dictation.forms.reasons import Reason, reason
from dictation.forms.record import (
    Alternative,
    DiagnosisField,
    DiagnosisItem,
    Evidence,
    ExaminationField,
    ExaminationItem,
    Field,
    MedicationField,
    MedicationItem,
    NumberField,
    Record,
    Status,
    TextField,
    UnfilledField,
)
from dictation.forms.risk import is_word
from dictation.forms.text import capital, sentences
from dictation.language.written import Token

ItemT = TypeVar("ItemT", DiagnosisItem, MedicationItem, ExaminationItem)


def fitted(record: Record, form: Form) -> Record:
    """The record with an empty field for every item that its form has gained since it was made."""
    gained = {item.key: UnfilledField(status="empty") for item in form.items if item.key not in record.fields}
    return record.model_copy(update={"fields": {**record.fields, **gained}}) if gained else record


def field(entry: Entry, draft: Draft, doubts: Iterable[Doubt]) -> Field:
    """The field of one item of the form, judged by its facts' own reasons and the doubts about it."""
    own = [doubt for doubt in doubts if doubt.key == entry.item.key]
    match entry.item.kind:
        case "diagnoses":
            return _list(DiagnosisField, _items(DiagnosisItem, entry, draft, own), draft, own)
        case "medications":
            return _list(MedicationField, _items(MedicationItem, entry, draft, own), draft, own)
        case "examinations":
            return _list(ExaminationField, _items(ExaminationItem, entry, draft, own), draft, own)
        case "number":
            return _number(entry, draft, own)
        case "text":
            return _text(entry, draft, own)


def plain(value: float) -> float | int:
    """A number as people write it: 120, not 120.0."""
    return int(value) if float(value).is_integer() else value


def _items(kind: type[ItemT], entry: Entry, draft: Draft, doubts: list[Doubt]) -> list[ItemT]:
    found = []
    for index, fact in enumerate(entry.facts):
        reasons = _reasons([fact], (doubt for doubt in doubts if doubt.index == index))
        judged = {
            "status": _status(True, reasons),
            "reasons": reasons,
            "confidence": draft.alignment.least(fact.start, fact.end),
            "evidence": draft.alignment.evidence(fact.start, fact.end),
        }
        found.append(kind.model_validate({**_values(fact, draft), **judged}))
    return found


def _values(fact: Fact, draft: Draft) -> dict[str, Any]:
    match fact:
        case Diagnosis():
            return {
                "role": fact.role,
                "text": fact.text,
                "icd10": fact.icd10,
                "title": fact.title,
                "candidates": fact.candidates,
            }
        case Medication():
            return {
                "text": draft.doc[fact.start : fact.end].text,
                "name": fact.name,
                "said": fact.said,
                "form": fact.form,
                "strength": fact.strength,
                "dose": None if fact.dose is None else plain(fact.dose),
                "unit": fact.unit,
                "route": fact.route,
                "times_per_day": None if fact.times_per_day is None else plain(fact.times_per_day),
                "timing": fact.timing,
                "condition": fact.condition,
                "duration_days": fact.duration_days,
                "as_needed": fact.as_needed,
            }
        case Examination() | FollowUp():
            return {"text": fact.text}
        case _:
            raise TypeError(f"no list is made of {type(fact).__name__}")


def _list(kind: type[Field], items: list[ItemT], draft: Draft, doubts: list[Doubt]) -> Field:
    """A field of several values: in doubt where one of them is, or where more was dictated than was understood."""
    reasons = _reasons([], (doubt for doubt in doubts if doubt.index is None))
    reasons = list(dict.fromkeys(reasons + [code for item in items for code in item.reasons]))
    confidences = [item.confidence for item in items if item.confidence is not None]
    data = {
        "value": items or None,
        "status": _status(bool(items), reasons),
        "reasons": reasons,
        "confidence": min(confidences, default=None),
        "alternatives": _unread(doubts, draft),
        "evidence": [place for item in items for place in item.evidence],
    }
    return (kind if items else UnfilledField).model_validate(data)


def _number(entry: Entry, draft: Draft, doubts: list[Doubt]) -> NumberField:
    readings = [fact for fact in entry.facts if isinstance(fact, Measurement)]
    shown = next((reading for reading in readings if reading.value is not None), readings[0] if readings else None)
    value = shown.value if shown else None
    others: dict[float, list[Evidence]] = {}
    for reading in readings:
        if reading.value is not None and reading.value != value:
            others.setdefault(reading.value, []).extend(draft.alignment.evidence(reading.start, reading.end))
    reasons = _reasons(readings, doubts)
    return NumberField(
        value=None if value is None else plain(value),
        unit=(shown.unit if shown else None) or entry.item.unit,
        status=_status(value is not None, reasons),
        reasons=reasons,
        confidence=draft.alignment.least(shown.start, shown.end) if shown else None,
        alternatives=[
            *(Alternative(value=plain(other), evidence=places) for other, places in others.items()),
            *_unread(doubts, draft),
        ],
        evidence=draft.alignment.evidence(shown.start, shown.end) if shown else [],
    )


def _text(entry: Entry, draft: Draft, doubts: list[Doubt]) -> TextField | UnfilledField:
    facts, value = _spoken(entry, draft)
    reasons = _reasons(facts, doubts)
    data = {
        "value": value or None,
        "status": _status(bool(value), reasons),
        "reasons": reasons,
        "confidence": draft.alignment.mean(token for fact in facts for token in draft.tokens(fact)),
        "alternatives": _unread(doubts, draft),
        "evidence": [place for fact in facts for place in draft.alignment.evidence(fact.start, fact.end)],
    }
    return TextField.model_validate(data) if value else UnfilledField.model_validate(data)


def _spoken(entry: Entry, draft: Draft) -> tuple[tuple[Fact, ...], str]:
    """The facts that hold words, and these as text."""
    match entry.item.binding.source if entry.item.binding else None:
        case "section":
            said = [(fact, " ".join(sentences(part) for part in _parts(fact, draft))) for fact in entry.facts]
            return tuple(fact for fact, value in said if value), " ".join(value for _, value in said if value)
        case "examinations":
            return entry.facts, capital(", ".join(f.text for f in entry.facts if isinstance(f, Examination)))
        case _:
            texts = dict.fromkeys(fact.text for fact in entry.facts if isinstance(fact, FollowUp))
            return entry.facts, ", ".join(texts)


def _parts(fact: Fact, draft: Draft) -> list[Sequence[Token]]:
    """A stretch of text cut where a sentence surely begins though no mark says so."""
    cuts = [
        i
        for i in range(fact.start + 1, fact.end)
        if draft.doc[i].is_sent_start and is_word(draft.written.tokens[i - 1]) and is_word(draft.written.tokens[i])
    ]
    edges = [fact.start, *cuts, fact.end]
    parts = (draft.written.tokens[start:end] for start, end in pairwise(edges))
    return [part for part in parts if any(map(is_word, part))]


def _reasons(facts: Iterable[Fact], doubts: Iterable[Doubt]) -> list[Reason]:
    """Every reason once: those the facts brought, then those the checks found."""
    brought = [reason(code) for fact in facts for code in fact.reasons]
    return list(dict.fromkeys([*brought, *(doubt.reason for doubt in doubts)]))


def _status(filled: bool, reasons: list[Reason]) -> Status:
    if reasons:
        return "check"
    return "ok" if filled else "empty"


def _unread(doubts: Iterable[Doubt], draft: Draft) -> list[Alternative]:
    """What was said there and could not be read: words, or a number that may be the value."""
    return [
        Alternative(
            value=plain(doubt.value) if doubt.value is not None else doubt.text,
            evidence=draft.alignment.evidence(doubt.start, doubt.end),
        )
        for doubt in doubts
        if doubt.end > doubt.start
    ]
