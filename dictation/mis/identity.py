"""How resources are named, so that sending a record twice makes nothing twice."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID, uuid5

RECORD_TAG = "urn:dictation:fhir:record"


@dataclass(frozen=True, slots=True)
class Systems:
    """Identifier systems of a clinic. No official URI of the ИИН is published: it is agreed with the MIS."""

    iin: str = "urn:kz:iin"
    visit: str = "urn:dictation:fhir:visit"
    practitioner: str = "urn:dictation:fhir:practitioner"
    device: str = "urn:dictation:fhir:device"
    record: str = RECORD_TAG


@dataclass(frozen=True, slots=True)
class Identity:
    """A business identifier: the pair that a server looks for before it creates."""

    system: str
    value: str

    def as_fhir(self) -> dict[str, str]:
        return {"system": self.system, "value": self.value}

    def condition(self) -> str:
        """The query of `ifNoneExist`."""
        return f"identifier={quote(f'{self.system}|{self.value}', safe=':')}"


def full_url(record: UUID, path: str) -> str:
    """The name of a resource within a bundle: the same record gives the same names."""
    return uuid5(record, path).urn
