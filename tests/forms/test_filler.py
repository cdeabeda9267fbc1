"""Facts become fields: values, evidence in characters and seconds, confidences, statuses."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from dictation.clinical.facts import Allergy, Examination, FollowUp, Measurement, Medication, Section
from dictation.forms.questionnaire import FACT_EXTENSION, load_form
from dictation.forms.reasons import Reason
from dictation.language.written import Edit
from tests.forms.cases import CONTEXT, CREATED, IDENTIFIER, TEXT, facts_of, filled, hypertension
from tests.forms.visits import place, tokenise, written


def test_everything_is_filled_and_nothing_doubted() -> None:
    record = hypertension()
    values = {key: field.value for key, field in record.fields.items() if field.value is not None}
    said = "complaints allergies objective temperature systolic diastolic heart-rate diagnosis medications"
    assert [*values] == [*said.split(), "examinations", "follow-up"]
    assert values["complaints"] == "Головную боль. Тошноты нет."
    assert values["allergies"] == "На пенициллин сыпь."
    assert values["objective"] == "Температура 36,6, давление 160/95, пульс 82 в минуту."
    assert (values["temperature"], values["systolic"], values["diastolic"], values["heart-rate"]) == (
        36.6,
        160,
        95,
        82,
    )
    assert values["follow-up"] == "через 10 дней"
    assert {field.status for field in record.fields.values()} == {"ok", "empty"}
    assert record.notices == []
    assert not record.needs_checking()


def test_whole_numbers_are_written_without_a_point() -> None:
    data = hypertension().model_dump_json()
    assert '"value":160,"unit":' in data or '"value":160}' in data or '"value":160,' in data
    assert "160.0" not in data


def test_medication_holds_what_was_understood() -> None:
    (item,) = hypertension().fields["medications"].value
    assert item.model_dump(exclude={"evidence", "confidence", "reasons", "status"}) == {
        "text": "Лозартан 50 мг внутрь 1 раз в день",
        "name": "лозартан",
        "said": "Лозартан",
        "form": None,
        "strength": None,
        "dose": 50,
        "unit": "мг",
        "route": "внутрь",
        "times_per_day": 1,
        "timing": None,
        "condition": None,
        "duration_days": None,
        "as_needed": False,
    }


def test_diagnosis_keeps_its_candidates() -> None:
    (item,) = hypertension().fields["diagnosis"].value
    assert (item.role, item.icd10, item.status) == ("main", "I10", "ok")
    assert [(c.icd10, c.score) for c in item.candidates] == [("I10", 0.91), ("I15.9", 0.4)]


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("complaints", "головную боль. Тошноты нет."),
        ("temperature", "Температура 36,6"),
        ("diastolic", "давление 160/95"),
        ("diagnosis", "Артериальная гипертензия 2 степени"),
        ("medications", "Лозартан 50 мг внутрь 1 раз в день"),
        ("follow-up", "через 10 дней"),
    ],
)
def test_evidence_points_at_what_was_said(key: str, said: str) -> None:
    """Words of the made-up recording begin every half second and last 0.4 s."""
    record = hypertension()
    (place_,) = record.fields[key].evidence
    assert record.transcript.text[place_.start_char : place_.end_char] == said
    before = TEXT[: TEXT.index(said)].count(" ")
    assert place_.start == before * 0.5
    assert place_.end == pytest.approx((before + said.count(" ")) * 0.5 + 0.4)


def test_text_without_sound_has_neither_times_nor_confidence() -> None:
    given = written(TEXT)
    record = filled(given, facts_of(given))
    assert record.recogniser is None
    for field in record.fields.values():
        assert field.confidence is None
        assert all(place_.start is None and place_.end is None for place_ in field.evidence)
    assert record.fields["complaints"].status == "ok"


def test_who_and_when() -> None:
    record = hypertension()
    assert (record.id, record.created, record.source, record.form) == (
        IDENTIFIER,
        CREATED,
        "visit.opus",
        "052u-visit",
    )
    assert record.context.model_dump(mode="json") == CONTEXT


def test_new_record_has_its_own_id_and_an_aware_time() -> None:
    given = written("")
    one = filled(given, [])
    assert one.created.tzinfo is not None
    assert {field.status for field in one.fields.values()} == {"empty"}
    assert one.findings == []


def test_two_stretches_of_a_section_are_two_sentences() -> None:
    given = written("Жалобы кашель Объективно хрипов нет Жалобы ещё насморк")
    found = [
        Section(1, 2, kind="complaints", heading=1),
        Section(3, 5, kind="objective", heading=1),
        Section(*place(given, "ещё насморк"), kind="complaints", heading=1),
    ]
    record = filled(given, found)
    assert record.fields["complaints"].value == "Кашель. Ещё насморк."
    assert [(e.start_char, e.end_char) for e in record.fields["complaints"].evidence] == [(7, 13), (43, 54)]


def test_two_values_of_one_measurement() -> None:
    given = written("температура 36,6 потом температура 37,2")
    found = [
        Section(0, 5, kind="objective"),
        Measurement(0, 2, kind="temperature", value=36.6, unit="Cel"),
        Measurement(3, 5, kind="temperature", value=37.2, unit="Cel"),
    ]
    field = filled(given, found).fields["temperature"]
    assert (field.value, field.status, field.reasons) == (36.6, "check", [Reason.CONTRADICTION])
    assert [(a.value, a.evidence[0].start_char) for a in field.alternatives] == [(37.2, 23)]


def test_the_same_value_twice_is_no_doubt() -> None:
    given = written("температура 36,6 да температура 36,6")
    found = [
        Section(0, 5, kind="objective"),
        Measurement(0, 2, kind="temperature", value=36.6, unit="Cel"),
        Measurement(3, 5, kind="temperature", value=36.6, unit="Cel"),
    ]
    field = filled(given, found).fields["temperature"]
    assert (field.value, field.status, field.alternatives) == (36.6, "ok", [])


@pytest.mark.parametrize("subject", ["home", "past", "birth", "other"])
def test_only_todays_measurements_fill_the_form(subject: str) -> None:
    given = written("дома давление 170/100")
    found = [
        Section(0, 3, kind="anamnesis-morbi"),
        Measurement(1, 3, kind="systolic", value=170.0, unit="mm[Hg]", subject=subject),
    ]
    field = filled(given, found).fields["systolic"]
    assert (field.value, field.status) == (None, "empty")


def test_named_measurement_without_a_value_is_not_lost() -> None:
    given = written("пульс ровный")
    lost = Measurement(0, 1, reasons=("no-value",), kind="heart-rate", value=None, unit="/min")
    field = filled(given, [Section(0, 2, kind="objective"), lost]).fields["heart-rate"]
    assert (field.value, field.status, field.reasons) == (None, "check", [Reason.NO_VALUE])
    assert [(e.start_char, e.end_char) for e in field.evidence] == [(0, 5)]


@pytest.mark.parametrize("intent", ["taken", "stopped", "allergy"])
def test_only_prescribed_drugs_fill_the_form(intent: str) -> None:
    given = written("эналаприл 5 мг")
    found = [
        Section(0, 3, kind="anamnesis-morbi"),
        Medication(0, 3, name="эналаприл", said="эналаприл", intent=intent),
    ]
    assert filled(given, found).fields["medications"].value is None


def test_reasons_of_a_fact_reach_item_and_field() -> None:
    given = written("лозартан 500 мг")
    drug = Medication(0, 3, reasons=("unusual-dose", "never-heard-of"), name="лозартан", said="лозартан", dose=500.0)
    field = filled(given, [drug]).fields["medications"]
    assert field.value[0].reasons == [Reason.UNUSUAL_DOSE, Reason.UNCERTAIN]
    assert (field.value[0].status, field.status) == ("check", "check")
    assert field.reasons == [Reason.UNUSUAL_DOSE, Reason.UNCERTAIN]


def test_findings_allergies_and_corrections_are_carried() -> None:
    record = hypertension()
    assert [(f.text, f.status) for f in record.findings] == [("головная боль", "present"), ("тошнота", "absent")]
    (allergy,) = record.allergies
    assert (allergy.substance, allergy.reaction, allergy.denied) == ("пенициллин", "сыпь", False)
    given = replace(written("кашель удали слово насморк"), edits=(Edit("delete-word", 7, 18, True, removed="боль"),))
    (edit,) = filled(given, []).edits
    assert (edit.kind, edit.done, edit.removed) == ("delete-word", True, "боль")
    assert (edit.evidence[0].start_char, edit.evidence[0].end_char) == (7, 18)


def test_damaged_recording_is_said() -> None:
    record = filled(written(""), [], damage="broke off at 12 s")
    assert [(n.reason, n.text) for n in record.notices] == [(Reason.DAMAGED_RECORDING, "broke off at 12 s")]
    assert record.needs_checking()


def test_denied_allergy() -> None:
    given = written("Аллергию отрицает.")
    found = [Section(0, 3, kind="allergies"), Allergy(0, 2, denied=True)]
    record = filled(given, found)
    assert (record.fields["allergies"].value, record.fields["allergies"].status) == ("Аллергию отрицает.", "ok")


def test_an_item_of_ones_own_needs_no_code(tmp_path: Path) -> None:
    """A clinic adds waist and glucose by name, pulse by its LOINC code, and a text item bound to a section."""

    def item(key: str, kind: str, fact: str) -> dict[str, object]:
        return {"linkId": key, "type": kind, "extension": [{"url": FACT_EXTENSION, "valueString": fact}]}

    questionnaire = {
        "resourceType": "Questionnaire",
        "status": "active",
        "item": [
            item("waist", "decimal", "measurement:waist"),
            item("sugar", "decimal", "measurement:glucose"),
            {"linkId": "puls", "type": "integer", "code": [{"system": "http://loinc.org", "code": "8867-4"}]},
            item("status-localis", "text", "section:objective"),
            item("orders", "string", "examinations"),
            item("when", "string", "follow-up"),
            {"linkId": "colour", "type": "choice"},
        ],
    }
    path = tmp_path / "own.json"
    path.write_text(json.dumps(questionnaire), encoding="utf-8")
    given = written("окружность талии 94 см , глюкоза 5,4 , пульс 70 . ЭКГ , спирография . через неделю")
    found = [
        Section(*place(given, "окружность талии 94 см , глюкоза 5,4 , пульс 70 ."), kind="objective"),
        Measurement(*place(given, "окружность талии 94 см"), kind="waist", value=94.0, unit="cm"),
        Measurement(*place(given, "глюкоза 5,4"), kind="glucose", value=5.4, unit="mmol/L"),
        Measurement(*place(given, "пульс 70"), kind="heart-rate", value=70.0, unit="/min"),
        Examination(*place(given, "ЭКГ"), text="ЭКГ"),
        Examination(*place(given, "спирография"), text="спирография"),
        FollowUp(*place(given, "через неделю"), text="через неделю"),
    ]
    record = filled(given, found, form=load_form(path))
    assert {key: field.value for key, field in record.fields.items()} == {
        "waist": 94,
        "sugar": 5.4,
        "puls": 70,
        "status-localis": "Окружность талии 94 см , глюкоза 5,4 , пульс 70.",
        "orders": "ЭКГ, спирография",
        "when": "через неделю",
        "colour": None,
    }
    assert record.form == "own"
    assert record.fields["sugar"].unit == "mmol/L"


def test_helper_places_phrases() -> None:
    assert [token.text for token in tokenise("пульс 82, ритм")] == ["пульс", "82", ",", "ритм"]
