"""What stands in the addresses of the interface."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import Path
from pydantic import AfterValidator

from dictation.workstation.failures import Failure


def _canonical(identifier: str) -> str:
    try:
        return str(UUID(identifier))
    except ValueError:
        raise Failure("not-found") from None


RecordId = Annotated[str, Path(), AfterValidator(_canonical)]
"""The id of a record in one spelling, however it was written. Failure `not-found` where it is none."""
