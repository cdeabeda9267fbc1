"""The individual identification number of Kazakhstan (ИИН): 12 digits, ГГММДД, century and sex, check digit.

Source: decree № 853 of 26.08.2013 and the rules of forming the number; since that decree the number need not
match the birth date or sex of its holder, so a mismatch warns and never refuses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_WEIGHTS = (tuple(range(1, 12)), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2))
_CENTURIES = {1: 1800, 2: 1800, 3: 1900, 4: 1900, 5: 2000, 6: 2000}


@dataclass(frozen=True, slots=True)
class IinReading:
    """What the digits say; None where they say nothing (a date that does not exist, a seventh digit of 0 or 7–9)."""

    birth_date: date | None
    sex: str | None


def is_valid(number: str) -> bool:
    """Twelve digits whose check digit is right."""
    if not re.fullmatch(r"[0-9]{12}", number):
        return False
    digits = [int(digit) for digit in number]
    for weights in _WEIGHTS:
        remainder = sum(d * w for d, w in zip(digits[:11], weights, strict=True)) % 11
        if remainder < 10:
            return remainder == digits[11]
    return False


def read(number: str) -> IinReading:
    """Birth date and sex ("male", "female") as the digits of a valid number give them."""
    century = _CENTURIES.get(int(number[6]))
    if century is None:
        return IinReading(None, None)
    try:
        born = date(century + int(number[:2]), int(number[2:4]), int(number[4:6]))
    except ValueError:
        born = None
    return IinReading(born, "male" if int(number[6]) % 2 else "female")
