"""Records: listed, looked at, printed, listened to, deleted."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from dictation.audio.blocks import RATE, Samples
from dictation.audio.wav import write_wav
from dictation.forms.page import to_html
from dictation.forms.signed import Signed
from dictation.mis.bundle import to_bundle
from dictation.mis.document import signed_as
from dictation.store import Search
from dictation.workstation import shelf
from dictation.workstation.access import Caller, Unlocked
from dictation.workstation.api.answers import JSON_PROBLEMS, PROBLEMS, ListedRecord, RecordList, VersionList
from dictation.workstation.api.answers import KeptVersion as Kept
from dictation.workstation.api.paths import RecordId
from dictation.workstation.api.strict import StrictRoute
from dictation.workstation.draft import Draft
from dictation.workstation.failures import Failure

router = APIRouter(tags=["records"], responses=PROBLEMS, route_class=StrictRoute)

MOST_SECONDS = 1800.0
"""Of sound in one answer."""

_PRINT_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

Version = Annotated[int | None, Query(ge=1, le=1_000_000, description="A version; the newest otherwise")]


class Searching(BaseModel):
    """What to list: `patient` is an ИИН or a part of a name; the days are those of making, both included."""

    model_config = ConfigDict(extra="forbid")

    patient: str | None = Field(default=None, max_length=200)
    since: date | None = None
    until: date | None = None
    signed: bool | None = None
    form: str | None = Field(default=None, max_length=64, pattern=r"^[^\x00]*$")
    limit: int = Field(default=100, ge=1, le=1000)


@router.get("/records")
def list_records(wanted: Annotated[Searching, Query()], caller: Unlocked) -> RecordList:
    """Records that match. Who searches for a patient does it by POST, so that no address holds a name or number."""
    if wanted.patient is not None:
        raise Failure("invalid", detail="a patient is searched for with POST /records/search")
    return search_records(wanted, caller)


@router.post("/records/search")
def search_records(wanted: Searching, caller: Unlocked) -> RecordList:
    """Records that match."""
    found = caller.store.records(Search(**wanted.model_dump()))
    return RecordList(records=[ListedRecord.model_validate(one) for one in found])


@router.get("/records/{record}")
def get_record(record: RecordId, caller: Unlocked, version: Version = None) -> Draft:
    """A record, also one that is being dictated."""
    return caller.desk.draft(caller.store, record, version)


@router.get("/records/{record}/versions")
def list_versions(record: RecordId, caller: Unlocked) -> VersionList:
    """Who made which version when."""
    kept = caller.store.versions(shelf.listed(caller.store, record).id)
    return VersionList(versions=[Kept.model_validate(one) for one in kept])


@router.get("/records/{record}/bundle")
def get_bundle(record: RecordId, caller: Unlocked, version: Version = None) -> dict[str, Any]:
    """The record as a FHIR R4 transaction; preliminary until it is signed. The audit log tells that it left."""
    draft = _handed_out(record, caller, version)
    return to_bundle(
        draft.record, caller.desk.dictation(draft.record.form).form, signed=_signed(record, caller, draft) or False
    )


@router.get("/records/{record}/print", response_class=HTMLResponse, responses=JSON_PROBLEMS)
def print_record(record: RecordId, caller: Unlocked, version: Version = None) -> HTMLResponse:
    """The record as an A4 page, as the paper form looks; a draft until it is signed."""
    draft = _handed_out(record, caller, version)
    page = to_html(draft.record, caller.desk.dictation(draft.record.form).form, _signed(record, caller, draft))
    return HTMLResponse(page, headers={"content-security-policy": _PRINT_POLICY})


@router.get(
    "/records/{record}/audio",
    response_class=Response,
    responses=JSON_PROBLEMS | {200: {"content": {"audio/wav": {"schema": {"type": "string", "format": "binary"}}}}},
)
def get_audio(
    record: RecordId,
    caller: Unlocked,
    start: Annotated[float, Query(ge=0, le=1e6)] = 0.0,
    end: Annotated[float | None, Query(ge=0, le=1e6)] = None,
) -> Response:
    """The sound between two seconds of the dictation, WAV 16 kHz mono; also while it is dictated."""
    if end is not None and end - start > MOST_SECONDS:
        raise Failure("too-large")
    content = io.BytesIO()
    write_wav(content, _bounded(caller.desk.sound(caller.store, record, start, end)))
    return Response(content.getvalue(), media_type="audio/wav")


@router.delete("/records/{record}", status_code=204)
def delete_record(record: RecordId, caller: Unlocked) -> None:
    """A record with every version, its signatures and its sound, beyond recovery."""
    if caller.desk.draft(caller.store, record).running:
        raise Failure("running")
    caller.store.delete_record(shelf.listed(caller.store, record).id)
    caller.desk.forget(record)


def _bounded(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The blocks of one answer. Failure `too-large`."""
    samples = 0
    for block in blocks:
        samples += len(block)
        if samples > MOST_SECONDS * RATE:
            raise Failure("too-large")
        yield block


def _handed_out(record: str, caller: Caller, version: int | None) -> Draft:
    """A record that leaves the program, which the audit log tells."""
    draft = caller.desk.draft(caller.store, record, version)
    if draft.version is not None:
        caller.store.export(str(draft.record.id), draft.version)
    return draft


def _signed(record: str, caller: Caller, draft: Draft) -> Signed | None:
    """Who signed the version that is handed out; None where nobody has."""
    signature = None if draft.version is None else caller.store.signature(record, draft.version)
    return signed_as(signature.statement, draft.record) if signature else None
