"""Clinical resources of a record: conditions, observations, prescriptions, orders, allergies, family history."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from dictation.forms.codes import (
    BLOOD_PRESSURE,
    DISPLAYS,
    LOINC,
    OXYGEN_SATURATION,
    PULSE_OXIMETRY,
    UCUM,
    known_measurements,
)
from dictation.forms.questionnaire import Form, Item
from dictation.forms.record import (
    AllergyItem,
    DiagnosisField,
    DiagnosisItem,
    ExaminationField,
    FindingItem,
    MedicationField,
    MedicationItem,
    NumberField,
)
from dictation.grammar.labels import labels
from dictation.mis.assertions import DIAGNOSES, MEANINGS
from dictation.mis.resources import Json, Resource, Subject

ICD10 = "http://hl7.org/fhir/sid/icd-10"
_TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
_DAY = {"system": UCUM, "code": "d", "unit": "d"}


def clinical_resources(subject: Subject, form: Form) -> Iterator[Resource]:
    """Everything that a record says of the patient, in the order of the form."""
    for item in form.items:
        match subject.record.fields.get(item.key):
            case DiagnosisField(value=list() as found):
                for index, diagnosis in enumerate(found):
                    yield _diagnosis(subject, f"Condition/{item.key}/{index}", diagnosis)
            case MedicationField(value=list() as found):
                for index, medication in enumerate(found):
                    yield _medication(subject, f"MedicationRequest/{item.key}/{index}", medication)
            case ExaminationField(value=list() as found):
                for index, examination in enumerate(found):
                    content = _order(subject) | {"code": {"text": examination.text}}
                    content |= subject.doubts(examination.reasons)
                    yield subject.made("ServiceRequest", f"ServiceRequest/{item.key}/{index}", content)
            case _:
                pass
    yield from _observations(subject, form)
    for index, finding in enumerate(subject.record.findings):
        yield _finding(subject, index, finding)
    for index, allergy in enumerate(subject.record.allergies):
        if allergy.substance:
            yield _allergy(subject, index, allergy)


def _diagnosis(subject: Subject, path: str, item: DiagnosisItem) -> Resource:
    code: Json = {"text": item.text}
    if item.icd10:
        code["coding"] = [{"system": ICD10, "code": item.icd10, **({"display": item.title} if item.title else {})}]
    content: Json = _condition(subject, "active", DIAGNOSES[item.role], "encounter-diagnosis")
    return subject.made("Condition", path, content | {"code": code} | subject.doubts(item.reasons))


def _finding(subject: Subject, index: int, item: FindingItem) -> Resource:
    meaning = MEANINGS[item.status]
    code = {"text": item.text}
    if meaning.resource == "FamilyMemberHistory":
        content: Json = {
            "status": "completed" if subject.signed else "partial",
            "patient": subject.patient,
            "date": subject.when,
            "relationship": {
                "coding": [
                    {"system": f"{_TERMINOLOGY}/v3-RoleCode", "code": "FAMMEMB", "display": "family member"},
                ]
            },
            "condition": [{"code": code}],
        }
        path = f"FamilyMemberHistory/{index}"
        return subject.made("FamilyMemberHistory", path, content | subject.doubts(item.check))
    content = _condition(subject, meaning.clinical, meaning.verification, "problem-list-item")
    return subject.made(
        "Condition", f"Condition/findings/{index}", content | {"code": code} | subject.doubts(item.check)
    )


def _condition(subject: Subject, clinical: str | None, verification: str | None, category: str) -> Json:
    content: Json = {
        "verificationStatus": {
            "coding": [{"system": f"{_TERMINOLOGY}/condition-ver-status", "code": verification}],
        },
        "category": [{"coding": [{"system": f"{_TERMINOLOGY}/condition-category", "code": category}]}],
        "subject": subject.patient,
        "encounter": subject.encounter,
        "recordedDate": subject.record.created.isoformat(),
    }
    if clinical:
        content["clinicalStatus"] = {"coding": [{"system": f"{_TERMINOLOGY}/condition-clinical", "code": clinical}]}
    return content


def _allergy(subject: Subject, index: int, item: AllergyItem) -> Resource:
    content: Json = {
        "clinicalStatus": {"coding": [{"system": f"{_TERMINOLOGY}/allergyintolerance-clinical", "code": "active"}]},
        "verificationStatus": {
            "coding": [{"system": f"{_TERMINOLOGY}/allergyintolerance-verification", "code": "unconfirmed"}]
        },
        "code": {"text": item.substance},
        "patient": subject.patient,
        "encounter": subject.encounter,
        "recordedDate": subject.record.created.isoformat(),
    }
    if item.reaction:
        content["reaction"] = [{"manifestation": [{"text": item.reaction}]}]
    return subject.made("AllergyIntolerance", f"AllergyIntolerance/{index}", content | subject.doubts(item.check))


def _order(subject: Subject) -> Json:
    content: Json = {
        "status": "active" if subject.signed else "draft",
        "intent": "order",
        "subject": subject.patient,
        "encounter": subject.encounter,
        "authoredOn": subject.record.created.isoformat(),
    }
    if subject.record.context.visit.practitioner:
        content["requester"] = subject.reference("Practitioner")
    return content


def _medication(subject: Subject, path: str, item: MedicationItem) -> Resource:
    content = _order(subject) | {
        "medicationCodeableConcept": {"text": item.name},
        "dosageInstruction": [dosage(item, subject.record.language)],
    }
    return subject.made("MedicationRequest", path, content | subject.doubts(item.reasons))


def dosage(item: MedicationItem, language: str) -> Json:
    """A prescription as a Dosage: its text holds all that was said, the other elements what was understood."""
    content: Json = {"text": item.text}
    if item.dose is not None and item.unit:
        quantity: Json = {"value": item.dose, "unit": item.unit}
        if code := labels(language).ucum.get(item.unit):
            quantity |= {"system": UCUM, "code": code}
        content["doseAndRate"] = [{"doseQuantity": quantity}]
    timing: Json = {}
    repeat: Json = {}
    times = Fraction(item.times_per_day or 0).limit_denominator(60)
    if times > 0:
        repeat = {"frequency": times.numerator, "period": times.denominator, "periodUnit": "d"}
    if item.duration_days:
        repeat["boundsDuration"] = {"value": item.duration_days, **_DAY}
    if repeat:
        timing["repeat"] = repeat
    if item.timing:
        timing["code"] = {"text": item.timing}
    if timing:
        content["timing"] = timing
    if item.as_needed and item.condition:
        content["asNeededCodeableConcept"] = {"text": item.condition}
    elif item.as_needed:
        content["asNeededBoolean"] = True
    if item.route:
        content["route"] = {"text": item.route}
    return content


def _observations(subject: Subject, form: Form) -> Iterator[Resource]:
    measured = [
        (item, found)
        for item in form.items
        if isinstance(found := subject.record.fields.get(item.key), NumberField) and found.value is not None
    ]
    pressure = [(item, found) for item, found in measured if _kind(item) in {"systolic", "diastolic"}]
    for item, found in measured:
        if (item, found) not in pressure:
            content = _observation(subject, _code(item)) | {"valueQuantity": _quantity(item, found)}
            yield subject.made("Observation", f"Observation/{item.key}", content | subject.doubts(found.reasons))
    if pressure:
        components = [{"code": _code(item), "valueQuantity": _quantity(item, found)} for item, found in pressure]
        missing = {"systolic", "diastolic"} - {_kind(item) for item, _ in pressure}
        reason = {"coding": [{"system": f"{_TERMINOLOGY}/data-absent-reason", "code": "unknown"}]}
        components += [
            {"code": _loinc(known_measurements()[kind].loinc), "dataAbsentReason": reason} for kind in missing
        ]
        reasons = list(dict.fromkeys(code for _, found in pressure for code in found.reasons))
        content = _observation(subject, _loinc(BLOOD_PRESSURE)) | {"component": components}
        yield subject.made("Observation", "Observation/blood-pressure", content | subject.doubts(reasons))


def _observation(subject: Subject, code: Json) -> Json:
    vital = any(coding["code"] in DISPLAYS for coding in code.get("coding", []))
    content: Json = {
        "status": "final" if subject.signed else "preliminary",
        "category": [
            {
                "coding": [
                    {"system": f"{_TERMINOLOGY}/observation-category", "code": "vital-signs" if vital else "exam"},
                ]
            }
        ],
        "code": code,
        "subject": subject.patient,
        "encounter": subject.encounter,
        "effectiveDateTime": subject.when,
    }
    if subject.record.context.visit.practitioner:
        content["performer"] = [subject.reference("Practitioner")]
    return content


def _kind(item: Item) -> str | None:
    return item.binding.detail if item.binding else None


def _code(item: Item) -> Json:
    kind = _kind(item)
    code = _loinc(item.loinc or (known_measurements()[kind].loinc if kind in known_measurements() else None))
    return {**code, "text": item.label("ru")}


def _loinc(code: str | None) -> Json:
    """A LOINC code; that of pulse oximetry comes with the general one, as the vital signs profile has it."""
    if code is None:
        return {}
    codes = [PULSE_OXIMETRY, OXYGEN_SATURATION] if code in {PULSE_OXIMETRY, OXYGEN_SATURATION} else [code]
    return {
        "coding": [
            {"system": LOINC, "code": each, **({"display": DISPLAYS[each]} if each in DISPLAYS else {})}
            for each in codes
        ]
    }


def _quantity(item: Item, found: NumberField) -> Json:
    quantity: Json = {"value": found.value}
    if found.unit:
        label = item.unit_label("ru") if found.unit == item.unit else found.unit
        quantity |= {"unit": label, "system": UCUM, "code": found.unit}
    return quantity
