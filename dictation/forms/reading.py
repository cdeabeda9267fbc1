"""Text that was typed, read by the clinical pipeline as if it had been said into its field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from dictation.forms.contents import item_says
from dictation.forms.context import Context
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reasons import Reason
from dictation.forms.record import AllergyItem, Evidence, FindingItem, NumberField, ReadFromText, Record

ItemT = TypeVar("ItemT", FindingItem, AllergyItem)

_TOLD_IN = {"findings": "complaints", "allergies": "allergies"}


class Read(Protocol):
    """Reads a typed text as if it had been said into a field of the form, as a record of that text alone."""

    def __call__(self, text: str, field: str | None, context: Context | None) -> Record: ...


def read_text(text: str, item: Item, record: Record, dictated: Record, read: Read) -> ReadFromText:
    """What a text field tells now. What it told before keeps its place in the recording."""
    if item.binding is None or item.binding.source != "section":
        return ReadFromText()
    found = read(text, item.key, record.context)
    return ReadFromText(
        findings=placed(found.findings, dictated.findings),
        allergies=placed(found.allergies, dictated.allergies),
        numbers={
            key: field.value
            for key, field in found.fields.items()
            if isinstance(field, NumberField) and field.value is not None
        },
    )


def read_findings(line: str, form: Form, record: Record, read: Read) -> list[FindingItem]:
    """Findings of a typed line. What is not understood is a finding in its own words, to be looked at."""
    said = read(line, _field_of(form, "findings"), record.context).findings
    return placed(said, record.findings) or [FindingItem(text=line, status="present", check=[Reason.UNCERTAIN])]


def read_allergies(line: str, form: Form, record: Record, read: Read) -> list[AllergyItem]:
    """The same for allergies."""
    said = read(line, _field_of(form, "allergies"), record.context).allergies
    return placed(said, record.allergies) or [AllergyItem(substance=line, check=[Reason.NOT_UNDERSTOOD])]


def placed(items: Iterable[ItemT], known: Sequence[ItemT]) -> list[ItemT]:
    """Items of a typed text: at no place of the recording, but where the same was dictated."""
    return [item.model_copy(update={"evidence": _evidence(item, known)}) for item in items]


def _evidence(item: ItemT, known: Sequence[ItemT]) -> list[Evidence]:
    says = item_says(item)
    found = next((each for each in known if item_says(each) == says), None)
    return found.evidence if found else []


def _field_of(form: Form, name: str) -> str | None:
    """The field into which such a text would be said."""
    kind = _TOLD_IN[name]
    return next((item.key for item in form.bound_to("section") if item.binding and item.binding.detail == kind), None)
