"""Units, dates, codes. Wordings are doctors' dictation, written for these tests."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from dictation.grammar.quantities import quantities
from tests.language.writing import doubted, write, written

MONTHS = [
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("пятьдесят миллиграмм", "50 мг"),
        ("сто микрограммов", "100 мкг"),
        ("два грамма", "2 г"),
        ("десять миллилитров", "10 мл"),
        ("сто шестьдесят четыре сантиметра", "164 см"),
        ("три с половиной килограмма", "3,5 кг"),
        ("девяносто пять процентов", "95%"),
        ("две тысячи международных единиц", "2000 МЕ"),
        ("двенадцать единиц инсулина", "12 ЕД инсулина"),
        ("пять и две миллимоль на литр", "5,2 ммоль/л"),
        ("сто двадцать грамм на литр", "120 г/л"),
        ("восемьдесят микромоль на литр", "80 мкмоль/л"),
        ("пять литров в минуту", "5 л/мин"),
        ("двадцать миллиметров в час", "20 мм/ч"),
        ("не менее двух литров воды в день", "Не менее 2 литров воды в день"),
        ("пульс восемьдесят два в минуту", "Пульс 82 в минуту"),
        ("сто пятьдесят на сто миллиметров ртутного столба", "150/100 мм рт. ст."),
        ("диаметром двенадцать на восемь миллиметров", "Диаметром 12 на 8 мм"),
        ("с сорока пяти градусов", "С 45°"),
        ("температура тридцать восемь градусов", "Температура 38 °C"),
        ("лихорадка до тридцати девяти и двух градусов", "Лихорадка до 39,2 °C"),
        ("сгибание до сорока градусов", "Сгибание до 40°"),
        ("рост метр шестьдесят пять", "Рост 165 см"),
        ("рост один метр семьдесят два сантиметра", "Рост 172 см"),
        ("стадии два а стадии", "Стадии 2А стадии"),
        ("хсн два б функциональный класс три", "ХСН 2Б функциональный класс 3"),
        ("витамин бэ двенадцать тысяча микрограмм", "Витамин B12 1000 мкг"),
        ("витамин дэ три две тысячи единиц", "Витамин Д3 2000 ЕД"),
        ("витамин дэ две капли", "Витамин дэ 2 капли"),
        ("эм эр тэ и у зэ и, контроль тэтэгэ", "МРТ и УЗИ, контроль ТТГ"),
        ("хроническая болезнь почек третьей а стадии", "Хроническая болезнь почек 3А стадии"),
        (
            "температура до тридцати восьми и двух три дня, затем тридцать семь и пять",
            "Температура до 38,2 3 дня, затем 37,5",
        ),
        ("АД 140/90 мм.рт.ст.", "АД 140/90 мм рт. ст."),
        ("лейкоциты десять и две", "Лейкоциты 10,2"),
        ("давление сто тридцать дробь восемьдесят пять", "Давление 130/85"),
        ("двадцать градусов цельсия", "20 °C"),
        ("частота дыхания двадцать два сатурация девяносто семь", "Частота дыхания 22 сатурация 97"),
        ("давление сто тридцать на восемьдесят частота пульса семьдесят", "Давление 130/80 частота пульса 70"),
    ],
)
def test_units(said: str, expected: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {}


@pytest.mark.parametrize(
    ("said", "expected", "number"),
    [
        ("вес три килограмма четыреста грамм", "Вес 3 кг 400 г", "3"),
        ("давление сто двадцать пять и восемьдесят", "Давление 125/80", "125/80"),
    ],
)
def test_what_must_not_be_taken_as_it_stands(said: str, expected: str, number: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {number: ("ambiguous-number",)}


def test_every_unit_in_every_form() -> None:
    for unit in quantities("ru").units:
        for form in unit.said:
            if form == unit.written.lower() or "°" in form:
                continue
            space = "" if unit.joined else " "
            assert written(f"счёт семь {form} вот") == f"Счёт 7{space}{unit.written} вот", form


def test_a_unit_knows_its_words() -> None:
    tokens = write("сто на семьдесят миллиметров ртутного столба").tokens
    assert [(t.text, t.start, t.end) for t in tokens] == [
        ("100/70", 0, 16),
        ("мм", 17, 28),
        ("рт.", 29, 37),
        ("ст.", 38, 44),
    ]


def test_a_sentence_ends_after_a_dotted_unit() -> None:
    found = write("Давление сто на семьдесят миллиметров ртутного столба. Пульс ровный.")
    assert found.text == "Давление 100/70 мм рт. ст. Пульс ровный."
    assert [token.text for token in found.tokens].count(".") == 2


@settings(deadline=None, max_examples=100)
@given(day=st.integers(1, 31), month=st.integers(1, 12), year=st.integers(1930, 2029))
def test_full_dates(day: int, month: int, year: int) -> None:
    spoken_day = num2words(day, lang="ru", to="ordinal", case="g", gender="n")
    spoken_year = num2words(year, lang="ru", to="ordinal", case="g", gender="m")
    said = f"осмотр {spoken_day} {MONTHS[month - 1]} {spoken_year} года без жалоб"
    assert written(said) == f"Осмотр {day:02d}.{month:02d}.{year} без жалоб"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("последняя десятого марта", "Последняя 10 марта"),
        ("пятое мая", "5 мая"),
        ("в марте две тысячи двадцатого года", "В марте 2020 года"),
        ("с 5 мая 2021 года", "С 05.05.2021"),
        ("от 05.05.2021", "От 05.05.2021"),
        ("десятого ноль пятого две тысячи двадцать первого", "10.05.2021"),
    ],
)
def test_dates(said: str, expected: str) -> None:
    assert written(said) == expected


@pytest.mark.parametrize(
    ("said", "expected", "doubt"),
    [
        ("код джи сорок три точка ноль", "Код G43.0", {}),
        ("код эф тридцать два точка один.", "Код F32.1.", {}),
        ("мкб ай двадцать пять точка два", "МКБ I25.2", {}),
        ("шифр эм пятьдесят четыре точка четыре", "Шифр M54.4", {}),
        ("код ка два нуля", "Код K00", {}),
        ("код джей ноль шесть точка девять", "Код J06.9", {}),
        ("код и десять", "Код I10", {"I10": ("ambiguous-code",)}),
        ("код G43.0", "Код G43.0", {}),
    ],
)
def test_codes(said: str, expected: str, doubt: dict[str, tuple[str, ...]]) -> None:
    assert written(said) == expected
    assert doubted(said) == doubt
