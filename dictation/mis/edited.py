"""Values changed by hand in a bundle: they go out as they were changed, and what was dictated is told with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dictation.forms.edits import edit_line, edits, name_of, shown
from dictation.forms.questionnaire import Form
from dictation.forms.record import Change
from dictation.mis.resources import Json, Resource, Subject, checked

EDITED_EXTENSION = "urn:dictation:fhir:edited"
EDITED_TAG = {"system": "urn:dictation:fhir:status", "code": "edited"}

_LANGUAGE = "ru"
_PRESSURE = "Observation/blood-pressure"
_NOTED = frozenset({"Condition", "MedicationRequest", "ServiceRequest", "Observation"})


def edited_extension(change: Change) -> Json:
    """What was dictated, who changed it, and when."""
    return {
        "url": EDITED_EXTENSION,
        "extension": [
            {"url": "dictated", "valueString": shown(change.before) or "—"},
            {"url": "by", "valueString": change.by},
            {"url": "at", "valueDateTime": change.at.isoformat()},
        ],
    }


def edited_parts(subject: Subject, form: Form) -> Iterator[Json]:
    """The same for what is no field of the form: findings, allergies, the patient and visit."""
    for change in subject.record.review.changes:
        if change.of != "field":
            named = {"url": "of", "valueString": name_of(change, form, _LANGUAGE)}
            extension = edited_extension(change)
            yield {**extension, "extension": [named, *extension["extension"]]}


def with_edits(resources: Iterable[Resource], subject: Subject, form: Form) -> list[Resource]:
    """Clinical resources, those of changed fields with a tag and a note that tell it."""
    changed = edits(subject.record)
    both = {"systolic", "diastolic"}
    pressure = [item.key for item in form.bound_to("measurement") if item.binding and item.binding.detail in both]
    found = []
    for resource in resources:
        kind, _, rest = resource.path.partition("/")
        keys = pressure if resource.path == _PRESSURE else [rest.rpartition("/")[0] or rest]
        told = [changed[key] for key in keys if key in changed]
        found.append(_told(resource, told) if told and kind in _NOTED else resource)
    return found


def _told(resource: Resource, changes: list[Change]) -> Resource:
    content = resource.content
    meta = {**content["meta"], "tag": [*content["meta"]["tag"], EDITED_TAG]}
    notes = [*content.get("note", []), *({"text": edit_line(change, _LANGUAGE)} for change in changes)]
    kind = content["resourceType"]
    rest = {key: value for key, value in content.items() if key != "resourceType"}
    return replace(resource, content=checked(kind, {**rest, "meta": meta, "note": notes}))
