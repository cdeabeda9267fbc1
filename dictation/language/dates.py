"""Dates: "десятого марта", "пятое мая две тысячи двадцать первого года"."""

from __future__ import annotations

from dictation.grammar.quantities import QuantityRules
from dictation.language.numerals import CARDINAL, ORDINAL, Item, Number
from dictation.language.phrases import plain
from dictation.language.written import Token

# Years that a note may speak of.
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_MONTHS = 12
_CENTURY = 100


class Dates:
    """Joins day, month and year where all three are spoken; a day with a month is a bare number."""

    def __init__(self, rules: QuantityRules) -> None:
        self._months = {plain(form): month for month, forms in rules.months.items() for form in forms}
        self._year = frozenset(rules.year)

    def __call__(self, items: list[Item]) -> list[Item]:
        done: list[Item] = []
        place = 0
        while place < len(items):
            item = items[place]
            if isinstance(item, Number) and self._is_day(item):
                found, place = self._at(items, item, place)
                done.extend(found)
            else:
                done.append(item)
                place += 1
        return done

    @staticmethod
    def _is_day(number: Number) -> bool:
        return number.whole and 1 <= number.value <= 31 and (number.kind == ORDINAL or number.printed)

    def _at(self, items: list[Item], day: Number, place: int) -> tuple[list[Item], int]:
        at = place + 1
        nought = items[at] if at < len(items) else None
        if isinstance(nought, Number) and nought.value == 0:
            at += 1
        month = self._month(items[at]) if at < len(items) else 0
        if not month:
            return [day], place + 1
        named = isinstance(items[at], Token)
        year = items[at + 1] if at + 1 < len(items) else None
        end = at + 2
        closing = items[end] if end < len(items) else None
        closed = isinstance(closing, Token) and plain(closing.text).rstrip(".") in self._year
        short = not named and (closed or at > place + 1)
        if not isinstance(year, Number) or not _is_year(year, short=short):
            return [_bare(day) if named else day], place + 1
        end += closed
        parts = items[place:end]
        tokens = [token for part in parts for token in (part.tokens if isinstance(part, Number) else (part,))]
        doubts = tuple(doubt for part in parts if isinstance(part, Number) for doubt in part.doubts)
        text = f"{int(day.value):02d}.{month:02d}.{int(year.value):02d}"
        return [Number(day.value, tuple(tokens), text=text, doubts=doubts).token(value=False)], end

    def _month(self, item: Item) -> int:
        """The month that an item names, by name or as an ordinal; 0 for none."""
        if isinstance(item, Token):
            return self._months.get(plain(item.text), 0)
        return int(item.value) if item.kind == ORDINAL and 1 <= item.value <= _MONTHS else 0


def _is_year(number: Number, *, short: bool) -> bool:
    """A full year, or its last two figures where they may be meant: "ноль второго двадцать четвёртого"."""
    full = number.whole and _FIRST_YEAR <= number.value <= _LAST_YEAR
    return full or (short and number.kind == ORDINAL and number.value < _CENTURY)


def _bare(day: Number) -> Number:
    return Number(day.value, day.tokens, CARDINAL, str(day.value), printed=True, doubts=day.doubts)
