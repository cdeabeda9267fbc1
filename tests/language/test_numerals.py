"""Numerals: every number in every case, both ways, and the ways in which decimals are said.

Sources of the tables: forms by the Academy Grammar of Russian (1980), §§ 1366–1381; wordings are those of doctors'
dictation, written for these tests; figures of num2words are checked against the grammar by the first test.
"""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from num2words import num2words

from tests.language.writing import doubted, write, written

CASES = "ngdaip"


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("n", "триста сорок две"),
        ("g", "трёхсот сорока двух"),
        ("d", "трёмстам сорока двум"),
        ("i", "тремястами сорока двумя"),
        ("p", "трёхстах сорока двух"),
    ],
)
def test_the_other_library_declines_as_the_grammar_does(case: str, words: str) -> None:
    assert num2words(342, lang="ru", case=case, gender="f") == words


@settings(deadline=None, max_examples=400)
@given(number=st.integers(0, 999_999), case=st.sampled_from(CASES), gender=st.sampled_from("mfn"))
def test_every_number_in_every_case(number: int, case: str, gender: str) -> None:
    assume((number, case) != (7, "i"))  # "семью" alone may be the family
    words = num2words(number, lang="ru", case=case, gender=gender)
    found = write(f"счёт {words} раз").tokens
    assert [token.text for token in found] == ["Счёт", str(number), "раз"]
    assert found[1].value == number
    assert found[1].doubts == ()


@settings(deadline=None, max_examples=200)
@given(number=st.integers(1, 9_999), case=st.sampled_from("ngdip"), gender=st.sampled_from("mfn"))
def test_every_ordinal_in_every_case(number: int, case: str, gender: str) -> None:
    assume(number < 1000 or number % 1000)
    assume(gender != "f" or number in (10, 100) or (number % 100 != 10 and number % 1000 != 100))  # also tenths
    words = num2words(number, lang="ru", to="ordinal", case=case, gender=gender)
    assert written(f"вот {words} степени") == f"Вот {number} степени"


@settings(deadline=None, max_examples=200)
@given(whole=st.integers(0, 299), tenths=st.integers(0, 9), case=st.sampled_from("ng"))
def test_tenths_spelled_out(whole: int, tenths: int, case: str) -> None:
    first = num2words(whole, lang="ru", case=case, gender="f")
    second = num2words(tenths, lang="ru", case=case, gender="f")
    place = "десятая" if tenths == 1 and case == "n" else "десятых"
    for point in ("целых", "целых и"):
        token = write(f"показатель {first} {point} {second} {place}").tokens[1]
        assert (token.text, token.value) == (f"{whole},{tenths}", pytest.approx(whole + tenths / 10))


def test_two_numbers_with_a_small_word_between() -> None:
    for said, expected in (
        ("принимал двадцать в восемь утра и тридцать в девять вечера", "Принимал 20 в 8 утра и 30 в 9 вечера"),
        ("давление сто двадцать в восемь часов", "Давление 120 в 8 часов"),
        ("пульс с двадцати до сорока", "Пульс с 20 до 40"),
        ("давление с двух часов ночи", "Давление с 2 часов ночи"),
    ):
        assert written(said) == expected
        assert doubted(said) == {}


# The words of a decimal in the cases; of the numeral one they are singular (Academy Grammar of Russian, § 1376).
WHOLES = {
    "n": ("целая", "целых"), "g": ("целой", "целых"), "d": ("целой", "целым"), "a": ("целую", "целых"),
    "i": ("целой", "целыми"), "p": ("целой", "целых"),
}  # fmt: skip
TENTHS = {
    "n": ("десятая", "десятых"), "g": ("десятой", "десятых"), "d": ("десятой", "десятым"),
    "a": ("десятую", "десятых"), "i": ("десятой", "десятыми"), "p": ("десятой", "десятых"),
}  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(whole=st.integers(0, 299), tenths=st.integers(1, 9), case=st.sampled_from(CASES))
def test_tenths_in_every_case(whole: int, tenths: int, case: str) -> None:
    first, second = (num2words(n, lang="ru", case=case, gender="f", animate=False) for n in (whole, tenths))
    one, other = (number % 10 != 1 or number % 100 == 11 for number in (whole, tenths))
    said = f"{first} {WHOLES[case][one]} {second} {TENTHS[case][other]}"
    token = write(f"показатель {said}").tokens[1]
    assert (token.text, token.value, token.doubts) == (f"{whole},{tenths}", pytest.approx(whole + tenths / 10), ())


@settings(deadline=None, max_examples=100)
@given(whole=st.integers(34, 41), tenths=st.integers(1, 9), case=st.sampled_from(CASES))
def test_temperatures_in_every_case(whole: int, tenths: int, case: str) -> None:
    first, second = (num2words(n, lang="ru", case=case, animate=False) for n in (whole, tenths))
    assert written(f"температура {first} и {second}") == f"Температура {whole},{tenths}"


