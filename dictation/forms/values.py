"""The values of a record, judged by the checks that need no transcript: also what was typed or changed by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab

from dictation.clinical import facts
from dictation.clinical.facts import Allergy, Diagnosis, Examination, Fact, Measurement, Medication, Section
from dictation.clinical.morphology import parses
from dictation.forms.alignment import Alignment
from dictation.forms.checks import VALUE_CHECKS
from dictation.forms.draft import Doubt, Draft, Entry
from dictation.forms.questionnaire import Form, Item
from dictation.forms.record import (
    DiagnosisField,
    ExaminationField,
    Field,
    MedicationField,
    NumberField,
    Record,
    TextField,
)
from dictation.language.written import Token, Written
from dictation.speech.transcript import Transcript

_TOKEN = re.compile(r"\w+|[^\w\s]")


def value_doubts(record: Record, form: Form) -> list[Doubt]:
    """What the values of a record, its allergies and its context give to doubt, whoever put them there. `index` of a
    doubt is the place in the list of a field that has one."""
    draft = _draft(record, form)
    return [doubt for check in VALUE_CHECKS for doubt in check(draft)]


class _Words:
    """Tokens as they are needed, one stretch after another."""

    def __init__(self) -> None:
        self.tokens: list[Token] = []

    def add(self, text: str) -> tuple[int, int]:
        start = len(self.tokens)
        # The written form of a record ends nowhere in the transcript.
        self.tokens += [Token(match.group(), 0, 0) for match in _TOKEN.finditer(text)] or [Token("—", 0, 0)]
        return start, len(self.tokens)


def _draft(record: Record, form: Form) -> Draft:
    """The record as a draft again: each value a fact over its own words, behind them what was heard."""
    words = _Words()
    entries = tuple(
        Entry(item, tuple(_facts(item, record.fields[item.key], words)))
        for item in form.items
        if item.key in record.fields
    )
    allergies = [
        Allergy(*words.add(each.substance), substance=each.substance, classes=_classes(each.substance))
        for each in record.allergies
        if each.substance and not each.denied
    ]
    doc = Doc(Vocab(), words=[token.text for token in words.tokens])
    facts.put(doc, Allergy, allergies)
    words.add(record.transcript.text)
    written = Written(Transcript("", ()), tuple(words.tokens))
    return Draft(
        form=form,
        written=written,
        doc=doc,
        language=record.language,
        engine=record.recogniser.engine if record.recogniser else None,
        context=record.context,
        alignment=Alignment(written),
        entries=entries,
    )


def _facts(item: Item, field: Field, words: _Words) -> Iterator[Fact]:
    detail = item.binding.detail if item.binding else ""
    match field:
        case NumberField(value=value) if value is not None:
            yield Measurement(*words.add(str(value)), kind=detail, value=float(value), unit=field.unit)
        case DiagnosisField():
            for diagnosis in field.value:
                yield Diagnosis(
                    *words.add(diagnosis.text), text=diagnosis.text, role=diagnosis.role, icd10=diagnosis.icd10
                )
        case MedicationField():
            for drug in field.value:
                yield Medication(*words.add(drug.text), name=drug.name, said=drug.said)
        case ExaminationField():
            for examination in field.value:
                yield Examination(*words.add(examination.text), text=examination.text)
        case TextField() if item.binding and item.binding.source == "section":
            yield Section(*words.add(field.value), kind=detail)
        case _:
            return


def _classes(substance: str) -> tuple[str, ...]:
    """The words of a substance in their dictionary form: one of them may name a class of drugs ("сульфаниламиды")."""
    return tuple(parses(word)[0].normal_form for word in substance.split())
