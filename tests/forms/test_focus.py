"""Dictating into fields one by one: what is said needs neither a heading nor a name."""

from __future__ import annotations

import pytest

from dictation.errors import UsageError
from dictation.forms.context import Context
from dictation.forms.focus import active_field
from dictation.forms.navigation import SpokenStep, Step, fields_of, spoken_steps, target
from dictation.forms.record import Record
from dictation.session import Dictation, Heard
from dictation.speech.recogniser import ModelInfo
from dictation.speech.transcript import Transcript, Utterance, Word


@pytest.fixture(scope="module")
def dictation() -> Dictation:
    return Dictation()


def said(dictation: Dictation, *pieces: tuple[str | None, str]) -> Record:
    """A record of utterances said into fields, a second between two of them, every word well heard."""
    clock, utterances = 0.0, []
    for field, text in pieces:
        words = []
        for word in text.split():
            words.append(Word(word, clock, clock + 0.3, 0.95))
            clock += 0.35
        utterances.append(Utterance(text, tuple(words), words[0].start, words[-1].end, field))
        clock += 1.0
    heard = Heard("-", Transcript.from_utterances(utterances), ModelInfo("whisper", "test", None), clock, 0.0)
    return dictation.record(heard, Context())


def value(record: Record, key: str) -> object:
    field = record.fields[key]
    return field.value, field.status


def test_text_goes_into_the_field_that_was_chosen(dictation: Dictation) -> None:
    record = said(
        dictation,
        ("recommendations", "обильное питьё"),
        ("complaints", "кашель и насморк"),
        ("anamnesis-morbi", "болеет три дня"),
    )
    assert value(record, "recommendations") == ("Обильное питьё.", "ok")
    assert value(record, "complaints") == ("Кашель и насморк.", "ok")
    assert value(record, "anamnesis-morbi") == ("Болеет 3 дня.", "ok")


@pytest.mark.parametrize(
    ("key", "text", "expected"),
    [
        ("temperature", "тридцать семь и две", 37.2),
        ("heart-rate", "семьдесят шесть", 76),
        ("oxygen-saturation", "девяносто восемь процентов", 98),
        ("weight", "восемьдесят два", 82),
        ("height", "сто семьдесят пять сантиметров", 175),
        ("systolic", "сто тридцать", 130),
        ("diastolic", "восемьдесят пять", 85),
    ],
)
def test_a_number_needs_no_name(dictation: Dictation, key: str, text: str, expected: float) -> None:
    assert value(said(dictation, (key, text)), key) == (expected, "ok")


def test_both_numbers_of_a_pressure_may_be_said_into_the_first(dictation: Dictation) -> None:
    record = said(dictation, ("systolic", "сто тридцать на восемьдесят"))
    assert value(record, "systolic") == (130, "ok")
    assert value(record, "diastolic") == (80, "ok")


def test_a_number_that_cannot_be_is_doubted(dictation: Dictation) -> None:
    field = said(dictation, ("temperature", "семьдесят шесть")).fields["temperature"]
    assert (field.value, field.status) == (76, "check")
    assert "out-of-range" in field.reasons


def test_prescriptions_diagnosis_and_return(dictation: Dictation) -> None:
    record = said(
        dictation,
        ("medications", "лозартан пятьдесят миллиграмм утром"),
        ("diagnosis", "артериальная гипертензия второй степени"),
        ("follow-up", "через две недели"),
    )
    drug = record.fields["medications"].value[0]
    assert (drug.name, drug.dose, drug.unit, drug.times_per_day) == ("лозартан", 50, "мг", 1)
    assert record.fields["diagnosis"].value[0].icd10[:3] in {"I10", "I11"}
    assert value(record, "follow-up") == ("через 2 недели", "ok")


