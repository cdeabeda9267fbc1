"""Dates: "десятого марта", "пятое мая две тысячи двадцать первого года"."""

from __future__ import annotations

from collections.abc import Sequence

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

    def __init__(self, rules: QuantityRules, within: Sequence[str]) -> None:
        """`within` are small words that a recogniser puts into a number."""
        self._months = {plain(form): month for month, forms in rules.months.items() for form in forms}
        self._year = frozenset(rules.year)
        self._within = frozenset(map(plain, within))

    def __call__(self, items: list[Item]) -> list[Item]:
        done: list[Item] = []
        place = 0
        while place < len(items):
            item = items[place]
            if isinstance(item, Number) and self._closes(items, place):
                item = self._broken_year(done, item)
            if isinstance(item, Number) and self._is_day(item):
                found, place = self._at(items, item, place)
                done.extend(found)
            else:
                done.append(item)
                place += 1
        return done

    def _closes(self, items: Sequence[Item], place: int) -> bool:
        """Whether the number is the last part of a year."""
        number, after = items[place], items[place + 1] if place + 1 < len(items) else None
        ordinal = isinstance(number, Number) and number.kind == ORDINAL and number.value < _CENTURY
        return ordinal and isinstance(after, Token) and plain(after.text) in self._year

    def _broken_year(self, done: list[Item], last: Number) -> Number:
        """ "С двадцать и семнадцатого года": the parts of a year do not go together so, and ask for a look."""
        joint = bool(done) and isinstance(word := done[-1], Token) and plain(word.text) in self._within
        at = len(done) - 1 - joint
        first = done[at] if at >= 0 else None
        if not isinstance(first, Number) or first.kind != CARDINAL or not first.whole:
            return last
        done[at] = first.doubted()
        return last.doubted()

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