@settings(deadline=None, max_examples=100)
@given(whole=st.integers(0, 99), hundredths=st.integers(1, 99))
def test_hundredths_spelled_out(whole: int, hundredths: int) -> None:
    first, second = (num2words(number, lang="ru", gender="f") for number in (whole, hundredths))
    token = write(f"показатель {first} целых {second} сотых").tokens[1]
    assert token.value == pytest.approx(whole + hundredths / 100)


@settings(deadline=None, max_examples=100)
@given(whole=st.integers(35, 41), tenths=st.integers(0, 9), case=st.sampled_from("ng"))
def test_temperatures(whole: int, tenths: int, case: str) -> None:
    first, second = (num2words(number, lang="ru", case=case) for number in (whole, tenths))
    for joint in (" и ", " запятая ", " "):
        if joint == " " and (tenths == 0 or whole == 40):
            continue  # "тридцать семь ноль" nobody says, "сорок один" is 41
        found = write(f"температура {first}{joint}{second} пульс").tokens
        assert [token.text for token in found[:3]] == ["Температура", f"{whole},{tenths}", "пульс"]
        assert found[1].doubts == ()


@settings(deadline=None, max_examples=100)
@given(upper=st.integers(80, 260), lower=st.integers(40, 79), case=st.sampled_from("na"))
def test_pressures(upper: int, lower: int, case: str) -> None:
    first, second = num2words(upper, lang="ru", case=case, animate=False), num2words(lower, lang="ru")
    found = write(f"давление {first} на {second} пульс ровный").tokens
    assert [token.text for token in found] == ["Давление", f"{upper}/{lower}", "пульс", "ровный"]
    assert found[1].doubts == ()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("выше тридцати восьми с половиной", "Выше 38,5"),
        ("вес восемьдесят один с половиной килограмм", "Вес 81,5 кг"),
        ("вес шестьдесят восемь и пять", "Вес 68,5"),
        ("полтора миллиграмма", "1,5 мг"),
        ("в течение полутора месяцев", "В течение 1,5 месяцев"),
        ("две с половиной недели", "2,5 недели"),
        ("пять и четыре десятых", "5,4"),
        ("ноль пять миллиграмма", "0,5 мг"),
        ("ноль ноль пять процента", "0,05%"),
        ("ноль целых двадцать пять сотых", "0,25"),
        ("ноль целых одна десятая", "0,1"),
        ("пять десятых миллиграмма", "0,5 мг"),
        ("глюкоза шесть и одна десятая", "Глюкоза 6,1"),
        ("гемоглобин восемь и четыре процента", "Гемоглобин 8,4%"),
        ("холестерин шесть и два", "Холестерин 6,2"),
        ("эналаприл двенадцать и пять миллиграмм", "Эналаприл 12,5 мг"),
        ("полторы тысячи единиц", "1500 ЕД"),
        ("тридцать шесть целых шесть десятых", "36,6"),
        ("бисопролол две целых, пять десятых миллиграмма", "Бисопролол 2,5 мг"),
    ],
)
def test_decimals(said: str, expected: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("два и три раза", "2 и 3 раза"),
        ("зубы пять и шесть", "Зубы 5 и 6"),
        ("давление сто двадцать на восемьдесят и сто тридцать на девяносто", "Давление 120/80 и 130/90"),
        ("пульс восемьдесят и ритмичный", "Пульс 80 и ритмичный"),
        ("деформация второго и третьего пальцев", "Деформация 2-го и 3-го пальцев"),
        ("на два и три пальца", "На 2 и 3 пальца"),
        ("степени два и три", "Степени 2 и 3"),
    ],
)
def test_and_that_is_no_decimal(said: str, expected: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Вес две тысячи девятьсот, один ребёнок.", "Вес 2900, 1 ребёнок."),
        ("Капли до тридцати, три раза в день.", "Капли до 30, 3 раза в день."),
        ("Вес восемьдесят, два аборта.", "Вес 80, 2 аборта."),
        ("мочится двадцать два раза", "Мочится 22 раза"),
        ("двадцать одна таблетка на курс", "21 таблетка на курс"),
    ],
)
def test_a_comma_before_what_is_counted_parts_numbers(said: str, expected: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {}


@pytest.mark.parametrize(
    ("said", "expected", "numbers"),
    [
        ("две тысячи один раз в день", "2000 1 раз в день", {"2000", "1"}),
        ("капли по двадцать три раза в день", "Капли по 20 3 раза в день", {"20", "3"}),
        ("до тридцати два раза за ночь", "До 30 2 раза за ночь", {"30", "2"}),
        ("сорок две таблетки утром", "40 2 таблетки утром", {"40", "2"}),
        ("весом четыре тысячи двести пятьдесят шесть сантиметров", "Весом 4200 56 см", {"4200", "56"}),
    ],
)
def test_numbers_run_together_part_where_nobody_counts_so_far(said: str, expected: str, numbers: set[str]) -> None:
    assert written(said) == expected
    assert doubted(said) == dict.fromkeys(numbers, ("ambiguous-number",))


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("один раз в день", "1 раз в день"),
        ("одна таблетка", "1 таблетка"),
        ("по одной дозе", "По 1 дозе"),
        ("одну каплю", "1 каплю"),
        ("один выкидыш", "1 выкидыш"),
        ("функциональный класс один", "Функциональный класс 1"),
        ("через один месяц", "Через 1 месяц"),
        ("двадцать один день", "21 день"),
        ("один из братьев", "Один из братьев"),
        ("это одно и то же", "Это одно и то же"),
        ("живёт одна", "Живёт одна"),
        ("ни одного приступа", "Ни одного приступа"),
        ("с одной стороны", "С одной стороны"),
        ("в первую очередь", "В первую очередь"),
        ("раз в день", "Раз в день"),
        ("две трети", "Две трети"),
        ("вторая половина дня", "Вторая половина дня"),
        ("родов трое", "Родов 3"),
        ("двое детей", "2 детей"),
        ("у троих родственников", "У троих родственников"),
        ("с семьёй живёт", "С семьёй живёт"),
        ("первые дни жизни", "Первые дни жизни"),
        ("в первых двух межреберьях", "В первых 2 межреберьях"),
        ("роды первые", "Роды 1-е"),
    ],
)
def test_words_that_may_be_no_number(said: str, expected: str) -> None:
    assert written(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("второй степени", "2 степени"),
        ("диабет второго типа", "Диабет 2 типа"),
        ("третья группа", "3 группа"),
        ("болен второй день", "Болен 2-й день"),
        ("четвёртые сутки", "4-е сутки"),
        ("с шестого дня", "С 6-го дня"),
        ("на третьей неделе", "На 3-й неделе"),
        ("двадцать восьмую неделю", "28-ю неделю"),
        ("в третьем сегменте", "В 3-м сегменте"),
        ("в две тысячи девятнадцатом году", "В 2019 году"),
        ("с тысяча девятьсот девяносто восьмого года", "С 1998 года"),
        ("в две тысячи восьмом году", "В 2008 году"),
        ("в двухтысячном году", "В 2000 году"),
    ],
)
def test_ordinals(said: str, expected: str) -> None:
    assert written(said) == expected


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("два-три раза", "2–3 раза"),
        ("по одной-две таблетки", "По 1–2 таблетки"),
        ("через пять-шесть дней", "Через 5–6 дней"),
        ("от двух до трёх недель", "От 2 до 3 недель"),
        ("через два три дня", "Через 2–3 дня"),
        ("каждые шесть восемь часов", "Каждые 6–8 часов"),
        ("через десять четырнадцать дней", "Через 10–14 дней"),
        ("по десять пятнадцать капель", "По 10–15 капель"),
        ("по полтаблетки", "По 0,5 таблетки"),
        ("пьёт полтора два литра", "Пьёт 1,5–2 литра"),
        ("две с половиной три недели", "2,5–3 недели"),
        ("приём в десять сорок", "Приём в 10:40"),
        ("явка в пятницу к пятнадцати двадцати", "Явка в пятницу к 15:20"),
        ("осмотр в шестнадцать ноль ноль натощак", "Осмотр в 16:00 натощак"),
        ("пол таблетки", "0,5 таблетки"),
        ("половину таблетки", "0,5 таблетки"),
        ("четверть таблетки", "0,25 таблетки"),
        ("одна вторая таблетки", "0,5 таблетки"),
        ("полгода назад", "Полгода назад"),
        ("около полугода", "Около полугода"),
    ],
)
def test_ranges_and_parts(said: str, expected: str) -> None:
    assert written(said) == expected
    assert doubted(said) == {}


@settings(deadline=None, max_examples=150)
@given(one=st.integers(1, 999), other=st.integers(1, 999))
def test_two_numbers_in_a_row_are_never_added_up(one: int, other: int) -> None:
    """Either the words make one grammatical number, or there are two; a pair that is no range is doubted."""
    words = f"{num2words(one, lang='ru')} {num2words(other, lang='ru')}"
    values = [token.value for token in write(f"счёт {words}").tokens if token.value is not None]
    if one % 10 ** len(str(other)) == 0 and not (one % 100 == 10 or other == 10 ** len(str(other))):
        assert values in ([one + other], [one, other])
    else:
        assert values == [one, other]
        assert all(token.doubts == ("ambiguous-number",) for token in write(f"счёт {words}").tokens if token.value)
