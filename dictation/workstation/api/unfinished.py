"""Dictations that were broken off."""

from __future__ import annotations

from fastapi import APIRouter

from dictation.workstation.access import Unlocked
from dictation.workstation.api.answers import PROBLEMS
from dictation.workstation.api.strict import StrictRoute
from dictation.workstation.draft import Draft

router = APIRouter(tags=["dictations"], responses=PROBLEMS, route_class=StrictRoute)


@router.post("/dictations/{dictation}/recover")
def recover(dictation: str, caller: Unlocked) -> Draft:
    """The record of a dictation that was broken off. Takes as long as recognising its sound does."""
    return caller.desk.recover(caller.store, dictation)


@router.delete("/dictations/{dictation}", status_code=204)
def delete_dictation(dictation: str, caller: Unlocked) -> None:
    """Delete a dictation that is not finished, its sound included."""
    caller.desk.cancel(caller.store, dictation)
