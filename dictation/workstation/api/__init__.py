"""The HTTP interface: one router for each kind of thing."""

from __future__ import annotations

from fastapi import APIRouter, Security
from fastapi.security import APIKeyHeader, HTTPBearer

from dictation.workstation.access import DOCTOR_HEADER
from dictation.workstation.api import changes, forms, records, reference, signing, unfinished

# What a program sends; a browser has its cookie instead. `access` looks at them, these only tell of them.
_TOKEN = HTTPBearer(auto_error=False, description="The token of a program; a browser has its cookie instead")
_DOCTOR = APIKeyHeader(
    name=DOCTOR_HEADER, auto_error=False, description="The doctor's name, percent-encoded, for whom the program acts"
)


def routers() -> list[APIRouter]:
    """Everything that is mounted under `/api/v1` besides the entrance and the socket."""
    described = APIRouter(dependencies=[Security(_TOKEN), Security(_DOCTOR)])
    for module in (records, changes, signing, forms, reference, unfinished):
        described.include_router(module.router)
    return [described]
