"""Drugs stopped, replaced or put on another dose, and where that is told; expected values worked out by hand."""

from __future__ import annotations

import re

import pytest
import spacy
from spacy.tokens import Doc

from dictation.clinical.facts import Medication, Section, get, put
from dictation.clinical.medications import MedicationReader

TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*%?|[^\W\d_]+(?:[-/][^\W\d_]+)*|\S")


@pytest.fixture(scope="module")
def reader() -> MedicationReader:
    return MedicationReader("ru")


def read(reader: MedicationReader, text: str) -> list[Medication]:
    words = TOKEN.findall(text)
    return reader.read(words, [Section(0, len(words), kind="treatment")])


def one(reader: MedicationReader, text: str) -> Medication:
    (fact,) = read(reader, text)
    return fact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Анаприлин отменить", [("пропранолол", "stopped")]),
        ("Верошпирон пока убрать", [("спиронолактон", "stopped")]),
        ("От ибупрофена отказаться", [("ибупрофен", "stopped")]),
        ("Кеторол больше не пить", [("кеторолак", "stopped")]),
        ("Прекратить приём диклофенака", [("диклофенак", "stopped")]),
        ("прекратить принимать варфарин", [("варфарин", "stopped")]),
        ("Отменить эналаприл и лозартан", [("эналаприл", "stopped"), ("лозартан", "stopped")]),
        ("Эналаприл, лозартан и дигоксин отменить",
         [("эналаприл", "stopped"), ("лозартан", "stopped"), ("дигоксин", "stopped")]),
        ("дигоксин 0,25 мг отменить, бисопролол 5 мг утром", [("дигоксин", "stopped"), ("бисопролол", "prescribed")]),
        ("Бисопролол 5 мг утром, не отменять", [("бисопролол", "prescribed")]),
        # "Фебрифортан" is made up: what no dictionary has may be a drug, and is the one that is stopped.
        ("бисопролол 5 мг утром фебрифортан больше не пить", [("бисопролол", "prescribed")]),
        ("бисопролол 5 мг утром отказаться от курения", [("бисопролол", "prescribed")]),
        ("бисопролол 5 мг утром прекратить курение", [("бисопролол", "prescribed")]),
        ("Эналаприл заменить на телмисартан 40 мг утром", [("эналаприл", "stopped"), ("телмисартан", "prescribed")]),
        ("Заменить дозу эналаприла на телмисартан 40 мг утром",
         [("эналаприл", "stopped"), ("телмисартан", "prescribed")]),
        ("перевести с варфарина на апиксабан 5 мг 2 раза в день",
         [("варфарин", "stopped"), ("апиксабан", "prescribed")]),
        ("Вместо эналаприла 10 мг лозартан 50 мг утром", [("эналаприл", "stopped"), ("лозартан", "prescribed")]),
        ("Розувастатин 10 мг на ночь вместо аторвастатина",
         [("розувастатин", "prescribed"), ("аторвастатин", "stopped")]),
        ("Отменить аспирин, вместо него клопидогрел 75 мг вечером",
         [("ацетилсалициловая кислота", "stopped"), ("клопидогрел", "prescribed")]),
    ],
)  # fmt: skip
def test_what_is_stopped_and_what_takes_its_place(
    reader: MedicationReader, text: str, expected: list[tuple[str, str]]
) -> None:
    facts = read(reader, text)
    assert [(fact.name, fact.intent) for fact in facts] == expected
    assert [fact.reasons for fact in facts] == [()] * len(facts)


def test_a_course_that_ends_is_prescribed(reader: MedicationReader) -> None:
    fact = one(reader, "преднизолон 5 мг утром 10 дней, затем отменить")
    assert (fact.dose, fact.duration_days, fact.intent, fact.reasons) == (5, 10, "prescribed", ("not-structured",))


def test_a_manner_that_is_forbidden_stops_nothing(reader: MedicationReader) -> None:
    fact = one(reader, "ибупрофен 400 мг 2 раза в день, не принимать натощак")
    assert (fact.dose, fact.intent, fact.reasons) == (400, "prescribed", ("not-structured",))


