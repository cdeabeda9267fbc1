"""Changes by hand laid over a dictated record: values, what hangs on them, and the checks made anew.

The rest of the record stays as it was dictated. A check whose outcome the changes alter is told or withdrawn where
its value stands; every other reason stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import TypeVar

from pydantic import TypeAdapter

from dictation.forms.contents import ALLERGIES, CONTEXT, FINDINGS, dictated_digest, item_says, items_value, said
from dictation.forms.context import Context
from dictation.forms.draft import Doubt
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reasons import Reason
from dictation.forms.record import (
    AllergyItem,
    Alternative,
    Change,
    DiagnosisField,
    ExaminationField,
    Field,
    FindingItem,
    ListField,
    ListItem,
    MedicationField,
    Notice,
    NumberField,
    Record,
    TextField,
    UnfilledField,
)
from dictation.forms.rejudging import rejudged
from dictation.forms.told import allergies_left_out, numbers_told_otherwise, within
from dictation.forms.values import value_doubts

ItemT = TypeVar("ItemT", FindingItem, AllergyItem)

_FINDINGS, _ALLERGIES = TypeAdapter(list[FindingItem]), TypeAdapter(list[AllergyItem])
_LISTS: Mapping[str, type[ListField]] = {
    "diagnoses": DiagnosisField,
    "medications": MedicationField,
    "examinations": ExaminationField,
}


def overlaid(base: Record, changes: list[Change], form: Form) -> Record:
    """A dictated record with changes laid over it, its review left empty."""
    by_name = {change.field: change for change in changes if change.of == "field"}
    parts = {change.of: change for change in changes if change.of != "field"}
    items = {item.key: item for item in form.items}
    fields = {
        key: _entered(field, items[key], by_name[key]) if key in by_name and key in items else field
        for key, field in base.fields.items()
    }
    findings, allergies = base.findings, base.allergies
    for key, change in by_name.items():
        if key in base.fields and key in items and items[key].kind == "text":
            findings = _reread(findings, change.read.findings if change.read else None, base.fields[key], change)
            allergies = _reread(allergies, change.read.allergies if change.read else None, base.fields[key], change)
    if FINDINGS in parts:
        findings = _set(findings, _FINDINGS.validate_python(parts[FINDINGS].value), parts[FINDINGS])
    if ALLERGIES in parts:
        allergies = _set(allergies, _ALLERGIES.validate_python(parts[ALLERGIES].value), parts[ALLERGIES])
    context = Context.model_validate(parts[CONTEXT].value) if CONTEXT in parts else base.context
    now = base.model_copy(update={"fields": fields, "findings": findings, "allergies": allergies, "context": context})
    left_out = allergies_left_out(base, now, by_name) if ALLERGIES in parts else {}
    # Until it is known which is right, a prescription is held against what the text tells, too.
    all_told = now.model_copy(update={"allergies": [*allergies, *chain.from_iterable(left_out.values())]})
    doubts, known = value_doubts(all_told, form), value_doubts(base, form)
    doubts += [*numbers_told_otherwise(base, now, by_name), *(Doubt(Reason.CONTRADICTION, key) for key in left_out)]
    return now.model_copy(
        update={
            "fields": {key: rejudged(base.fields[key], field, key, known, doubts) for key, field in fields.items()},
            "notices": _notices(base.notices, known, doubts),
        }
    )


def _entered(base: Field, item: Item, change: Change) -> Field:
    """A field with what was entered. More that was dictated into it since stands beside it and asks for a look."""
    since = _since(base, change)
    reasons = [Reason.DICTATED_SINCE] if since else []
    told = {
        "reasons": reasons,
        "status": "check" if reasons else "ok",
        "evidence": base.evidence,
        "alternatives": [
            *(_alternatives(base, change) if since else []),
            *(other for other in base.alternatives if other.value != change.value),
        ],
    }
    empty = "check" if reasons else "empty"
    if item.kind == "number":
        if change.value is None:
            told["status"] = empty
        return NumberField.model_validate(
            {**told, "value": change.value, "unit": item.unit or getattr(base, "unit", None)}
        )
    if not change.value:
        return UnfilledField.model_validate({**told, "status": empty})
    if item.kind == "text":
        return TextField.model_validate({**told, "value": change.value})
    return _LISTS[item.kind].model_validate({**told, "value": change.value})


def _alternatives(base: Field, change: Change) -> list[Alternative]:
    """What stands dictated now and did not when the field was changed."""
    match base:
        case NumberField() | TextField():
            return [] if base.value is None else [Alternative(value=base.value, evidence=base.evidence)]
        case _:
            return [Alternative(value=item.text, evidence=item.evidence) for item in undecided(base, change)]


def undecided(base: Field, change: Change) -> list[ListItem]:
    """Items of a list that stand dictated now, did not when the field was changed, and are not among what it was set
    to."""
    if not isinstance(base, ListField):
        return []
    decided = [*(said(change.before) or []), *(said(change.value) or [])]
    return [item for item in base.value if item_says(item) not in decided]


def _reread(items: list[ItemT], read: list[ItemT] | None, text: Field, change: Change) -> list[ItemT]:
    """Findings (or allergies) of a text that was changed: those read from what it says now; where nobody read it, and
    where more was dictated since, those of the dictated text as well, doubted."""
    inside = [item for item in items if within(item, text.evidence)]
    if read is None:
        return [_doubted(item, Reason.EDITED_TEXT) if item in inside else item for item in items]
    now = list(read)
    if _since(text, change):
        known = said(items_value(read))
        left = [item for item in inside if item_says(item) not in known]
        now += [_doubted(item, Reason.DICTATED_SINCE) for item in left]
    first = items.index(inside[0]) if inside else len(items)
    now[:0] = items[:first]
    now += [item for item in items[first:] if item not in inside]
    return now


def _set(items: list[ItemT], entered: list[ItemT], change: Change) -> list[ItemT]:
    """A list set by hand, and behind it, to be looked at, what was dictated since."""
    known = [*(said(change.before) or []), *said(items_value(entered))]
    new = [item for item in items if item_says(item) not in known]
    return list(chain(entered, (_doubted(item, Reason.DICTATED_SINCE) for item in new)))


def _doubted(item: ItemT, reason: Reason) -> ItemT:
    return item.model_copy(update={"check": list(dict.fromkeys([*item.check, reason]))})


def _since(base: Field, change: Change) -> bool:
    """Whether what is dictated now is not what was dictated when the field was changed."""
    return dictated_digest(base) != change.seen


def _notices(notices: list[Notice], known: list[Doubt], doubts: list[Doubt]) -> list[Notice]:
    """The notices, less those that hold no more, and the new ones."""
    gone, new = _of_record(known), _of_record(doubts)
    kept = [notice for notice in notices if (notice.reason, notice.text) not in gone - new]
    standing = {(notice.reason, notice.text) for notice in kept}
    return [*kept, *(Notice(reason=code, text=text) for code, text in sorted(new - standing - gone))]


def _of_record(doubts: list[Doubt]) -> set[tuple[Reason, str]]:
    return {(doubt.reason, doubt.text) for doubt in doubts if doubt.key is None}
