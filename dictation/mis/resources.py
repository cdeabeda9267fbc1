"""A resource of a bundle, checked against the classes of FHIR R4 as soon as it is made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from dictation.errors import InputError
from dictation.forms.reasons import Reason, texts
from dictation.forms.record import Record
from dictation.forms.signed import Signed
from dictation.grammar.labels import labels
from dictation.mis.identity import RECORD_TAG, Identity, Systems, full_url

Json = dict[str, Any]

CHECK_TAG = {"system": "urn:dictation:fhir:status", "code": "check"}
CHECK_EXTENSION = "urn:dictation:fhir:check"


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry: its place in the record ("Observation/temperature"), the resource, and the query that finds it on
    a server which has it already."""

    path: str
    content: Json
    condition: str

    def entry(self, record: UUID) -> Json:
        return {
            "fullUrl": full_url(record, self.path),
            "resource": self.content,
            "request": {
                "method": "POST",
                "url": self.content["resourceType"],
                "ifNoneExist": self.condition,
            },
        }


@dataclass(frozen=True, slots=True)
class Subject:
    """What every clinical resource of a record refers to; `signed` tells whether the doctor stands for it,
    or how it was signed."""

    record: Record
    systems: Systems
    signed: bool | Signed

    def reference(self, path: str) -> Json:
        return {"reference": full_url(self.record.id, path)}

    @property
    def patient(self) -> Json:
        return self.reference("Patient")

    @property
    def encounter(self) -> Json:
        return self.reference("Encounter")

    @property
    def author(self) -> Json:
        """The doctor, where the context names one, else the program."""
        return self.reference("Practitioner" if self.record.context.visit.practitioner else "Device")

    @property
    def when(self) -> str:
        """The moment the record speaks of: when it was dictated, or the visit's day where that was another."""
        day = self.record.context.visit.date
        created = self.record.created
        return created.isoformat() if day is None or day == created.date() else day.isoformat()

    def identity(self, path: str) -> Identity:
        return Identity(self.systems.record, f"{self.record.id}/{path}")

    def made(self, kind: str, path: str, content: Json, *, many: bool = True, tagged: bool = False) -> Resource:
        """A resource with its identifier (a list where `many`), or, for kinds that have none, found by its tag."""
        identity = self.identity(path)
        tag = {"system": RECORD_TAG, "code": str(self.record.id)}
        named: Json = {} if tagged else {"identifier": [identity.as_fhir()] if many else identity.as_fhir()}
        condition = f"_tag={RECORD_TAG}%7C{self.record.id}" if tagged else identity.condition()
        meta = content.pop("meta", {})
        full = {**named, **content, "meta": {"tag": [tag, *meta.get("tag", [])]}}
        return Resource(path, checked(kind, full), condition)

    def doubts(self, reasons: list[Reason]) -> Json:
        """How a value that needs a look says so: a tag for programs and, until it is signed, a note for people."""
        if not reasons:
            return {}
        return {"meta": {"tag": [CHECK_TAG]}, **({} if self.signed else {"note": [{"text": doubt_text(reasons)}]})}


def doubt_text(reasons: list[Reason]) -> str:
    """Why a look is needed, for people."""
    return f"{labels('ru').needs_check}: {'; '.join(texts('ru')[code] for code in reasons)}"


def checked(kind: str, content: Json) -> Json:
    """The resource as JSON data, validated as FHIR R4."""
    try:
        model = get_fhir_model_class(kind).model_validate({"resourceType": kind, **content})
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"the record cannot become a FHIR {kind}: {place}: {first['msg']}") from error
    return dict(model.model_dump(mode="json"))