@pytest.mark.parametrize(
    ("text", "dose", "unit"),
    [
        ("торасемид снизить с 10 до 5 мг утром", 5, "мг"),
        ("Поднять бисопролол с 2,5 до 5 мг утром", 5, "мг"),
        ("метформин 500 мг увеличить до 1000 мг на ночь", 1000, "мг"),
        ("лозартан с 50 мг увеличить до 100 мг утром", 100, "мг"),
        ("амлодипин оставить 5 мг утром", 5, "мг"),
        ("периндоприл продолжать 4 мг утром", 4, "мг"),
        ("Возобновить левотироксин 50 мкг утром", 50, "мкг"),
    ],
)
def test_a_changed_dose_is_the_new_one(reader: MedicationReader, text: str, dose: float, unit: str) -> None:
    fact = one(reader, text)
    assert (fact.dose, fact.unit, fact.times_per_day, fact.reasons) == (dose, unit, 1, ())


@pytest.mark.parametrize(
    "text", ["Увеличить бисопролол на 2,5 мг", "амлодипин снизить в 2 раза", "метформин уменьшить вдвое"]
)
def test_a_difference_is_no_dose(reader: MedicationReader, text: str) -> None:
    fact = one(reader, text)
    assert (fact.dose, fact.times_per_day) == (None, None)
    assert "not-structured" in fact.reasons


def told(reader: MedicationReader, *parts: tuple[str, str]) -> list[tuple[str, str]]:
    """The sections, as kind and text, of a note whose parts are given so."""
    words: list[str] = []
    sections = []
    for kind, text in parts:
        start = len(words)
        words += TOKEN.findall(text)
        sections.append(Section(start, len(words), kind=kind, by="content"))
    doc = Doc(spacy.blank("ru").vocab, words=words)
    put(doc, Section, sections)
    reader(doc)
    return [(section.kind, section.span(doc).text.strip(" .,")) for section in get(doc, Section)]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (
            [("treatment", "Анаприлин отменить . Бисопролол 5 мг утром ."), ("recommendations", "Соль ограничить .")],
            [
                ("recommendations", "Анаприлин отменить"),
                ("treatment", "Бисопролол 5 мг утром"),
                ("recommendations", "Соль ограничить"),
            ],
        ),
        (
            [("treatment", "бисопролол 5 мг утром отменить дигоксин из-за тошноты назначить торасемид 5 мг утром")],
            [
                ("treatment", "бисопролол 5 мг утром"),
                ("recommendations", "отменить дигоксин из-за тошноты"),
                ("treatment", "назначить торасемид 5 мг утром"),
            ],
        ),
        (
            [("diagnosis", "Гипертоническая болезнь . Эналаприл заменить на телмисартан 40 мг утром .")],
            [
                ("diagnosis", "Гипертоническая болезнь"),
                ("treatment", "Эналаприл заменить на телмисартан 40 мг утром"),
            ],
        ),
        (
            [("treatment", "Назначаю омепразол 20 мг утром ,"), ("diagnosis", "тримебутин 200 мг 3 раза в день .")],
            [("treatment", "Назначаю омепразол 20 мг утром , тримебутин 200 мг 3 раза в день")],
        ),
        (
            [("anamnesis-vitae", "Инфаркт в 2019 году ,"), ("treatment", "принимает бисопролол 5 мг и дигоксин .")],
            [("anamnesis-vitae", "Инфаркт в 2019 году"), ("anamnesis-morbi", "принимает бисопролол 5 мг и дигоксин")],
        ),
        (
            [("anamnesis-morbi", "Диклофенак отменить решил сам .")],
            [("anamnesis-morbi", "Диклофенак отменить решил сам")],
        ),
    ],
)
def test_where_it_is_told(
    reader: MedicationReader, parts: list[tuple[str, str]], expected: list[tuple[str, str]]
) -> None:
    assert told(reader, *parts) == expected
