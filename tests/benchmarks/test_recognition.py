"""What two recognisers print for the same words counts as the same, and an error as an error."""

from __future__ import annotations

import pytest

NO_BENCHMARKS = "the benchmarks are in the checkout only"
comparable = pytest.importorskip("benchmarks.recognition.comparable", reason=NO_BENCHMARKS)
material = pytest.importorskip("benchmarks.recognition.material", reason=NO_BENCHMARKS)
measures = pytest.importorskip("benchmarks.recognition.measures", reason=NO_BENCHMARKS)

ROW = comparable.Comparable("ru")


# Printed as Whisper prints it, and as it is said.
@pytest.mark.parametrize(
    ("printed", "said", "row"),
    [
        ("Пульс 82.", "пульс восемьдесят два", "пульс 80 2"),
        ("до 170 на 100", "до ста семидесяти на сто", "до 100 70 100"),
        ("160/95", "сто шестьдесят на девяносто пять", "100 60 90 5"),
        ("36,6", "тридцать шесть и шесть", "30 6 6"),
        ("36.6", "тридцать шесть целых шесть десятых", "30 6 6"),
        ("37,0", "тридцать семь и ноль", "30 7 0"),
        ("0,5%", "ноль целых пять десятых процента", "0 5 %"),
        ("1,5 таблетки", "полторы таблетки", "1 5 таблетки"),
        ("81,5 кг", "восемьдесят один с половиной килограмм", "80 1 5 кг"),
        ("95 мм рт.ст.", "девяносто пять миллиметров ртутного столба", "90 5 мм рт. ст."),
        ("2-й степени", "второй степени", "2 степени"),
        ("1215", "тысяча двести пятнадцать", "1000 200 15"),
        ("1215", "одна тысяча двести пятнадцать", "1000 200 15"),
        ("2020", "две тысячи двадцать", "2 1000 20"),
        ("5 дней и 3 ночи", "пять дней и три ночи", "5 дней и 3 ночи"),
        ("на 5 дней", "на пять дней", "на 5 дней"),
        ("на 10-й день", "на десятый день", "на 10 день"),
        ("10-я палата", "десятая палата", "10 палата"),
        ("Ещё отёк", "еще отек", "еще отек"),
    ],
)
def test_the_same_however_it_is_printed(printed: str, said: str, row: str) -> None:
    assert " ".join(ROW(printed)) == row
    assert " ".join(ROW(said)) == row


@pytest.mark.parametrize(
    ("one", "other"),
    [("160", "сто шесть"), ("36,6", "36,8"), ("50 мг", "50 мл"), ("пятьдесят", "пятнадцать"), ("нет", "")],
)
def test_what_differs_stays_different(one: str, other: str) -> None:
    assert ROW(one) != ROW(other)


def test_counting_by_hand() -> None:
    """Two of five words are wrong, for "эналаприл утром" came as "и налаприл": э was changed, a space added, " утром"
    left out. Of three terms one is right, the drug is not."""
    said = ["принимает", "эналаприл", "утром", "от", "гипертонии"]
    heard = ["принимает", "и", "налаприл", "от", "гипертонии"]
    counts = measures.count(said, heard, frozenset({"эналаприл", "гипертонии", "утром"}), frozenset({"эналаприл"}))
    assert (counts.words, counts.wrong) == (5, 2)
    assert (counts.terms, counts.terms_heard, counts.drugs, counts.drugs_heard) == (3, 1, 1, 0)
    assert (counts.letters, counts.wrong_letters) == (39, 1 + 1 + 6)
    assert (counts + counts).word_error == pytest.approx(0.4)
    assert counts.term_recall == pytest.approx(1 / 3)
    assert counts.drug_recall == 0.0


def test_without_terms_there_is_no_recall() -> None:
    counts = measures.count(["да"], ["да"], frozenset(), frozenset())
    assert (counts.word_error, counts.letter_error, counts.term_recall, counts.drug_recall) == (0.0, 0.0, None, None)


def test_a_sample_is_spread_evenly() -> None:
    assert material.evenly(list(range(10)), 4) == [0, 2, 5, 7]
    assert material.evenly([1, 2], 4) == [1, 2]
    assert material.evenly([1, 2], None) == [1, 2]
