"""Measurements: what a value is bound to, whose it is, and what is doubted. Expected values worked out by hand."""

from __future__ import annotations

import pytest
import spacy
from spacy.tokens import Doc, DocBin

from dictation.clinical import measurements as component
from dictation.clinical.facts import Measurement, Section, get, put
from dictation.clinical.measurements import MeasurementReader
from dictation.grammar.endings import stemmer
from dictation.grammar.measurements import measurements
from dictation.grammar.numerals import numerals


@pytest.fixture(scope="module")
def reader() -> MeasurementReader:
    return MeasurementReader(measurements("ru"), numerals("ru"), stemmer("ru"))


def read(reader: MeasurementReader, text: str, section: str | None = "objective") -> list[Measurement]:
    words = text.split()
    return reader.read(words, [Section(0, len(words), kind=section)] if section else [])


def values(facts: list[Measurement]) -> list[tuple[str, float | None]]:
    return [(fact.kind, fact.value) for fact in facts]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "давление 128/76 пульс 80 температура 37,1 сатурация 97 рост 168 вес 92",
            [
                ("systolic", 128), ("diastolic", 76), ("heart-rate", 80), ("temperature", 37.1),
                ("oxygen-saturation", 97), ("height", 168), ("weight", 92),
            ],
        ),
        (
            "Артериальное давление 160/95 мм рт. ст. , пульс 82 в минуту , ритмичный . Рост 164 см , вес 81,5 кг .",
            [("systolic", 160), ("diastolic", 95), ("heart-rate", 82), ("height", 164), ("weight", 81.5)],
        ),
        ("АД 120 на 80", [("systolic", 120), ("diastolic", 80)]),
        ("ЧСС 104 , ритм неправильный", [("heart-rate", 104)]),
        ("частота сердечных сокращений 104", [("heart-rate", 104)]),
        ("ЧДД 22 в минуту", [("respiratory-rate", 22)]),
        ("дыхание 24 сатурация 99 %", [("respiratory-rate", 24), ("oxygen-saturation", 99)]),
        ("Пульс ритмичный , 76 ударов в минуту", [("heart-rate", 76)]),
        ("рост 1,68 м", [("height", 168)]),
        ("вес 3200 г", [("weight", 3.2)]),
        ("160/95 мм рт. ст.", [("systolic", 160), ("diastolic", 95)]),
        ("гликированный гемоглобин 8,4 %", [("hba1c", 8.4)]),
        ("гемоглобин 98 г/л", [("haemoglobin", 98)]),
        ("Температура . 38,2 . Пульс . 110", [("temperature", 38.2), ("heart-rate", 110)]),
    ],
)  # fmt: skip
def test_values_bind_to_their_names(reader: MeasurementReader, text: str, expected: list[tuple[str, float]]) -> None:
    facts = read(reader, text)
    assert values(facts) == expected
    assert [fact.reasons for fact in facts] == [()] * len(expected)
    assert {fact.subject for fact in facts} == {"today"}


@pytest.mark.parametrize(
    "text",
    [
        "Дыхание жёсткое , сухие хрипы",
        "Пульс ритмичный .",
        "температура нормальная",
        "Рост и развитие по возрасту",
    ],
)
def test_a_name_without_a_number_is_no_measurement(reader: MeasurementReader, text: str) -> None:
    assert read(reader, text) == []


@pytest.mark.parametrize(
    ("text", "section", "subject"),
    [
        ("дома давление поднималось до 170/100", "anamnesis-morbi", "home"),
        ("повышение температуры до 38,6", "complaints", "past"),
        ("температура 39", "complaints", "past"),
        ("вес при рождении 3,2 кг", "anamnesis-vitae", "birth"),
        ("поддерживать давление ниже 140/90", "recommendations", "other"),
        ("целевое давление 130/80", None, "other"),
        ("за полгода вес на 4 кг", None, "other"),
        ("На прошлом приёме давление 150/90", None, "past"),
        ("обычное давление 120/80", "anamnesis-vitae", "past"),
        ("у матери давление 180/100", None, "other"),
        ("При осмотре давление 125/80", None, "today"),
        ("давление 170/100 дома", None, "home"),
        ("температура 36,6 . Вчера рвота", None, "today"),
    ],
)
def test_whose_value_it_is(reader: MeasurementReader, text: str, section: str | None, subject: str) -> None:
    facts = read(reader, text, section)
    assert facts
    assert {fact.subject for fact in facts} == {subject}