def test_a_spoken_heading_leads_out_of_the_field(dictation: Dictation) -> None:
    record = said(dictation, ("complaints", "кашель"), ("complaints", "диагноз острый бронхит"))
    assert value(record, "complaints") == ("Кашель.", "ok")
    assert [item.text for item in record.fields["diagnosis"].value] == ["Острый бронхит"]


def test_after_a_field_is_left_headings_count_again(dictation: Dictation) -> None:
    record = said(dictation, ("temperature", "тридцать шесть и шесть"), (None, "жалобы на слабость"))
    assert value(record, "temperature") == (36.6, "ok")
    assert value(record, "complaints") == ("Слабость.", "ok")


def test_words_in_a_number_field_are_not_lost(dictation: Dictation) -> None:
    record = said(dictation, ("temperature", "субфебрильная вечером тридцать семь и три"))
    texts = [notice.text for notice in record.notices]
    assert any("убфебрильная" in text for text in texts) or record.fields["temperature"].status == "check"


@pytest.mark.parametrize(
    ("command", "key"),
    [
        ("перейти к полю температура", "temperature"),
        ("перейти к диагнозу", "diagnosis"),
        ("перейди к анамнезу жизни", "anamnesis-vitae"),
        ("переходим к осмотру", "objective"),
        ("перейти к назначениям", "medications"),
        ("перейти к давлению", "systolic"),
        ("перейти к полю рекомендации", "recommendations"),
    ],
)
def test_a_field_is_asked_for_by_voice(dictation: Dictation, command: str, key: str) -> None:
    """Also from a file, where no event tells of the change: what follows is said into that field."""
    written = dictation.writer(Transcript.from_text(f"Кашель. {command.capitalize()}. Слова."))
    assert [target(dictation.form, "ru", None, step) for step in spoken_steps(written)] == [key]
    assert written.text == "Кашель. Слова."


def test_what_follows_the_command_goes_into_the_field(dictation: Dictation) -> None:
    record = said(
        dictation, (None, "жалобы на кашель"), (None, "перейти к температуре"), (None, "тридцать семь и два")
    )
    assert value(record, "complaints") == ("Кашель.", "ok")
    assert value(record, "temperature") == (37.2, "ok")


def test_a_command_within_a_sentence_is_none(dictation: Dictation) -> None:
    written = dictation.writer(Transcript.from_text("Рекомендовано перейти к лечению препаратами железа."))
    assert written.text == "Рекомендовано перейти к лечению препаратами железа."
    assert list(spoken_steps(written)) == []


def test_steps_follow_the_order_of_the_form(dictation: Dictation) -> None:
    def led(current: str | None, kind: Step) -> str | None:
        return target(dictation.form, "ru", current, SpokenStep(kind, 0))

    assert led(None, Step.NEXT) == "complaints"
    assert led("complaints", Step.NEXT) == "anamnesis-morbi"
    assert led("anamnesis-morbi", Step.PREVIOUS) == "complaints"
    assert led("complaints", Step.PREVIOUS) is None
    assert led("follow-up", Step.NEXT) is None
    assert led("complaints", Step.STOP) is None


def test_what_the_recogniser_is_told(dictation: Dictation) -> None:
    assert [item.key for item in fields_of(dictation.form)][:6] == [
        "complaints",
        "anamnesis-morbi",
        "anamnesis-vitae",
        "allergies",
        "objective",
        "temperature",
    ]
    number = active_field(dictation.form, "temperature", "ru")
    assert (number.kind, number.section) == ("number", "measured")
    assert {"тридцать", "шесть", "целых", "следующее поле"} <= set(number.phrases)
    story = active_field(dictation.form, "anamnesis-morbi", "ru")
    assert (story.kind, story.section, story.phrases) == ("narrative", "anamnesis-morbi", ())
    assert active_field(dictation.form, "medications", "ru").section == "treatment"
    with pytest.raises(UsageError, match="no field 'no such field' to dictate into; there are: complaints, "):
        active_field(dictation.form, "no such field", "ru")
