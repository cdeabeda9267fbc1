"""What a command that was not carried out may have been meant for is asked for. Texts of our own."""

from __future__ import annotations

import pytest

from dictation.forms.record import Record
from dictation.session import Dictation

DICTATION = Dictation()


def listed(record: Record, key: str) -> list[tuple[str, str]]:
    value = record.fields[key].value
    assert isinstance(value, list)
    return [(item.text, item.status) for item in value]


def test_a_deletion_without_marks_asks_for_the_drugs_it_may_have_meant() -> None:
    record = DICTATION.extract(
        "назначено фамотидин двадцать миллиграмм на ночь удали последнее предложение "
        "пантопразол сорок миллиграмм утром"
    )
    assert listed(record, "medications") == [("фамотидин 20 мг на ночь", "check"), ("пантопразол 40 мг утром", "ok")]
    assert "doubtful-command" in {reason.value for reason in record.fields["medications"].reasons}


def test_a_mark_is_where_the_sentence_began() -> None:
    record = DICTATION.extract(
        "Назначено. Пантопразол сорок миллиграмм утром. Фамотидин двадцать миллиграмм на ночь, ой, что ещё."
    )
    assert [status for _, status in listed(record, "medications")] == ["ok", "check"]


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("план обследования общий анализ крови удали последнее предложение рекомендовано диета", "examinations"),
        ("диагноз острый бронхит удали последнее предложение назначено лечение", "diagnosis"),
        ("объективно пульс восемьдесят удали последнее предложение живот мягкий", "heart-rate"),
        ("жалобы на кашель анамнез жизни курит сотри последнее предложение объективно пульс сто", "anamnesis-vitae"),
        ("явка через неделю удали последнее предложение", "follow-up"),
    ],
)
def test_so_is_every_other_value(said: str, key: str) -> None:
    record = DICTATION.extract(said)
    assert record.fields[key].status == "check"
    assert "doubtful-command" in {reason.value for reason in record.fields[key].reasons}


def test_what_was_carried_out_asks_for_nothing() -> None:
    record = DICTATION.extract(
        "Назначено. Пантопразол сорок миллиграмм утром. Фамотидин двадцать миллиграмм. Удали последнее предложение."
    )
    assert listed(record, "medications") == [("Пантопразол 40 мг утром", "ok")]
