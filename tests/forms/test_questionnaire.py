"""Forms: the one that ships, and Questionnaires of vendors, good and bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dictation.errors import RuleError, UsageError
from dictation.forms.questionnaire import FACT_EXTENSION, Binding, form_names, load_form

KEYS = (
    "complaints anamnesis-morbi anamnesis-vitae allergies objective temperature systolic diastolic heart-rate "
    "respiratory-rate oxygen-saturation height weight diagnosis medications examinations recommendations follow-up"
)


def item(key: str, kind: str, fact: str | None = None, **more: Any) -> dict[str, Any]:
    extension = {"extension": [{"url": FACT_EXTENSION, "valueString": fact}]} if fact else {}
    return {**extension, "linkId": key, "text": key.title(), "type": kind, **more}


def questionnaire(tmp_path: Path, *items: dict[str, Any]) -> Path:
    path = tmp_path / "clinic.json"
    data = {"resourceType": "Questionnaire", "status": "active", "item": list(items)}
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_keys_of_the_visit_form_in_order() -> None:
    assert [each.key for each in load_form("052u-visit").items] == KEYS.split()


def test_labels_in_all_languages() -> None:
    form = load_form("052u-visit")
    assert all(set(each.labels) == {"ru", "kk", "en"} for each in form.items)
    assert form.item("complaints").label("kk") == "Шағымдар"
    assert form.item("temperature").unit_label("ru") == "°C"
    assert form.item("systolic").unit == "mm[Hg]"


def test_shipped_forms_are_listed() -> None:
    assert form_names() == ["052u-visit"]


def test_unknown_form() -> None:
    with pytest.raises(UsageError) as caught:
        load_form("053")
    assert str(caught.value) == "no form '053': give one of 052u-visit, or a path of a Questionnaire JSON"


def test_vendor_form_with_groups_and_loinc(tmp_path: Path) -> None:
    loinc = [{"system": "http://loinc.org", "code": "8867-4"}]
    inner = item(
        "vitals", "group", item=[item("puls", "integer", code=loinc), item("talia", "decimal", "measurement:waist")]
    )
    form = load_form(questionnaire(tmp_path, item("note", "display"), inner, item("sort", "choice")))
    assert form.name == "clinic"
    assert [(each.key, each.binding, each.group) for each in form.items] == [
        ("puls", Binding("measurement", "heart-rate"), "vitals"),
        ("talia", Binding("measurement", "waist"), "vitals"),
        ("sort", None, None),
    ]
    assert [each.unit for each in form.items] == ["/min", "cm", None]


def test_general_code_of_oxygen_saturation(tmp_path: Path) -> None:
    codes = [{"system": "http://loinc.org", "code": "2708-6"}]
    form = load_form(questionnaire(tmp_path, item("o2", "decimal", code=codes)))
    assert form.items[0].binding == Binding("measurement", "oxygen-saturation")


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([], "the Questionnaire has no items"),
        ([item("a", "text"), item("a", "text")], "linkId 'a' is used twice"),
        ([item("a", "text", "sections:x")], "item 'a': nothing called 'sections:x' fills items"),
        ([item("a", "text", "section")], "item 'a': 'section' needs the kind of section after a colon"),
        ([item("a", "decimal", "measurement:wieght")], "item 'a': no measurement 'wieght'; there are: "),
        ([item("a", "text", "measurement:weight")], "type is 'text', what fills it needs decimal or integer"),
        ([item("a", "text", "medications")], "type is 'text', what fills it needs group"),
        (
            [item("a", "group", "medications", item=[item("b", "text", "medications:colour")])],
            "item 'b': 'medications:colour' is no part of medications; there are: ",
        ),
    ],
)
def test_questionnaire_that_cannot_be_used(tmp_path: Path, items: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(RuleError) as caught:
        load_form(questionnaire(tmp_path, *items))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not JSON"),
        ("[]", "not a FHIR Questionnaire"),
        ('{"resourceType": "Patient"}', "not a FHIR Questionnaire"),
        ('{"resourceType": "Questionnaire", "item": []}', "not a FHIR R4 Questionnaire"),
        (
            '{"resourceType": "Questionnaire", "status": "active", "item": [{"text": "a"}]}',
            "not a FHIR R4 Questionnaire",
        ),
    ],
)
def test_file_that_is_no_questionnaire(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RuleError, match=message):
        load_form(path)