@pytest.mark.parametrize(
    "before",
    [
        "боль возникла неделю назад",
        "лечился самостоятельно",
        "дед по отцу болел ранее",
        "у сестры псориаз",
        "краснуха в детстве",
    ],
)
def test_a_cue_does_not_reach_over_a_section_border(reader: MeasurementReader, before: str) -> None:
    history = before.split()
    words = [*history, *["язык", "чистый", "давление", "124/78", "пульс", "70"]]
    sections = [
        Section(0, len(history), kind="anamnesis-vitae"),
        Section(len(history), len(words), kind="objective", heading=0),
    ]
    facts = reader.read(words, sections)
    assert [(f.kind, f.value, f.subject, f.reasons) for f in facts] == [
        ("systolic", 124, "today", ()),
        ("diastolic", 78, "today", ()),
        ("heart-rate", 70, "today", ()),
    ]


def test_a_value_of_another_time_in_the_examination_asks_for_todays(reader: MeasurementReader) -> None:
    facts = read(reader, "На прошлом приёме вес 86 , пульс 72")
    assert [(f.kind, f.value, f.subject, f.reasons) for f in facts] == [
        ("weight", 86, "past", ()),
        ("weight", None, "today", ("no-value", "uncertain")),
        ("heart-rate", 72, "today", ()),
    ]


def test_a_cue_far_before_a_value_of_the_examination_is_a_doubt(reader: MeasurementReader) -> None:
    (fact,) = read(reader, "повязка вчера сбилась рана чистая отделяемого нет температура 36,9")
    assert (fact.value, fact.subject, fact.reasons) == (36.9, "today", ("uncertain",))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Температура утром 37,2 , сейчас 36,9", [(37.2, "past"), (36.9, "today")]),
        ("температура сейчас 36,9 вчера 38,4", [(36.9, "today"), (38.4, "past")]),
        ("вес сегодня 71 , месяц назад 74", [(71, "today"), (74, "past")]),
    ],
)
def test_values_of_two_times_after_one_name(
    reader: MeasurementReader, text: str, expected: list[tuple[float, str]]
) -> None:
    assert [(fact.value, fact.subject) for fact in read(reader, text)] == expected


def test_weight_gained_is_not_the_weight(reader: MeasurementReader) -> None:
    assert [f for f in read(reader, "прибавка в весе на 4 кг за полгода", None) if f.subject == "today"] == []
    assert read(reader, "за 2 недели прибавила 3,5 кг", "anamnesis-morbi") == []


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("температура 366", [36.6], "ambiguous-number"),
        ("температура 36-6", [36.6], "ambiguous-number"),
        ("температура 36 и 6", [36.6], "ambiguous-number"),
        ("давление 160 95", [160, 95], "ambiguous-number"),
        ("давление 80/120", [80, 120], "ambiguous-number"),
        ("пульс 30 7", [30], "ambiguous-number"),
        ("сатурация 90 семье отёков нет", [90], "ambiguous-number"),
        ("температура 48", [48], "out-of-range"),
        ("рост 168 кг", [168], "unit-mismatch"),
        ("пульс в минуту", [None], "no-value"),
        ("давление повышено до 160/100", [160, 100], "uncertain"),
        ("температура 36,6 . Температура 37,8", [36.6, 37.8], "contradiction"),
    ],
)
def test_doubts(reader: MeasurementReader, text: str, expected: list[float | None], reason: str) -> None:
    facts = read(reader, text)
    assert [fact.value for fact in facts] == expected
    assert [reason in fact.reasons for fact in facts] == [True] * len(expected)


def test_a_pressure_with_one_number_asks_for_the_other(reader: MeasurementReader) -> None:
    systolic, diastolic = read(reader, "давление 120")
    assert (systolic.kind, systolic.value, systolic.reasons) == ("systolic", 120, ("ambiguous-number",))
    assert (diastolic.kind, diastolic.value, diastolic.reasons) == ("diastolic", None, ("no-value",))


def test_a_number_lost_between_two_measurements_is_shown(reader: MeasurementReader) -> None:
    lost, temperature = read(reader, "пульс температура 36,6")
    assert (lost.kind, lost.value, lost.reasons) == ("heart-rate", None, ("no-value",))
    assert (temperature.value, temperature.reasons) == (36.6, ())


