"""What stands in the addresses of the interface."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator

from dictation.workstation.shelf import canonical_id

RecordId = Annotated[str, Path(), AfterValidator(canonical_id)]
"""The id of a record in one spelling, however it was written. Failure `not-found` where it is none."""
