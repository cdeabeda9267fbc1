"""What an assertion becomes in FHIR. One table, so that an absent finding can never become an active Condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dictation.forms.record import Assertion


@dataclass(frozen=True, slots=True)
class Meaning:
    """`resource` to make; for a Condition its clinical status (None: none may be given) and how sure it is."""

    resource: Literal["Condition", "FamilyMemberHistory"]
    clinical: str | None = None
    verification: str | None = None


MEANINGS: dict[Assertion, Meaning] = {
    "present": Meaning("Condition", "active", "confirmed"),
    "possible": Meaning("Condition", "active", "unconfirmed"),
    "historical": Meaning("Condition", "inactive", "confirmed"),
    "absent": Meaning("Condition", None, "refuted"),
    "family": Meaning("FamilyMemberHistory"),
}

# How sure a diagnosis is by the way it was announced.
DIAGNOSES: dict[str, str] = {
    "main": "confirmed",
    "complication": "confirmed",
    "comorbid": "confirmed",
    "preliminary": "provisional",
}