def test_sides(reader: MeasurementReader) -> None:
    facts = read(reader, "Внутриглазное давление справа 28 , слева 19 . Артериальное давление 145/80 .")
    assert [(f.kind, f.value, f.side) for f in facts] == [
        ("intraocular-pressure", 28, "right"),
        ("intraocular-pressure", 19, "left"),
        ("systolic", 145, None),
        ("diastolic", 80, None),
    ]
    acuity = read(reader, "Острота зрения правого глаза 0,4 , левого 0,8 .")
    assert [(f.value, f.side) for f in acuity] == [(0.4, "right"), (0.8, "left")]


@pytest.mark.parametrize(
    ("kind", "value", "age", "plausible"),
    [
        ("heart-rate", 118, 0.8, True),
        ("heart-rate", 30, 0.8, False),
        ("respiratory-rate", 60, 0.5, True),
        ("respiratory-rate", 60, 40, False),
        ("weight", 9.8, 0.9, True),
        ("weight", 9.8, 40, False),
        ("systolic", 160, 50, True),
        ("systolic", 160, 0.5, False),
        ("weight", 9.8, None, True),
        ("temperature", 44, None, False),
    ],
)
def test_plausible_by_age(kind: str, value: float, age: float | None, plausible: bool) -> None:
    assert measurements("ru").get(kind).plausible(value, age) is plausible


def test_values_among_the_allergies_are_those_of_an_examination_whose_heading_was_lost(
    reader: MeasurementReader,
) -> None:
    words = ["аллергии", "нет", "живот", "мягкий", "пульс", "68", "рост", "162"]
    found = reader.read(words, [Section(0, len(words), kind="allergies")])
    assert [(fact.kind, fact.value, fact.subject, fact.reasons) for fact in found] == [
        ("heart-rate", 68, "today", ("uncertain",)),
        ("height", 162, "today", ("uncertain",)),
    ]


def test_facts_survive_disk_and_processes() -> None:
    assert component.create is not None
    nlp = spacy.blank("ru")
    nlp.add_pipe("med_measurements")
    texts = ["пульс 80 температура 37,1", "рост 168 вес 92"]
    docs = [Doc(nlp.vocab, words=text.split()) for text in texts]
    for doc in docs:
        put(doc, Section, [Section(0, len(doc), kind="objective")])
    done = [nlp(doc) for doc in docs]
    again = list(DocBin(docs=done, store_user_data=True).get_docs(nlp.vocab))
    assert [get(doc, Measurement) for doc in again] == [get(doc, Measurement) for doc in done]
    assert [values(get(doc, Measurement)) for doc in done] == [
        [("heart-rate", 80), ("temperature", 37.1)],
        [("height", 168), ("weight", 92)],
    ]


@pytest.mark.parametrize(
    ("text", "section", "expected"),
    [
        # The name was not heard: nothing else of an examination is said so.
        ("дадение 122/78 пульс 69", "objective", [("systolic", 122), ("diastolic", 78), ("heart-rate", 69)]),
        # Another pressure is known, a history tells another's, and eyes are tested at such distances.
        ("АД 120/80 повтор через час у матери 140/90", "objective", [("systolic", 120), ("diastolic", 80)]),
        ("поднималось 160/95", "anamnesis-morbi", []),
        (
            "вчера давление 170/100 . Сейчас дадение 130/85",
            "objective",
            [("systolic", 170), ("diastolic", 100), ("systolic", 130), ("diastolic", 85)],
        ),
        ("зрение 10/10", "objective", []),
        ("соотношение 80/120", "objective", []),
    ],
)
def test_a_pressure_without_its_name(
    reader: MeasurementReader, text: str, section: str, expected: list[tuple[str, float]]
) -> None:
    facts = read(reader, text, section)
    assert values(facts) == expected
    if text.startswith("дадение"):
        assert [fact.reasons for fact in facts] == [("uncertain",), ("uncertain",), ()]


def test_a_value_before_an_examination_without_heading_is_asked_for(reader: MeasurementReader) -> None:
    """Told as of the past, and today's is missing: the heading between them was not heard."""
    words = ["а", "смотр", "температура", "36", ".", "давления", "122/78"]
    for heading, expected in ((0, [("past", 36.0), ("today", None)]), (1, [("past", 36.0)])):
        sections = [Section(0, 5, kind="anamnesis-vitae"), Section(5, 7, kind="objective", heading=heading)]
        facts = [fact for fact in reader.read(words, sections) if fact.kind == "temperature"]
        assert [(fact.subject, fact.value) for fact in facts] == expected
