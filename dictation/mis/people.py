"""Who and when: patient, doctor, encounter, and the program that listened."""

from __future__ import annotations

from importlib.metadata import version

from dictation.forms.iin import is_valid
from dictation.mis.identity import Identity
from dictation.mis.resources import Json, Resource, Subject, checked


def patient(subject: Subject) -> Resource:
    """The patient by ИИН. A number with a wrong check digit is kept, but finds nobody: it could be another's."""
    known = subject.record.context.patient
    content: Json = {
        "gender": known.sex,
        "birthDate": known.birth_date.isoformat() if known.birth_date else None,
        "name": [{"text": known.name}] if known.name else None,
    }
    content = {key: value for key, value in content.items() if value is not None}
    if known.iin and is_valid(known.iin):
        identity = Identity(subject.systems.iin, known.iin)
        return _found_by("Patient", identity, content)
    made = subject.made("Patient", "Patient", content)
    if known.iin:
        made.content["identifier"].append({"use": "temp", "system": subject.systems.iin, "value": known.iin})
    return made


def practitioner(subject: Subject) -> Resource | None:
    """The doctor as the context names them."""
    name = subject.record.context.visit.practitioner
    if not name:
        return None
    identity = Identity(subject.systems.practitioner, name)
    return _found_by("Practitioner", identity, {"name": [{"text": name}]})


def device(subject: Subject) -> Resource:
    """This program with the recogniser that heard: engine, model and hash of the weights."""
    heard = subject.record.recogniser
    program = version("dictation")
    parts = [program, heard.engine, heard.model] if heard else [program]
    identity = Identity(subject.systems.device, "/".join(["dictation", *parts]))
    versions: list[Json] = [{"type": {"text": "dictation"}, "value": program}]
    if heard:
        versions.append({"type": {"text": f"recogniser {heard.engine}"}, "value": heard.model})
        if heard.sha256:
            versions.append({"type": {"text": "sha256"}, "value": heard.sha256})
    name = [{"name": "dictation", "type": "model-name"}]
    return _found_by("Device", identity, {"deviceName": name, "version": versions})


def encounter(subject: Subject) -> Resource:
    """The outpatient visit, by the number that the MIS gave it."""
    visit = subject.record.context.visit
    content: Json = {
        "status": "finished" if subject.signed else "in-progress",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "subject": subject.patient,
        "period": {"start": subject.when},
    }
    if visit.practitioner:
        content["participant"] = [{"individual": subject.reference("Practitioner")}]
    if visit.id:
        return _found_by("Encounter", Identity(subject.systems.visit, visit.id), content)
    return subject.made("Encounter", "Encounter", content)


def _found_by(kind: str, identity: Identity, content: Json) -> Resource:
    """A resource that other records may share: found by what names it everywhere, not by this record."""
    return Resource(kind, checked(kind, {"identifier": [identity.as_fhir()], **content}), identity.condition())
