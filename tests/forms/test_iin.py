"""ИИН: numbers worked out by hand from the rule (weights 1…11, then 3…11, 1, 2, modulo 11)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.forms import iin


@pytest.mark.parametrize(
    "number",
    [
        # 8·1 + 5·4 + 1·5 + 7·6 + 3·7 + 1·10 + 2·11 = 128 = 11·11 + 7
        "800517300127",
        # 9·1 + 9·2 + 1·4 + 2·5 + 3·6 + 4·7 + 5·9 + 6·10 + 3·11 = 225 = 11·20 + 5
        "990123405635",
        # 1·3 + 1·5 + 5·6 + 4·7 + 2·10 + 2·11 = 108 = 11·9 + 9
        "001015400229",
    ],
)
def test_right_check_digit(number: str) -> None:
    assert iin.is_valid(number)
    assert not iin.is_valid(number[:-1] + str((int(number[-1]) + 1) % 10))


def test_second_row_of_weights() -> None:
    """The first row gives 1·10 = 10, so the second decides: 1·1 = 1."""
    assert iin.is_valid("000000000101")


def test_no_check_digit_at_all() -> None:
    """Where both rows give 10 the number does not exist."""
    found = [
        body
        for body in (f"{n:011d}" for n in range(10_000, 30_000))
        if sum(int(d) * w for d, w in zip(body, range(1, 12), strict=True)) % 11 == 10
        and sum(int(d) * w for d, w in zip(body, (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2), strict=True)) % 11 == 10
    ]
    assert found
    assert not any(iin.is_valid(body + str(last)) for body in found for last in range(10))


@pytest.mark.parametrize("number", ["", "80051730012", "8005173001270", "80051730012a", "８００５１７３００１２７"])
def test_not_twelve_digits(number: str) -> None:
    assert not iin.is_valid(number)


@settings(deadline=None)
@given(st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_at_most_one_check_digit(body: str) -> None:
    assert sum(iin.is_valid(body + str(last)) for last in range(10)) <= 1


@pytest.mark.parametrize(
    ("number", "born", "sex"),
    [
        ("800517300127", date(1980, 5, 17), "male"),
        ("800517400000", date(1980, 5, 17), "female"),
        ("051231600000", date(2005, 12, 31), "female"),
        ("991301300000", None, "male"),
        ("800517000000", None, None),
    ],
)
def test_what_the_digits_say(number: str, born: date | None, sex: str | None) -> None:
    assert iin.read(number) == iin.IinReading(born, sex)
