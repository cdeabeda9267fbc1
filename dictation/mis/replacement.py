"""A corrected record: the transaction that puts a new signed version in the place of those that were sent before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import unquote

Json = dict[str, Any]

_BY_STATUS = {"Observation", "MedicationRequest", "ServiceRequest", "FamilyMemberHistory"}
_BY_VERIFICATION = {
    "Condition": "http://terminology.hl7.org/CodeSystem/condition-ver-status",
    "AllergyIntolerance": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification",
}
_AMENDED = {"Composition", "QuestionnaireResponse"}


def replacing(bundle: Json, before: Sequence[Json], own: str) -> Json:
    """The transaction that writes the record's own resources over the earlier ones, by conditional update, and marks
    what the record does not say any more as entered in error.

    `before` are the transactions of the earlier versions; `own` is how the identifiers of the record's own resources
    begin. Patient, doctor and device are shared with other records: they stay created only where they are missing.
    """
    entries = [_updated(entry) if _is_own(entry, own) else entry for entry in bundle["entry"]]
    named = {entry["fullUrl"] for entry in entries}
    gone = {
        entry["fullUrl"]: entry
        for one in before
        for entry in one["entry"]
        if entry["fullUrl"] not in named and _is_own(entry, own)
    }
    return {**bundle, "entry": [*entries, *(_withdrawn(entry, named) for entry in gone.values())]}


def _is_own(entry: Json, own: str) -> bool:
    return own in unquote(entry["request"]["ifNoneExist"])


def _updated(entry: Json) -> Json:
    resource = entry["resource"]
    if resource["resourceType"] in _AMENDED:
        resource = {**resource, "status": "amended"}
    url = f"{resource['resourceType']}?{entry['request']['ifNoneExist']}"
    return {**entry, "resource": resource, "request": {"method": "PUT", "url": url}}


def _withdrawn(entry: Json, named: set[str]) -> Json:
    """The resource of an earlier version, in error; without what refers to somebody whom nobody names any more."""
    kind = entry["resource"]["resourceType"]
    resource = {key: value for key, value in entry["resource"].items() if _references(value) <= named}
    if kind in _BY_STATUS:
        resource["status"] = "entered-in-error"
    else:
        # FHIR allows no clinical status beside this one (con-5, ait-2).
        resource.pop("clinicalStatus", None)
        coding = [{"system": _BY_VERIFICATION[kind], "code": "entered-in-error"}]
        resource["verificationStatus"] = {"coding": coding}
    return _updated({**entry, "resource": resource})


def _references(value: Any) -> set[str]:
    """The names of other resources of the bundle within a value."""
    if isinstance(value, dict):
        found = {value["reference"]} if isinstance(value.get("reference"), str) else set()
        return found.union(*(_references(part) for part in value.values()))
    if isinstance(value, list):
        return set().union(*(_references(part) for part in value))
    return set()
