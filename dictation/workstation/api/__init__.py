"""The HTTP interface: one router for each kind of thing."""

from __future__ import annotations

from fastapi import APIRouter

from dictation.workstation.api import changes, forms, records, reference, signing, unfinished


def routers() -> list[APIRouter]:
    """Everything that is mounted under `/api/v1` besides the entrance and the socket."""
    return [module.router for module in (records, changes, signing, forms, reference, unfinished)]
