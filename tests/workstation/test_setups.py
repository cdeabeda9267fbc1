"""Set-ups: one recogniser for all forms, and dictations filled side by side as they are alone."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dictation.forms.record import Record
from dictation.session import Dictation
from dictation.workstation.failures import Failure
from dictation.workstation.settings import Settings
from dictation.workstation.setups import Setups

VISITS = [
    "жалобы на кашель с мокротой и насморк давление сто тридцать на восемьдесят пульс восемьдесят",
    "жалобы на боль в пояснице объективно температура тридцать шесть и шесть диагноз острый бронхит",
    "жалоб нет аллергия на пенициллин лечение амоксициллин пятьсот миллиграмм три раза в день семь дней",
    "диагноз гипертоническая болезнь давление сто шестьдесят на сто рекомендовано контроль давления",
]
OWN = {
    "resourceType": "Questionnaire",
    "status": "active",
    "title": "Короткий осмотр",
    "item": [
        {
            "linkId": "pulse",
            "type": "integer",
            "text": "Пульс",
            "code": [{"system": "http://loinc.org", "code": "8867-4"}],
        }
    ],
}


def content(record: Record) -> dict[str, object]:
    return record.model_dump(mode="json", exclude={"id", "created"})


@pytest.fixture
def setups(home: Path, dictation: Dictation) -> Setups:
    made = Setups(Settings(), dictation)
    made.load()
    return made


def test_many_threads_fill_what_one_would(dictation: Dictation) -> None:
    alone = [content(dictation.extract(text)) for text in VISITS]
    pressures = [[one["fields"][key]["value"] for key in ("systolic", "diastolic")] for one in alone]
    assert pressures == [[130, 80], [None, None], [None, None], [160, 100]]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: content(dictation.extract(text)), VISITS * 3))
    assert together == alone * 3


def test_a_form_of_ones_own_shares_all_that_is_loaded(setups: Setups, dictation: Dictation, home: Path) -> None:
    (home / "forms").mkdir()
    (home / "forms" / "short.json").write_text(json.dumps(OWN), encoding="utf-8")
    own = setups.get("short")
    assert own is setups.get("short")
    assert own.form.name == "short"
    assert own.recogniser is dictation.recogniser
    assert own.pipeline is dictation.pipeline
    assert own.extract("пульс семьдесят два").fields["pulse"].value == 72
    assert setups.get("052u-visit") is dictation
    setups.forget("short")
    (home / "forms" / "short.json").unlink()
    with pytest.raises(Failure, match="unknown-form"):
        setups.get("short")


@pytest.mark.parametrize("name", ["no-such-form", "../store", "/etc/passwd", "", "052u-visit.json", "FORMS"])
def test_a_form_is_asked_for_by_name_alone(setups: Setups, name: str) -> None:
    with pytest.raises(Failure, match="unknown-form"):
        setups.get(name)


def test_another_language_than_the_servers_is_refused(setups: Setups) -> None:
    assert setups.get("052u-visit", "ru")
    with pytest.raises(Failure, match="invalid"):
        setups.get("052u-visit", "kk")


def test_a_model_that_is_missing_is_told_to_whoever_wants_to_dictate(home: Path) -> None:
    setups = Setups(Settings(engine="vosk"))
    setups.load()
    assert not setups.ready
    assert setups.recogniser is None
    with pytest.raises(Failure, match="unavailable") as failure:
        setups.get("052u-visit")
    assert "no vosk model" in failure.value.more["detail"]
