"""Forms over HTTP: shown, and a Questionnaire of one's own brought in."""

from __future__ import annotations

import json
from typing import Any

from dictation.forms.questionnaire import load_form
from tests.workstation.clinic import Clinic, until

FACT = "urn:dictation:fhir:clinical-fact"


def questionnaire(**changes: Any) -> dict[str, Any]:
    """Complaints and a temperature."""
    return {
        "resourceType": "Questionnaire",
        "name": "Triage_Form",
        "title": "Первичный осмотр",
        "status": "active",
        "item": [
            {
                "linkId": "said",
                "text": "Жалобы",
                "type": "text",
                "extension": [{"url": FACT, "valueString": "section:complaints"}],
            },
            {
                "linkId": "heat",
                "text": "Температура",
                "type": "decimal",
                "code": [{"system": "http://loinc.org", "code": "8310-5"}],
            },
        ],
        **changes,
    }


def test_the_form_of_the_program(clinic: Clinic) -> None:
    (told,) = clinic.ask("GET", "/forms")["forms"]
    assert (told["name"], told["own"]) == ("052u-visit", False)
    form = clinic.ask("GET", "/forms/052u-visit")
    kinds = {item["key"]: item["kind"] for item in form["items"]}
    assert {kinds[key] for key in ("complaints", "recommendations", "follow-up", "allergies")} == {"text"}
    assert (kinds["diagnosis"], kinds["medications"], kinds["examinations"], kinds["weight"]) == (
        "diagnoses",
        "medications",
        "examinations",
        "number",
    )
    (drugs,) = [item for item in form["items"] if item["key"] == "medications"]
    # The columns of the page's editor, and the line that is typed.
    assert [part["name"] for part in drugs["parts"]] == [
        "text", "name", "form", "strength", "dose", "unit", "route", "times_per_day", "timing", "condition",
        "duration_days", "as_needed",
    ]  # fmt: skip
    assert all(part["labels"]["ru"] for part in drugs["parts"])
    (heat,) = [item for item in form["items"] if item["key"] == "temperature"]
    assert (heat["unit"], heat["loinc"], heat["dictated"]) == ("Cel", "8310-5", True)
    assert form["questionnaire"]["resourceType"] == "Questionnaire"


def test_a_form_of_ones_own_is_dictated_into_signed_and_printed(clinic: Clinic) -> None:
    added = clinic.ask("POST", "/forms", questionnaire(), status=201)
    assert (added["name"], added["own"]) == ("triage-form", True)
    assert [form["name"] for form in clinic.ask("GET", "/forms")["forms"]] == ["052u-visit", "triage-form"]
    with clinic.dictating(form="triage-form") as (socket, record):
        clinic.ask("PUT", f"/records/{record}/fields/said", {"value": "Кашель."})
        socket.send_json({"type": "finish"})
        draft = until(socket, "finished")["draft"]
    assert (draft["record"]["form"], draft["record"]["fields"]["said"]["value"]) == ("triage-form", "Кашель.")
    assert "Первичный осмотр" in clinic.ask("GET", f"/records/{record}/print").text
    assert clinic.ask("POST", f"/records/{record}/sign", {"version": 1})["signature"]["version"] == 1
    assert load_form("triage-form").title("ru") == "Первичный осмотр"
    clinic.refused("form-in-use", 409, "DELETE", "/forms/triage-form")
    clinic.refused("form-in-use", 409, "POST", "/forms", questionnaire(title="Другой"))


def test_a_form_that_nobody_used_is_replaced_and_deleted(clinic: Clinic) -> None:
    clinic.ask("POST", "/forms", questionnaire(), status=201)
    assert clinic.ask("POST", "/forms", questionnaire(title="Другой"), status=201)["title"]["ru"] == "Другой"
    assert clinic.ask("GET", "/forms/triage-form")["title"]["ru"] == "Другой"
    clinic.ask("DELETE", "/forms/triage-form", status=204)
    clinic.refused("unknown-form", 404, "GET", "/forms/triage-form")
    clinic.refused("unknown-form", 404, "DELETE", "/forms/triage-form")
    actions = [entry.action for entry in clinic.store.audit.entries("store")]
    assert actions[-3:] == ["form-added", "form-added", "form-deleted"]


def test_the_programs_own_form_stays(clinic: Clinic) -> None:
    clinic.refused("own-form", 409, "POST", "/forms", questionnaire(name="052u-visit"))
    clinic.refused("own-form", 409, "DELETE", "/forms/052u-visit")


def test_what_is_no_form_is_refused_with_the_reason(clinic: Clinic) -> None:
    deep: Any = []
    for _ in range(60):
        deep = [deep]
    bound = questionnaire()["item"][0]
    for given, told in [
        ({"name": "x"}, "resourceType"),
        (questionnaire(item=[]), "no items"),
        (questionnaire(item="x"), "Questionnaire"),
        (questionnaire(item=[{"linkId": "a", "type": "text", "text": "A"}]), "nothing in the Questionnaire"),
        (questionnaire(item=[bound, bound]), "twice"),
        (questionnaire(item=[{**bound, "type": "decimal"}]), "type is 'decimal'"),
        (questionnaire(name="../../etc/passwd?"), None),
        (questionnaire(name="Форма"), "no name or id"),
        (questionnaire(name=None), "no name or id"),
        (questionnaire(name=["x"] * 50), "no name or id"),
        (questionnaire(extension=deep), "too deeply"),
        (questionnaire(item=[{**bound, "linkId": f"i{n}"} for n in range(501)]), "more than 500"),
    ]:
        if told is None:
            # A path becomes a name.
            assert clinic.ask("POST", "/forms", given, status=201)["name"] == "etc-passwd"
            continue
        error = clinic.refused("invalid", 422, "POST", "/forms", given)
        assert told in error["detail"], error
    clinic.refused("invalid", 422, "POST", "/forms", [])
    names = sorted(path.name for path in (clinic.home / "forms").iterdir())
    assert names == ["etc-passwd.json"]
    assert json.loads((clinic.home / "forms" / names[0]).read_text(encoding="utf-8"))["status"] == "active"
    for path in ("a%00b", "A", "etc-passwd.json"):
        clinic.refused("unknown-form", 404, "DELETE", f"/forms/{path}")


def test_a_file_that_is_no_form_stops_nothing(clinic: Clinic) -> None:
    (clinic.home / "forms").mkdir()
    (clinic.home / "forms" / "broken.json").write_text("{", encoding="utf-8")
    assert [form["name"] for form in clinic.ask("GET", "/forms")["forms"]] == ["052u-visit"]
    assert [form["name"] for form in clinic.ask("GET", "/state")["forms"]] == ["052u-visit"]
    assert "not JSON" in clinic.refused("invalid", 422, "GET", "/forms/broken")["detail"]
