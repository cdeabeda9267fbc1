"""When values count as the same. Expected values worked out by hand from docs/testers.md."""

from __future__ import annotations

import pytest

from dictation.replay.comparison import alike, critical_tokens, medication_key, number, token_f1, tokens


def test_tokens_fold_case_yo_and_decimal_commas() -> None:
    assert tokens("Отёк 36,6 °C, АД 120/80.") == ["отек", "36.6", "c", "ад", "120/80"]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (None, None, 1.0),
        ("кашель", None, 0.0),
        ("кашель сухой", "сухой кашель", 1.0),
        ("боль в груди", "боль в горле", 2 * 2 / 6),
    ],
)
def test_token_f1(left: str | None, right: str | None, expected: float) -> None:
    assert token_f1(left, right) == pytest.approx(expected)


def test_critical_tokens_are_numbers_negations_and_sides_in_order() -> None:
    text = "Аллергию отрицает, справа не 2, а 3; левого нет"
    assert critical_tokens(text) == ["отрицает", "не", "2", "3", "лев", "нет"]


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("боль в пояснице", "боли в пояснице", True),
        ("боль в левом ухе", "боль в правом ухе", False),
        ("боль в ухе", "боль в левом ухе", False),
        ("общий анализ крови", "общий анализ мочи", False),
        ("кашель", "насморк", False),
        ("узи", "УЗИ", True),
    ],
)
def test_alike(left: str, right: str, expected: bool) -> None:
    assert alike(left, right) is expected


def test_number_takes_commas_and_refuses_words() -> None:
    assert (number("2,5"), number(3), number(None), number("два")) == (2.5, 3.0, None, None)


def test_medication_key_ignores_endings_and_order_of_a_combination() -> None:
    said = {"name": "клавулановая кислота + амоксициллин", "dose": 1000, "unit": "мг.", "times_per_day": 2}
    written = {"name": "Амоксициллин + клавулановая кислота", "dose": "1000", "unit": "мг", "times_per_day": 2.0}
    assert medication_key(said) == medication_key(written)
    assert medication_key(said) != medication_key({**written, "as_needed": True})
