"""What a doctor changed by hand, in the bundle and on the printed page."""

from __future__ import annotations

from typing import Any

from dictation.forms.context import Context
from dictation.forms.page import to_html
from dictation.forms.record import Record
from dictation.forms.review import with_context
from dictation.forms.signed import Signed
from dictation.mis.bundle import to_bundle
from tests.forms.cases import hypertension
from tests.forms.hands import AT, BY, FORM, put

LINE = f"изменено вручную: {BY}; продиктовано: "


def resources(record: Record, kind: str, *, signed: bool = True) -> list[dict[str, Any]]:
    entries = to_bundle(record, FORM, signed=signed)["entry"]
    return [entry["resource"] for entry in entries if entry["resource"]["resourceType"] == kind]


def answer(record: Record, key: str) -> list[dict[str, Any]]:
    (response,) = resources(record, "QuestionnaireResponse")

    def found(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [hit for item in items for hit in ([item] if item["linkId"] == key else found(item.get("item", [])))]

    return found(response["item"])


def test_a_changed_number_goes_out_as_changed_and_tells_what_was_dictated() -> None:
    record = put(hypertension(), "temperature", 37.2)
    (item,) = answer(record, "temperature")
    assert item["answer"] == [{"valueDecimal": 37.2}]
    assert item["extension"] == [
        {
            "url": "urn:dictation:fhir:edited",
            "extension": [
                {"url": "dictated", "valueString": "36,6"},
                {"url": "by", "valueString": BY},
                {"url": "at", "valueDateTime": "2026-11-23T09:00:00Z"},
            ],
        }
    ]
    told = {
        each["code"]["text"]: each
        for each in resources(record, "Observation")
        if {"system": "urn:dictation:fhir:status", "code": "edited"} in each["meta"]["tag"]
    }
    assert {name: each["note"] for name, each in told.items()} == {"Температура тела": [{"text": LINE + "36,6"}]}
    assert told["Температура тела"]["valueQuantity"]["value"] == 37.2


def test_a_changed_pressure_is_told_at_the_pressure() -> None:
    record = put(hypertension(), "diastolic", 90)
    notes = [each["note"] for each in resources(record, "Observation") if "note" in each]
    assert notes == [[{"text": LINE + "95"}]]


def test_a_changed_list_tells_what_it_was() -> None:
    record = put(hypertension(), "diagnosis", "Острый бронхит")
    (condition,) = [
        each
        for each in resources(record, "Condition")
        if each["category"][0]["coding"][0]["code"] == "encounter-diagnosis"
    ]
    assert condition["code"]["text"] == "Острый бронхит"
    assert condition["note"] == [{"text": LINE + "Артериальная гипертензия 2 степени (I10)"}]


def test_an_emptied_field_still_tells_it() -> None:
    record = put(hypertension(), "examinations", [])
    (item,) = answer(record, "examinations")
    assert "item" not in item
    assert item["extension"][0]["extension"][0] == {"url": "dictated", "valueString": "липидный спектр"}
    assert resources(record, "ServiceRequest") == []


def test_what_is_no_field_is_told_at_the_form() -> None:
    record = put(hypertension(), "findings", [])
    record = with_context(record, FORM, Context.model_validate({"patient": {"name": "Сейтов"}}), BY, AT)
    (response,) = resources(record, "QuestionnaireResponse")
    told = [each["extension"][0]["valueString"] for each in response["extension"] if each["url"].endswith(":edited")]
    assert told == ["Симптомы и признаки", "Пациент"]


def test_the_page_tells_it_in_the_draft_alone() -> None:
    record = put(hypertension(), "temperature", 37.2)
    assert LINE + "36,6" in to_html(record, FORM)
    signed = Signed("Петрова", AT, 1, "0" * 64)
    page = to_html(record, FORM, signed)
    assert "37,2" in page
    assert "изменено вручную" not in page


def test_what_was_confirmed_and_signed_is_not_painted_as_doubtful() -> None:
    record = put(hypertension(), "temperature", 44)
    assert 'class="check"' in to_html(record, FORM)
    assert 'class="check"' not in to_html(record, FORM, Signed("Петрова", AT, 1, "0" * 64))
