"""A record as a transaction: what becomes of each value, worked out from the FHIR R4 specification."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, get_args

import pytest
from fhir.resources.R4B.bundle import Bundle

from dictation.clinical.facts import Allergy, Diagnosis, Fact, Finding, Measurement, Medication, Section
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Assertion, Record
from dictation.forms.signed import Signed
from dictation.mis.assertions import MEANINGS
from dictation.mis.bundle import to_bundle
from dictation.mis.identity import Systems
from tests.forms.cases import filled, hypertension
from tests.forms.visits import place, written

FORM = load_form("052u-visit")
Json = dict[str, Any]


def resources(bundle: Json, kind: str) -> list[Json]:
    return [entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind]


def one(bundle: Json, kind: str) -> Json:
    (found,) = resources(bundle, kind)
    return found


def bundle_of(*found: Fact, text: str = "слово слово слово", **more: Any) -> Json:
    return to_bundle(filled(written(text), list(found), **more), FORM)


def test_kinds_of_resources() -> None:
    kinds = [entry["resource"]["resourceType"] for entry in to_bundle(hypertension(), FORM)["entry"]]
    assert kinds == [
        "Patient",
        "Practitioner",
        "Encounter",
        "Device",
        "Composition",
        "QuestionnaireResponse",
        "Condition",
        "MedicationRequest",
        "ServiceRequest",
        "Observation",
        "Observation",
        "Observation",
        "Condition",
        "Condition",
        "AllergyIntolerance",
        "Provenance",
    ]


def test_bundle_is_r4_and_json() -> None:
    bundle = to_bundle(hypertension(), FORM)
    Bundle.model_validate(bundle)
    assert json.loads(json.dumps(bundle)) == bundle
    assert bundle["type"] == "transaction"


def test_the_same_record_gives_the_same_bundle() -> None:
    assert to_bundle(hypertension(), FORM) == to_bundle(
        Record.model_validate_json(hypertension().model_dump_json()), FORM
    )


def test_every_entry_is_created_only_once() -> None:
    bundle = to_bundle(hypertension(), FORM)
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    conditions = [(entry["request"]["url"], entry["request"]["ifNoneExist"]) for entry in bundle["entry"]]
    assert len(set(urls)) == len(urls)
    assert len(set(conditions)) == len(conditions)
    assert all(entry["request"]["method"] == "POST" for entry in bundle["entry"])


def test_references_stay_within_the_bundle() -> None:
    bundle = to_bundle(hypertension(), FORM)
    names = {entry["fullUrl"] for entry in bundle["entry"]}

    def references(value: Any) -> set[str]:
        if isinstance(value, list):
            return {name for each in value for name in references(each)}
        if isinstance(value, dict):
            own = {value["reference"]} if "reference" in value else set()
            return own | {name for each in value.values() for name in references(each)}
        return set()

    assert references(bundle) <= names
    assert len(one(bundle, "Provenance")["target"]) == len(names) - 5


def test_patient_is_found_by_the_number() -> None:
    bundle = to_bundle(hypertension(), FORM, systems=Systems(iin="https://mis.example/iin"))
    patient = one(bundle, "Patient")
    assert patient["identifier"] == [{"system": "https://mis.example/iin", "value": "800517300127"}]
    assert (patient["gender"], patient["birthDate"]) == ("male", "1980-05-17")
    assert bundle["entry"][0]["request"]["ifNoneExist"] == "identifier=https:%2F%2Fmis.example%2Fiin%7C800517300127"


def test_wrong_number_finds_nobody() -> None:
    bundle = to_bundle(hypertension({"patient": {"iin": "800517300126"}}), FORM)
    assert "800517300126" not in bundle["entry"][0]["request"]["ifNoneExist"]
    assert [(i.get("use"), i["value"]) for i in one(bundle, "Patient")["identifier"]][1] == ("temp", "800517300126")


def test_nothing_known_of_the_visit() -> None:
    bundle = to_bundle(hypertension({}), FORM)
    assert resources(bundle, "Practitioner") == []
    device = next(entry["fullUrl"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == "Device")
    assert one(bundle, "Composition")["author"] == [{"reference": device}]


def test_vital_signs() -> None:
    temperature, pulse, pressure = resources(to_bundle(hypertension(), FORM), "Observation")
    assert temperature["valueQuantity"] == {
        "value": 36.6,
        "unit": "°C",
        "system": "http://unitsofmeasure.org",
        "code": "Cel",
    }
    assert temperature["code"]["coding"][0]["code"] == "8310-5"
    assert temperature["category"][0]["coding"][0]["code"] == "vital-signs"
    assert (pulse["valueQuantity"]["value"], pulse["valueQuantity"]["code"]) == (82, "/min")
    assert pressure["code"]["coding"][0]["code"] == "85354-9"
    assert [(c["code"]["coding"][0]["code"], c["valueQuantity"]["value"]) for c in pressure["component"]] == [
        ("8480-6", 160),
        ("8462-4", 95),
    ]
    assert "valueQuantity" not in pressure


def test_half_a_blood_pressure_says_what_is_missing() -> None:
    fact = Measurement(0, 3, kind="systolic", value=120.0, unit="mm[Hg]")
    pressure = one(bundle_of(Section(0, 3, kind="objective"), fact), "Observation")
    assert [c["code"]["coding"][0]["code"] for c in pressure["component"]] == ["8480-6", "8462-4"]
    assert pressure["component"][1]["dataAbsentReason"]["coding"][0]["code"] == "unknown"


def test_oxygen_saturation_has_both_codes() -> None:
    fact = Measurement(0, 3, kind="oxygen-saturation", value=97.0, unit="%")
    found = one(bundle_of(Section(0, 3, kind="objective"), fact), "Observation")
    assert [coding["code"] for coding in found["code"]["coding"]] == ["59408-5", "2708-6"]


def test_diagnosis() -> None:
    diagnosis = resources(to_bundle(hypertension(), FORM), "Condition")[0]
    assert diagnosis["code"]["coding"][0] == {
        "system": "http://hl7.org/fhir/sid/icd-10",
        "code": "I10",
        "display": "Эссенциальная [первичная] гипертензия",
    }
    assert diagnosis["code"]["text"] == "Артериальная гипертензия 2 степени"
    assert status(diagnosis) == ("active", "confirmed")


def test_preliminary_diagnosis_is_provisional() -> None:
    fact = Diagnosis(0, 3, text="ангина", role="preliminary", icd10="J03.9")
    assert status(one(bundle_of(fact), "Condition")) == ("active", "provisional")


def status(condition: Json) -> tuple[str | None, str]:
    clinical = condition.get("clinicalStatus")
    return (
        clinical["coding"][0]["code"] if clinical else None,
        condition["verificationStatus"]["coding"][0]["code"],
    )


@pytest.mark.parametrize(
    ("assertion", "clinical", "verification"),
    [
        ("present", "active", "confirmed"),
        ("possible", "active", "unconfirmed"),
        ("historical", "inactive", "confirmed"),
        ("absent", None, "refuted"),
    ],
)
def test_assertions_of_findings(assertion: str, clinical: str | None, verification: str) -> None:
    section = Section(0, 3, kind="complaints")
    found = one(bundle_of(section, Finding(0, 1, text="тошнота", status=assertion)), "Condition")
    assert status(found) == (clinical, verification)


def test_family_never_becomes_a_condition_of_the_patient() -> None:
    bundle = bundle_of(Section(0, 3, kind="anamnesis-vitae"), Finding(0, 1, text="инфаркт", status="family"))
    assert resources(bundle, "Condition") == []
    history = one(bundle, "FamilyMemberHistory")
    assert history["condition"] == [{"code": {"text": "инфаркт"}}]


def test_table_of_assertions_is_whole_and_absent_is_never_active() -> None:
    assert set(MEANINGS) == set(get_args(Assertion))
    assert MEANINGS["absent"].clinical is None
    assert MEANINGS["absent"].verification == "refuted"


def prescription(**more: Any) -> Json:
    drug = Medication(0, 3, name="лозартан", said="слово", **more)
    return one(bundle_of(drug), "MedicationRequest")["dosageInstruction"][0]


def test_prescription() -> None:
    request = one(to_bundle(hypertension(), FORM), "MedicationRequest")
    assert request["medicationCodeableConcept"] == {"text": "лозартан"}
    assert request["dosageInstruction"] == [
        {
            "text": "Лозартан 50 мг внутрь 1 раз в день",
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "route": {"text": "внутрь"},
            "doseAndRate": [
                {"doseQuantity": {"value": 50, "unit": "мг", "system": "http://unitsofmeasure.org", "code": "mg"}}
            ],
        }
    ]


@pytest.mark.parametrize(
    ("times", "repeat"),
    [
        (3.0, {"frequency": 3, "period": 1, "periodUnit": "d"}),
        (0.5, {"frequency": 1, "period": 2, "periodUnit": "d"}),
        (1 / 7, {"frequency": 1, "period": 7, "periodUnit": "d"}),
        (3 / 7, {"frequency": 3, "period": 7, "periodUnit": "d"}),
    ],
)
def test_times_a_day(times: float, repeat: Json) -> None:
    assert prescription(times_per_day=times)["timing"]["repeat"] == repeat


def test_duration_need_and_time_of_day() -> None:
    bounds = {"value": 5, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"}
    assert prescription(duration_days=5)["timing"]["repeat"] == {"boundsDuration": bounds}
    assert prescription(as_needed=True)["asNeededBoolean"] is True
    assert prescription(as_needed=True, condition="при болях")["asNeededCodeableConcept"] == {"text": "при болях"}
    assert prescription(timing="утром")["timing"]["code"] == {"text": "утром"}


def test_unit_without_a_ucum_code_stays_a_word() -> None:
    assert prescription(dose=1.0, unit="щепотка")["doseAndRate"][0]["doseQuantity"] == {"value": 1, "unit": "щепотка"}
    assert "doseAndRate" not in prescription(dose=1.0)


def test_allergies() -> None:
    allergy = one(to_bundle(hypertension(), FORM), "AllergyIntolerance")
    assert (allergy["code"]["text"], allergy["reaction"][0]["manifestation"][0]["text"]) == ("пенициллин", "сыпь")
    section = Section(0, 3, kind="allergies")
    denied = bundle_of(section, Allergy(0, 3, denied=True), text="аллергию отрицает вовсе")
    assert resources(denied, "AllergyIntolerance") == []
    (said,) = one(denied, "Composition")["section"]
    assert said["emptyReason"]["coding"][0]["code"] == "nilknown"


def test_composition_has_a_section_for_what_was_dictated() -> None:
    composition = one(to_bundle(hypertension(), FORM), "Composition")
    assert [section["title"] for section in composition["section"]] == [
        "Жалобы",
        "Аллергологический анамнез",
        "Объективные данные",
        "Показатели",
        "Диагноз",
        "Назначение лекарственных средств",
        "Назначение услуг",
        "Явка",
        "Симптомы и признаки",
    ]
    codes = {s["title"]: s["code"]["coding"][0]["code"] for s in composition["section"] if "code" in s}
    assert (codes["Жалобы"], codes["Показатели"], codes["Диагноз"]) == ("10154-3", "8716-3", "51848-0")
    assert composition["section"][3]["text"]["div"] == (
        '<div xmlns="http://www.w3.org/1999/xhtml" xml:lang="ru" lang="ru"><p>Температура тела: 36,6 °C</p>'
        "<p>АД систолическое: 160 мм рт. ст.</p><p>АД диастолическое: 95 мм рт. ст.</p>"
        "<p>Пульс: 82 в минуту</p></div>"
    )


def test_narrative_is_escaped() -> None:
    given = written("давление < нормы & выше")
    composition = one(to_bundle(filled(given, [Section(0, 5, kind="complaints")]), FORM), "Composition")
    assert "<p>Давление &lt; нормы &amp; выше.</p>" in composition["section"][0]["text"]["div"]


def test_questionnaire_response_holds_every_answer() -> None:
    response = one(to_bundle(hypertension(), FORM), "QuestionnaireResponse")
    assert response["questionnaire"] == "urn:dictation:fhir:questionnaire:052u-visit|1"
    answers = {item["linkId"]: item for item in response["item"]}
    assert answers["systolic"]["answer"] == [{"valueDecimal": 160}]
    assert answers["complaints"]["answer"] == [{"valueString": "Головную боль. Тошноты нет."}]
    parts = {part["linkId"]: part["answer"][0] for part in answers["medications"]["item"]}
    assert parts["medications.dose"] == {"valueDecimal": 50}
    assert parts["medications.as-needed"] == {"valueBoolean": False}
    assert "medications.timing" not in parts
    assert "weight" not in answers


def test_until_it_is_signed_everything_is_preliminary() -> None:
    draft, signed = (to_bundle(hypertension(), FORM, signed=s) for s in (False, True))
    for kind, before, after in (
        ("Composition", "preliminary", "final"),
        ("QuestionnaireResponse", "in-progress", "completed"),
        ("MedicationRequest", "draft", "active"),
        ("ServiceRequest", "draft", "active"),
        ("Encounter", "in-progress", "finished"),
    ):
        assert (one(draft, kind)["status"], one(signed, kind)["status"]) == (before, after)
    assert {found["status"] for found in resources(draft, "Observation")} == {"preliminary"}
    assert {found["status"] for found in resources(signed, "Observation")} == {"final"}


def test_who_signed_stands_in_the_document_and_so_does_its_language() -> None:
    moment = datetime(2026, 11, 23, 9, 5, tzinfo=timezone(timedelta(hours=5)))
    bundle = to_bundle(hypertension({}), FORM, signed=Signed("Ахметова Г. С.", moment, 1, "0" * 64))
    document = one(bundle, "Composition")
    assert document["attester"] == [
        {"mode": "professional", "time": "2026-11-23T09:05:00+05:00", "party": {"display": "Ахметова Г. С."}}
    ]
    assert document["status"] == "final"
    assert (document["language"], one(bundle, "QuestionnaireResponse")["language"]) == ("ru", "ru")
    assert "attester" not in one(to_bundle(hypertension(), FORM), "Composition")


def test_value_that_needs_a_look_says_so() -> None:
    drug = Medication(0, 3, reasons=("unusual-dose",), name="лозартан", said="слово", dose=500.0, unit="мг")
    record = filled(written("слово слово слово"), [drug])
    check = {"system": "urn:dictation:fhir:status", "code": "check"}
    draft, signed = (to_bundle(record, FORM, signed=s) for s in (False, True))
    assert check in one(draft, "MedicationRequest")["meta"]["tag"]
    assert one(draft, "MedicationRequest")["note"] == [{"text": "требует проверки: необычная доза"}]
    assert "note" not in one(signed, "MedicationRequest")
    assert one(draft, "QuestionnaireResponse")["item"][0]["extension"] == [
        {"url": "urn:dictation:fhir:check", "valueCode": "unusual-dose"}
    ]
    assert "[требует проверки: необычная доза]" in one(draft, "Composition")["section"][0]["text"]["div"]


def test_provenance_names_the_recogniser() -> None:
    device = one(to_bundle(hypertension(), FORM), "Device")
    assert [version["value"] for version in device["version"]][1:] == ["whisper-base", "d01c"]


def test_empty_record_is_a_bundle_too() -> None:
    bundle = to_bundle(filled(written(""), []), FORM)
    Bundle.model_validate(bundle)
    assert "section" not in one(bundle, "Composition")


def test_what_no_field_holds_is_in_the_bundle_too() -> None:
    given = written("Сдал анализы вчера. Назначено лозартан 50 мг, стол номер 10.")
    found = [
        Section(*place(given, "лозартан 50 мг, стол номер 10."), kind="treatment", heading=1),
        Medication(*place(given, "лозартан 50 мг"), name="лозартан", said="лозартан", dose=50.0, unit="мг"),
    ]
    bundle = to_bundle(filled(given, found), FORM)
    unread = [
        "Назначение лекарственных средств: сказано также: Сдал анализы вчера",
        "Назначение лекарственных средств: сказано также: стол номер 10",
    ]
    assert [e["valueString"] for e in one(bundle, "QuestionnaireResponse")["extension"]] == unread
    last = one(bundle, "Composition")["section"][-1]
    assert last["title"] == "Проверьте также"
    assert last["text"]["div"].endswith(f"<p>{unread[0]}</p><p>{unread[1]}</p></div>")
