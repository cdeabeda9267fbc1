"""What a doctor does with a record by hand: values changed, doubts confirmed, and all of it taken back.

A record is what was dictated with its review laid over it. Both directions are pure: a fresh filling of the same
dictation gets the same changes, and `dictated` gives back what was dictated, to the last key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dictation.errors import UsageError
from dictation.forms.confirmed import confirmed_names, doubted_names, holds, is_part, open_names
from dictation.forms.contents import ALLERGIES, CONTEXT, FINDINGS, NOTICES, digest
from dictation.forms.context import Context
from dictation.forms.overlay import overlaid
from dictation.forms.questionnaire import Form
from dictation.forms.record import AsDictated, Change, Confirmation, Record, Review

__all__ = [
    "Edit",
    "changed",
    "confirm",
    "confirmed_names",
    "dictated",
    "doubted_names",
    "open_names",
    "reapplied",
    "revert",
    "unconfirm",
    "with_context",
    "without",
]

Edit = Callable[[Record, Form], Record]
"""Something done to a record by hand."""


def dictated(record: Record) -> Record:
    """The record as it was dictated, without what was done by hand."""
    covered = record.review.dictated
    lists = {
        FINDINGS: covered.findings,
        ALLERGIES: covered.allergies,
        NOTICES: covered.notices,
        CONTEXT: covered.context,
    }
    parts = {name: part for name, part in lists.items() if part is not None}
    return record.model_copy(update={**parts, "fields": record.fields | covered.fields, "review": Review()})


def reapplied(record: Record, review: Review, form: Form) -> Record:
    """A record with this review in place of the one that it has: a fresh filling, or one that has a review on.

    Changes of fields that the form has no more are kept and change nothing. A confirmation falls where what was
    confirmed is not what stands there now.
    """
    before = dictated(record)
    if not review.changes and not review.confirmed:
        return before
    now = overlaid(before, review.changes, form) if review.changes else before
    standing = [each for each in review.confirmed if holds(now, each)]
    return now.model_copy(
        update={
            "review": Review(changes=review.changes, confirmed=standing, dictated=_covered(before, now)),
        }
    )


def changed(record: Record, form: Form, change: Change) -> Record:
    """The record with a value set by hand, in place of what was set there before."""
    others = [each for each in record.review.changes if (each.of, each.field) != (change.of, change.field)]
    return _with(record, form, [*others, change])


def without(record: Record, form: Form, of: str) -> Record:
    """The record without a list of findings or allergies, or a context, that was set by hand."""
    return _with(record, form, [each for each in record.review.changes if each.of != of])


def revert(record: Record, form: Form, field: str) -> Record:
    """A field (or findings, allergies, the context) as it was dictated. UsageError where there is no such field."""
    if field != CONTEXT:
        _known(record, field)
    return _with(record, form, [each for each in record.review.changes if each.field != field])


def with_context(record: Record, form: Form, context: Context, by: str, at: datetime) -> Record:
    """The record of another patient or visit, the checks made anew."""
    before = dictated(record).context
    if context == before:
        return revert(record, form, CONTEXT)
    told = {"before": before.model_dump(mode="json"), "value": context.model_dump(mode="json")}
    return changed(record, form, Change(field=CONTEXT, of=CONTEXT, by=by, at=at, **told))


def confirm(record: Record, form: Form, name: str, by: str, at: datetime) -> Record:
    """A doubt looked at and found right, as it stands now: a field, `findings`, `allergies` or `notices`."""
    _known(record, name)
    if name not in open_names(record):
        return record
    new = Confirmation(name=name, by=by, at=at, digest=digest(record, name))
    kept = [each for each in record.review.confirmed if each.name != name]
    review = record.review.model_copy(update={"confirmed": [*kept, new]})
    return reapplied(record, review, form)


def unconfirm(record: Record, form: Form, name: str) -> Record:
    """The same taken back."""
    _known(record, name)
    kept = [each for each in record.review.confirmed if each.name != name]
    return reapplied(record, record.review.model_copy(update={"confirmed": kept}), form)


def _with(record: Record, form: Form, changes: list[Change]) -> Record:
    return reapplied(record, record.review.model_copy(update={"changes": changes}), form)


def _covered(before: Record, now: Record) -> AsDictated:
    """What of the dictated record cannot be seen in the changed one."""
    return AsDictated(
        fields={key: field for key, field in before.fields.items() if field != now.fields[key]},
        findings=before.findings if before.findings != now.findings else None,
        allergies=before.allergies if before.allergies != now.allergies else None,
        notices=before.notices if before.notices != now.notices else None,
        context=before.context if before.context != now.context else None,
    )


def _known(record: Record, name: str) -> None:
    if not is_part(record, name):
        raise UsageError(f"record {record.id}: no field '{name}'")
