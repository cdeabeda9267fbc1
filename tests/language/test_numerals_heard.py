"""Numerals as recognisers print them: in figures, broken, run together, and which of them are doubted.

The wordings are what recognisers made of dictated numbers, or were written for these tests in their manner.
"""

from __future__ import annotations

import pytest

from tests.language.writing import doubted, written


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("температура 36-6", "Температура 36,6"),
        ("температура 366", "Температура 36,6"),
        ("температура 38.2", "Температура 38,2"),
        ("давление 160 на 95", "Давление 160/95"),
        ("давление 160/95", "Давление 160/95"),
        ("10 мл", "10 мл"),
        ("давление Сто-сорок на девяносто", "Давление 140/90"),
        ("риск-три", "Риск 3"),
        ("тредмил-тест", "Тредмил-тест"),
        ("2 тысячи единиц", "2000 ЕД"),
        ("1 000 мг", "1000 мг"),
        ("2-й день", "2-й день"),
        ("с 2006г принимает 300мг", "С 2006 г принимает 300 мг"),
        ("от 09.06.08г.", "От 09.06.08 г."),
        ("2.5мг", "2,5 мг"),
        ("в 8:30", "В 8:30"),
        ("глюкоза 5,4 ммоль/л", "Глюкоза 5,4 ммоль/л"),
    ],
)
def test_what_recognisers_print(heard: str, expected: str) -> None:
    assert written(heard) == expected
    assert doubted(heard) == {}


@pytest.mark.parametrize(
    ("heard", "expected", "doubt"),
    [
        ("рост стосемьдесят пять", "Рост 175", {"175": ("respelled",)}),
        ("мужчина шести десяти семи лет", "Мужчина 67 лет", {"67": ("respelled",)}),
        ("ноль целых пятьдесятых", "0,5", {"0,5": ("respelled",)}),
        ("рост сто, сорок восемь", "Рост 148", {"148": ("ambiguous-number",)}),
        ("сатурация девяносто семье отёков нет", "Сатурация 97 отёков нет", {"97": ("respelled",)}),
        ("сто шисят на девяносто", "160/90", {"160/90": ("respelled",)}),
        ("до ста семьдесяти на сто", "До 170/100", {}),
        ("давление стой десять на семьдесят", "Давление 110/70", {"110/70": ("ambiguous-number",)}),
        ("рост стой, семьдесят два сантиметра", "Рост 172 см", {"172": ("ambiguous-number",)}),
        # The end of "пульс" heard twice; a pulse of four it is not.
        ("пульс с восемьдесят восемь", "Пульс 88", {"88": ("ambiguous-number",)}),
        ("пульс восемьдесят, в восемь температура", "Пульс 88 температура", {"88": ("ambiguous-number",)}),
        # Letter by letter a number word, then the beginning of the next word.
        ("дыхание семнадцатона", "Дыхание 17 она", {"17": ("respelled",)}),
        # Nobody says a year so: "две тысячи семнадцатого", or "семнадцатого".
        (
            "с двадцать и семнадцатого года",
            "С 20 и 17-го года",
            {"20": ("ambiguous-number",), "17-го": ("ambiguous-number",)},
        ),
        (
            "с двадцать девятнадцатого года",
            "С 20 19-го года",
            {"20": ("ambiguous-number",), "19-го": ("ambiguous-number",)},
        ),
        # A comma of the recogniser's between tens and units that may be one number.
        (
            "женщина двадцати, восемь лет",
            "Женщина 20, 8 лет",
            {"20": ("ambiguous-number",), "8": ("ambiguous-number",)},
        ),
        (
            "из-стоссиддесят на девяносто миллиметров ртутного столба",
            "Из-стоссиддесят на 90 мм рт. ст.",
            {"Из-стоссиддесят": ("unread-number",), "90": ("ambiguous-number",)},
        ),
        (
            "рост-стоссиддесят четыре сантиметра",
            "Рост-стоссиддесят 4 см",
            {"Рост-стоссиддесят": ("unread-number",), "4": ("unread-number",)},
        ),
        ("вес шестьдесят восемь пять рост", "Вес 68,5 рост", {"68,5": ("ambiguous-number",)}),
        (
            "стеноз три восемьдесят процентов",
            "Стеноз 3 80%",
            {"3": ("ambiguous-number",), "80": ("ambiguous-number",)},
        ),
        ("сто двадцать восемьдесят", "120 80", {"120": ("ambiguous-number",), "80": ("ambiguous-number",)}),
        # A small word within a number, and a preposition for the hundred.
        ("частота дыхания двадцать в восемь", "Частота дыхания 28", {"28": ("ambiguous-number",)}),
        ("температура тридцать в шесть и девять", "Температура 36,9", {"36,9": ("ambiguous-number",)}),
        ("давление сто в двадцать на семьдесят", "Давление 120/70", {"120/70": ("ambiguous-number",)}),
        ("давление с сорок на девяносто", "Давление 140/90", {"140/90": ("ambiguous-number",)}),
        ("пульс с четыре", "Пульс 104", {"104": ("ambiguous-number",)}),
        # The fraction was said twice: one of them is wrong.
        ("температура тридцать шесть и восемь и четыре", "Температура 36,8 и 4", {"36,8": ("ambiguous-number",)}),
        ("температура тридцать шесть и шесть и четыре", "Температура 36,4", {"36,4": ("ambiguous-number",)}),
        ("температура тридцать восемь и", "Температура 38 и", {"38": ("ambiguous-number",)}),
        ("нитроглицерин, а дна таблетка", "Нитроглицерин, 1 таблетка", {}),
        ("препарат шесть сот миллиграмм", "Препарат 600 мг", {"600": ("respelled",)}),
        ("препарат шесть-сот миллиграмм", "Препарат 600 мг", {"600": ("respelled",)}),
        ("температура тридцать шесть. И девять", "Температура 36. И 9", {"36": ("ambiguous-number",)}),
        ("двадцать сорок", "20 40", {"20": ("ambiguous-number",), "40": ("ambiguous-number",)}),
        ("дыхание двадцать. Четыре", "Дыхание 20. 4", {"20": ("ambiguous-number",), "4": ("ambiguous-number",)}),
    ],
)
def test_what_might_be_otherwise_is_doubted(heard: str, expected: str, doubt: dict[str, tuple[str, ...]]) -> None:
    assert written(heard) == expected
    assert doubted(heard) == doubt
