"""A record as a FHIR R4 transaction: everything or nothing, and a second submission changes nothing."""

from __future__ import annotations

from typing import Any

from dictation.forms.fields import fitted
from dictation.forms.questionnaire import Form
from dictation.forms.record import Record
from dictation.forms.signed import Signed
from dictation.mis.clinical import clinical_resources
from dictation.mis.documents import composition, provenance, questionnaire_response
from dictation.mis.edited import with_edits
from dictation.mis.identity import Systems
from dictation.mis.people import device, encounter, patient, practitioner
from dictation.mis.resources import Resource, Subject, checked


def to_bundle(
    record: Record, form: Form, *, systems: Systems | None = None, signed: bool | Signed = False
) -> dict[str, Any]:
    """The record as a transaction Bundle.

    Names and identifiers follow from the record's id, and every entry is created only where the server has none of
    its identifier. Until the doctor has signed, the documents are preliminary and orders are drafts; values that
    need a look carry the tag `urn:dictation:fhir:status|check` and a note that says why, values that were changed by
    hand the tag `…|edited` and a note that says what was dictated. `systems` are the clinic's identifier systems.
    InputError where FHIR does not allow what the record holds.
    """
    subject = Subject(fitted(record, form), systems or Systems(), signed)
    doctor = practitioner(subject)
    people: list[Resource] = [patient(subject), *([doctor] if doctor else []), encounter(subject), device(subject)]
    clinical = with_edits(clinical_resources(subject, form), subject, form)
    documents = [composition(subject, form, clinical), questionnaire_response(subject, form)]
    resources = [*people, *documents, *clinical]
    resources.append(provenance(subject, [*documents, *clinical]))
    return checked(
        "Bundle",
        {
            "type": "transaction",
            "timestamp": record.created.isoformat(),
            "entry": [resource.entry(record.id) for resource in resources],
        },
    )
