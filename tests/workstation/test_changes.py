"""What a doctor does with a record by hand, over HTTP: every change, its taking back, signing."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dictation.forms.reasons import Reason
from dictation.forms.record import Record
from dictation.session import Dictation
from tests.forms.cases import CONTEXT, hypertension
from tests.workstation.clinic import DOCTOR, Clinic, opened


def put(clinic: Clinic, record: str, key: str, value: Any, **more: Any) -> dict[str, Any]:
    draft: dict[str, Any] = clinic.ask("PUT", f"/records/{record}/fields/{key}", {"value": value, **more})
    return draft


def doubtful() -> Record:
    """The visit with three things to be checked: two fields and a notice."""
    fields = hypertension().fields
    changed = {
        key: fields[key].model_copy(update={"status": "check", "reasons": [Reason.LOW_CONFIDENCE]})
        for key in ("systolic", "complaints")
    }
    data = hypertension().model_copy(update={"fields": fields | changed}).model_dump(mode="json")
    return Record.model_validate({**data, "notices": [{"reason": "unplaced-text", "text": "ну всё"}]})


def test_every_kind_of_field_is_set(clinic: Clinic) -> None:
    record = clinic.keep()
    assert put(clinic, record, "temperature", 37.2)["record"]["fields"]["temperature"]["value"] == 37.2
    draft = put(clinic, record, "complaints", "Кашель. Рвоты нет.")
    assert [(each["text"], each["status"]) for each in draft["record"]["findings"]] == [
        ("кашель", "present"),
        ("рвота", "absent"),
    ]
    draft = put(clinic, record, "medications", "Лозартан 100 мг утром\nаторвастатин 20 мг на ночь")
    assert [(each["name"], each["dose"]) for each in draft["record"]["fields"]["medications"]["value"]] == [
        ("лозартан", 100),
        ("аторвастатин", 20),
    ]
    item = {"role": "main", "text": "Гипертония", "icd10": "I11.9"}
    draft = put(clinic, record, "diagnosis", [item, "острый бронхит"], chosen=True)
    assert [each["icd10"] for each in draft["record"]["fields"]["diagnosis"]["value"]] == ["I11.9", "J20.9"]
    draft = put(clinic, record, "examinations", ["ЭКГ"])
    assert [each["text"] for each in draft["record"]["fields"]["examinations"]["value"]] == ["ЭКГ"]
    draft = put(clinic, record, "findings", ["отёки"])
    assert [each["text"] for each in draft["record"]["findings"]] == ["отёки"]
    draft = put(clinic, record, "allergies", [])
    assert draft["record"]["allergies"] == []
    assert draft["version"] == 8
    by = {(each["field"], each["of"], each["by"], each["chosen"]) for each in draft["record"]["review"]["changes"]}
    assert by == {
        ("temperature", "field", DOCTOR, False),
        ("complaints", "field", DOCTOR, False),
        ("medications", "field", DOCTOR, False),
        ("diagnosis", "field", DOCTOR, True),
        ("examinations", "field", DOCTOR, False),
        ("findings", "findings", DOCTOR, False),
        ("allergies", "allergies", DOCTOR, False),
    }


def test_what_makes_no_sense_is_refused_and_changes_nothing(clinic: Clinic) -> None:
    record = clinic.keep()
    for key, value in [
        ("temperature", "тепло"),
        ("temperature", True),
        ("temperature", 1e9),
        ("complaints", 5),
        ("complaints", {"text": "x"}),
        ("complaints", "секрет" * 4000),
        ("diagnosis", 7),
        ("diagnosis", [{"text": "Кашель", "icd10": "R5"}]),
        ("diagnosis", [{"text": "Кашель", "rolle": "main"}]),
        ("medications", [{"dose": 5}]),
        ("medications", ["x"] * 201),
        ("findings", [{"text": "кашель", "status": "maybe"}]),
    ]:
        error = clinic.refused("invalid", 422, "PUT", f"/records/{record}/fields/{key}", {"value": value})
        assert "секрет" not in str(error)
    clinic.refused("unknown-field", 422, "PUT", f"/records/{record}/fields/nonsense", {"value": 1})
    clinic.refused("unknown-field", 422, "PUT", f"/records/{record}/fields/..%2F..%2Fx", {"value": 1})
    clinic.refused("invalid", 422, "PUT", f"/records/{record}/fields/temperature", {"valeu": 1})
    clinic.refused("not-found", 404, "PUT", "/records/nobody/fields/temperature", {"value": 1})
    assert clinic.ask("GET", f"/records/{record}")["version"] == 1


def test_a_body_that_is_no_json_or_too_large_is_refused(clinic: Clinic) -> None:
    record = clinic.keep()
    path = f"/records/{record}/fields/complaints"
    clinic.refused("invalid", 422, "PUT", path, content=b"{", headers={"content-type": "application/json"})
    clinic.refused("too-large", 413, "PUT", path, {"value": "а" * 1_100_000})


def test_what_cannot_be_given_back_is_not_taken(clinic: Clinic) -> None:
    """Python reads it; other programs and databases do not."""
    record = clinic.keep()
    bodies = {
        f"/records/{record}/fields/temperature": ["NaN", "1e999", "-Infinity", "1" * 400],
        f"/records/{record}/fields/complaints": ['"\\ud800"', '"\\u0000"', "[" * 5000],
        f"/records/{record}/fields/medications": ['[{"name": "лозартан", "dose": Infinity}]', '["\\udfff"]'],
    }
    for path, values in bodies.items():
        for value in values:
            body = f'{{"value": {value}}}'.encode()
            clinic.refused("invalid", 422, "PUT", path, content=body, headers={"content-type": "application/json"})
    for context in ('{"patient": {"x": NaN}}', '{"visit": {"id": "\\u0000"}}'):
        given = {"content": context.encode(), "headers": {"content-type": "application/json"}}
        clinic.refused("invalid", 422, "PUT", f"/records/{record}/context", **given)
    clinic.refused("invalid", 422, "GET", "/records?form=%00")
    assert clinic.ask("GET", f"/records/{record}")["version"] == 1


def test_everything_can_be_undone_and_done_again(clinic: Clinic) -> None:
    record = clinic.keep(doubtful())
    seen = [clinic.ask("GET", f"/records/{record}")]
    assert (seen[0]["can_undo"], seen[0]["can_redo"]) == (False, False)
    seen.append(put(clinic, record, "temperature", 38))
    seen.append(put(clinic, record, "medications", "аторвастатин 20 мг на ночь"))
    seen.append(clinic.ask("POST", f"/records/{record}/confirm", {"name": "systolic"}))
    seen.append(clinic.ask("PUT", f"/records/{record}/context", {"patient": {"name": "Сейтов"}}))
    seen.append(clinic.ask("POST", f"/records/{record}/revert", {"field": "temperature"}))
    seen.append(clinic.ask("DELETE", f"/records/{record}/confirm/systolic"))
    for before in reversed(seen[:-1]):
        assert clinic.ask("POST", f"/records/{record}/undo")["record"] == before["record"]
    clinic.refused("nothing-to-undo", 409, "POST", f"/records/{record}/undo")
    for after in seen[1:]:
        draft = clinic.ask("POST", f"/records/{record}/redo")
        assert draft["record"] == after["record"]
    assert draft["can_redo"] is False
    clinic.refused("nothing-to-undo", 409, "POST", f"/records/{record}/redo")
    clinic.ask("POST", f"/records/{record}/undo")
    assert put(clinic, record, "weight", 70)["can_redo"] is False


def test_a_field_goes_back_to_what_was_dictated(clinic: Clinic) -> None:
    record = clinic.keep()
    put(clinic, record, "temperature", 38)
    put(clinic, record, "complaints", "Кашель.")
    draft = clinic.ask("POST", f"/records/{record}/revert", {"field": "complaints"})
    assert draft["record"]["findings"] == hypertension().model_dump(mode="json")["findings"]
    draft = clinic.ask("POST", f"/records/{record}/revert", {"field": "temperature"})
    assert Record.model_validate(draft["record"]) == hypertension()
    clinic.refused("unknown-field", 422, "POST", f"/records/{record}/revert", {"field": "nonsense"})


def test_of_two_windows_the_second_is_told(clinic: Clinic) -> None:
    record = clinic.keep()
    first = clinic.ask("PUT", f"/records/{record}/fields/weight?version=1", {"value": 70})
    assert first["version"] == 2
    for method, path, body in [
        ("PUT", "fields/weight", {"value": 80}),
        ("POST", "confirm", {"name": "weight"}),
        ("DELETE", "confirm/weight", None),
        ("POST", "undo", None),
        ("POST", "redo", None),
        ("POST", "revert", {"field": "weight"}),
        ("PUT", "context", {}),
    ]:
        clinic.refused("changed", 409, method, f"/records/{record}/{path}?version=1", body)
    clinic.refused("changed", 409, "POST", f"/records/{record}/sign", {"version": 1})
    assert clinic.ask("GET", f"/records/{record}")["record"]["fields"]["weight"]["value"] == 70


def test_it_is_signed_once_every_doubt_is_confirmed(clinic: Clinic) -> None:
    record = clinic.keep(doubtful())
    left = ["complaints", "systolic", "notices"]
    assert clinic.ask("GET", f"/records/{record}")["open_checks"] == left
    while left:
        version = clinic.ask("GET", f"/records/{record}")["version"]
        error = clinic.refused("unconfirmed", 409, "POST", f"/records/{record}/sign", {"version": version})
        assert error["open"] == left
        draft = clinic.ask("POST", f"/records/{record}/confirm", {"name": left.pop(0)})
        assert draft["open_checks"] == left
    signed = clinic.ask("POST", f"/records/{record}/sign", {"version": draft["version"]})
    assert (signed["signature"]["doctor"], signed["signature"]["version"]) == (DOCTOR, draft["version"])
    signature = clinic.store.signature(record)
    assert signature is not None
    assert signature.statement["confirmed"] == ["complaints", "notices", "systolic"]
    clinic.refused("not-signable", 409, "POST", f"/records/{record}/sign", {"version": draft["version"]})


def test_a_changed_value_must_be_confirmed_again(clinic: Clinic) -> None:
    record = clinic.keep()
    assert put(clinic, record, "temperature", 44)["open_checks"] == ["objective", "temperature"]
    clinic.ask("POST", f"/records/{record}/confirm", {"name": "objective"})
    draft = clinic.ask("POST", f"/records/{record}/confirm", {"name": "temperature"})
    assert (draft["open_checks"], draft["confirmed"]) == ([], ["objective", "temperature"])
    assert put(clinic, record, "temperature", 44.5)["open_checks"] == ["temperature"]
    clinic.refused("unknown-field", 422, "POST", f"/records/{record}/confirm", {"name": "nonsense"})
    clinic.refused("invalid", 422, "POST", f"/records/{record}/confirm", {"name": ""})


def test_a_signed_record_that_is_changed_is_signed_anew(clinic: Clinic) -> None:
    record = clinic.keep()
    clinic.ask("POST", f"/records/{record}/sign", {"version": 1})
    draft = put(clinic, record, "weight", 70)
    assert (draft["version"], draft["signature"]["version"]) == (2, 1)
    signed = clinic.ask("POST", f"/records/{record}/sign", {"version": 2})
    assert signed["signature"]["version"] == 2


def test_the_context_is_set_and_warns_only(clinic: Clinic) -> None:
    record = clinic.keep()
    patient = {"iin": "800517300128", "name": "Иванов Иван", "birth_date": "17.05.1980"}
    draft = clinic.ask("PUT", f"/records/{record}/context", {"patient": patient, "visit": {"id": "18"}})
    assert [(each["reason"], each["text"]) for each in draft["record"]["notices"]] == [
        ("iin-invalid", "800517300128")
    ]
    assert draft["record"]["context"]["patient"]["birth_date"] == "1980-05-17"
    assert draft["open_checks"] == ["notices"]
    (listed,) = clinic.ask("POST", "/records/search", {"patient": "800517300128"})["records"]
    assert listed["patient_name"] == "Иванов Иван"
    assert clinic.ask("PUT", f"/records/{record}/context", CONTEXT)["record"]["notices"] == []
    clinic.refused("invalid", 422, "PUT", f"/records/{record}/context", {"patient": {"birth_date": "вчера"}})
    clinic.refused("invalid", 422, "PUT", f"/records/{record}/context", {"patient": 5})


def test_what_was_changed_outlives_the_program(home: Path, dictation: Dictation) -> None:
    with opened(home, dictation) as clinic:
        record = clinic.keep()
        put(clinic, record, "temperature", 44)
        kept = clinic.ask("POST", f"/records/{record}/confirm", {"name": "temperature"})
    with opened(home, dictation) as clinic:
        draft = clinic.ask("GET", f"/records/{record}")
        assert draft["record"] == kept["record"]
        assert draft["confirmed"] == ["temperature"]
        assert draft["can_undo"] is True
        assert clinic.ask("POST", f"/records/{record}/undo")["confirmed"] == []
        draft = clinic.ask("POST", f"/records/{record}/undo")
        assert (Record.model_validate(draft["record"]), draft["can_undo"]) == (hypertension(), False)
        assert clinic.ask("POST", f"/records/{record}/redo")["record"]["fields"]["temperature"]["value"] == 44
        draft = clinic.ask("POST", f"/records/{record}/revert", {"field": "temperature"})
        assert Record.model_validate(draft["record"]) == hypertension()


def test_the_log_names_the_doctor_and_nothing_that_was_said(clinic: Clinic) -> None:
    record = clinic.keep()
    put(clinic, record, "complaints", "Одышка при ходьбе.")
    clinic.ask("POST", f"/records/{record}/sign", {"version": 2})
    entries = clinic.store.audit.entries(record)
    done = [(entry.action, entry.actor) for entry in entries if entry.action != "opened"]
    assert done == [("saved", "system"), ("changed", DOCTOR), ("signed", DOCTOR)]
    assert "дышка" not in str(entries)
    assert clinic.store.verify() == []


def test_of_many_windows_at_once_one_is_first(clinic: Clinic) -> None:
    record = clinic.keep()

    def change(number: int) -> int:
        path = f"/api/v1/records/{record}/fields/weight?version=1"
        return clinic.client.put(path, json={"value": 60 + number}).status_code

    with ThreadPoolExecutor(8) as windows:
        answers = sorted(windows.map(change, range(8)))
    assert answers == [200] + [409] * 7
    assert clinic.ask("GET", f"/records/{record}")["version"] == 2


def test_no_log_holds_a_patient_or_what_was_said(clinic: Clinic, caplog: pytest.LogCaptureFixture) -> None:
    record = clinic.keep()
    with caplog.at_level(logging.DEBUG):
        put(clinic, record, "complaints", "Одышка при ходьбе.")
        clinic.ask("PUT", f"/records/{record}/context", {"patient": {"name": "Сейтов", "iin": "800517300128"}})
        clinic.ask("POST", "/records/search", {"patient": "800517300128"})
        clinic.ask("POST", "/iin", {"iin": "800517300128"})
        clinic.refused("invalid", 422, "PUT", f"/records/{record}/fields/weight", {"value": "Одышка"})
        clinic.ask("GET", f"/records/{record}/print")
    for word in ("дышк", "Сейтов", "800517", "\\u0441\\u0435\\u0439"):
        assert word.lower() not in caplog.text.lower(), word


def test_a_doctor_decides_about_what_is_on_the_screen(clinic: Clinic) -> None:
    """While one speaks the value may change under the hand."""
    record = clinic.keep(doubtful())
    fields = clinic.ask("GET", f"/records/{record}")["record"]["fields"]
    field = f"/records/{record}/fields/systolic"
    clinic.refused("changed", 409, "PUT", field, {"value": 150, "seen": 120})
    clinic.refused("changed", 409, "PUT", field, {"value": 150, "seen": None})
    clinic.refused("changed", 409, "POST", f"/records/{record}/confirm", {"name": "systolic", "seen": 120})
    clinic.ask("POST", f"/records/{record}/confirm", {"name": "systolic", "seen": fields["systolic"]["value"]})
    clinic.ask("PUT", field, {"value": 150, "seen": 160.0})
    drugs = fields["medications"]["value"]
    clinic.ask("PUT", f"/records/{record}/fields/medications", {"value": [], "seen": drugs})
    clinic.refused("changed", 409, "PUT", f"/records/{record}/fields/medications", {"value": [], "seen": drugs})
    notices = clinic.ask("GET", f"/records/{record}")["record"]["notices"]
    clinic.refused("changed", 409, "POST", f"/records/{record}/confirm", {"name": "notices", "seen": []})
    clinic.ask("POST", f"/records/{record}/confirm", {"name": "notices", "seen": notices})


def test_a_negation_is_changed_by_who_has_seen_it(clinic: Clinic) -> None:
    record = clinic.keep()
    told = [{"text": "тошнота", "status": "present"}]
    findings = clinic.ask("GET", f"/records/{record}")["record"]["findings"]
    stale = [each | {"status": "present"} for each in findings]
    clinic.refused("changed", 409, "PUT", f"/records/{record}/fields/findings", {"value": told, "seen": stale})
    draft = clinic.ask("PUT", f"/records/{record}/fields/findings", {"value": told, "seen": findings})
    assert [(each["text"], each["status"]) for each in draft["record"]["findings"]] == [("тошнота", "present")]
