"""What a doctor does with a record by hand. Every answer is the draft as it is then.

`version` in the query is the version that the client has seen: where another window has made a newer one, the answer
is `changed`, and nothing was done. A record that is being dictated has none.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from dictation.forms import review
from dictation.forms.confirmed import is_part
from dictation.forms.contents import ALLERGIES, CONTEXT, FINDINGS, said, shown_value
from dictation.forms.context import Context
from dictation.forms.entering import entered
from dictation.forms.questionnaire import Form
from dictation.forms.record import Record
from dictation.workstation.access import Unlocked
from dictation.workstation.api.answers import PROBLEMS
from dictation.workstation.api.paths import RecordId
from dictation.workstation.api.strict import StrictRoute
from dictation.workstation.draft import Draft
from dictation.workstation.failures import Failure

router = APIRouter(tags=["changes"], responses=PROBLEMS, route_class=StrictRoute)

Seen = Annotated[int | None, Query(ge=1, le=1_000_000, description="The version that the client has seen")]
Name = Annotated[str, Path(min_length=1, max_length=255)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewValue(_Body):
    """A value: text, number, a list of items in the record's shape or of plain lines, null to empty the field.
    `chosen`: picked from what the program offered. `seen`: the value that the doctor saw when changing it; where
    another stands there by now, because more was dictated, the answer is `changed`."""

    value: Any
    chosen: bool = False
    seen: Any = None


class Confirming(_Body):
    """The key of a field, or `findings`, `allergies`, `notices`; `seen` as for a value."""

    name: str = Field(min_length=1, max_length=255)
    seen: Any = None


class Reverting(_Body):
    """The key of a field, or `findings`, `allergies`, `context`."""

    field: str = Field(min_length=1, max_length=255)


@router.put("/records/{record}/fields/{key:path}")
def set_field(record: RecordId, key: Name, body: NewValue, caller: Unlocked, version: Seen = None) -> Draft:
    """Set a value by hand. A plain text for a list, and a text that findings are told in, is read as if it had been
    said into that field. What was dictated stays in the record's review."""
    shown = caller.desk.draft(caller.store, record).record
    if key not in shown.fields and key not in {FINDINGS, ALLERGIES}:
        raise Failure("unknown-field")
    read = caller.desk.dictation(shown.form).read
    moment, doctor = _now(), caller.store.actor

    def change(now: Record, form: Form) -> Record:
        _refuse_unseen(now, key, body)
        return entered(now, form, key, body.value, chosen=body.chosen, by=doctor, at=moment, read=read)

    return caller.desk.change(caller.store, record, change, version=version)


@router.post("/records/{record}/confirm")
def confirm(record: RecordId, body: Confirming, caller: Unlocked, version: Seen = None) -> Draft:
    """Say that a doubt was looked at and the value is right. It falls when the value changes."""
    moment, doctor = _now(), caller.store.actor

    def change(now: Record, form: Form) -> Record:
        _known(now, body.name)
        _refuse_unseen(now, body.name, body)
        return review.confirm(now, form, body.name, doctor, moment)

    return caller.desk.change(caller.store, record, change, version=version)


@router.delete("/records/{record}/confirm/{name:path}")
def unconfirm(record: RecordId, name: Name, caller: Unlocked, version: Seen = None) -> Draft:
    """Take that back."""

    def change(now: Record, form: Form) -> Record:
        _known(now, name)
        return review.unconfirm(now, form, name)

    return caller.desk.change(caller.store, record, change, version=version)


@router.post("/records/{record}/undo")
def undo(record: RecordId, caller: Unlocked, version: Seen = None) -> Draft:
    """Take back what was done last."""
    return caller.desk.undo(caller.store, record, version=version)


@router.post("/records/{record}/redo")
def redo(record: RecordId, caller: Unlocked, version: Seen = None) -> Draft:
    """Do again what was taken back last."""
    return caller.desk.redo(caller.store, record, version=version)


@router.post("/records/{record}/revert")
def revert(record: RecordId, body: Reverting, caller: Unlocked, version: Seen = None) -> Draft:
    """Back to what was dictated."""

    def change(now: Record, form: Form) -> Record:
        if body.field != CONTEXT:
            _known(now, body.field)
        return review.revert(now, form, body.field)

    return caller.desk.change(caller.store, record, change, version=version)


@router.put("/records/{record}/context")
def set_context(record: RecordId, body: Context, caller: Unlocked, version: Seen = None) -> Draft:
    """Say whose record it is, and of which visit; the checks are made anew."""
    return caller.desk.set_context(caller.store, record, body, _now(), version=version)


def _known(record: Record, name: str) -> None:
    if not is_part(record, name):
        raise Failure("unknown-field")


def _refuse_unseen(now: Record, name: str, body: NewValue | Confirming) -> None:
    """A doctor decides about what is on the screen: while one speaks, something else may stand there by then."""
    if "seen" in body.model_fields_set and said(body.seen) != said(shown_value(now, name)):
        raise Failure("changed")


def _now() -> datetime:
    return datetime.now(UTC)
