"""Signing a record and sending it."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from dictation.errors import UsageError
from dictation.forms.confirmed import open_names
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import find_profile
from dictation.workstation.access import Caller, Unlocked
from dictation.workstation.api.answers import PROBLEMS, OutboxEntry, OutboxList
from dictation.workstation.api.paths import RecordId
from dictation.workstation.api.strict import StrictRoute
from dictation.workstation.draft import Draft
from dictation.workstation.failures import Failure

router = APIRouter(tags=["signing"], responses=PROBLEMS, route_class=StrictRoute)


class Signing(BaseModel):
    """The version that the doctor has seen."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=1_000_000)


@router.post("/records/{record}/sign")
def sign(record: RecordId, body: Signing, caller: Unlocked) -> Draft:
    """Freeze a version under the doctor's name. Whatever asks for a look must be confirmed first. Not an ЭЦП."""
    draft = _finished(record, caller)
    if draft.version != body.version:
        raise Failure("changed")
    if left := open_names(draft.record):
        raise Failure("unconfirmed", open=left)
    caller.store.sign(str(draft.record.id), doctor=caller.store.actor, version=body.version)
    return caller.desk.draft(caller.store, record)


@router.post("/records/{record}/submit")
def submit(record: RecordId, caller: Unlocked) -> Draft:
    """Put the newest signed version on its way to the clinic's system."""
    draft = _finished(record, caller)
    to = caller.settings.submit_to
    if to is None:
        raise Failure("no-destination")
    Outbox(caller.store).submit(str(draft.record.id), find_profile(to))
    return caller.desk.draft(caller.store, record)


@router.get("/outbox")
def list_outbox(caller: Unlocked, everything: bool = False) -> OutboxList:
    """What waits or was refused, and why; `everything`: what has arrived too."""
    outbox = Outbox(caller.store)
    entries = outbox.entries() if everything else outbox.entries("waiting", "refused")
    return OutboxList(entries=[OutboxEntry.model_validate(entry) for entry in entries])


@router.post("/outbox/{number}/retry")
def retry(number: int, caller: Unlocked) -> OutboxEntry:
    """Send again what was refused, after what was wrong has been put right."""
    outbox = Outbox(caller.store)
    try:
        entry = outbox.entry(number)
    except (UsageError, OverflowError):
        raise Failure("not-found") from None
    if entry.state != "refused":
        raise Failure("not-refused")
    return OutboxEntry.model_validate(outbox.retry(number, find_profile(entry.destination)))


def _finished(record: str, caller: Caller) -> Draft:
    draft = caller.desk.draft(caller.store, record)
    if draft.running:
        raise Failure("running")
    return draft
