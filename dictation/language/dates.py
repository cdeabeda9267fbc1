"""Dates: "десятого марта", "пятое мая две тысячи двадцать первого года"."""

from __future__ import annotations

from dictation.grammar.quantities import QuantityRules
from dictation.language.numerals import CARDINAL, ORDINAL, Item, Number
from dictation.language.phrases import plain
from dictation.language.written import Token


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
        month_item = items[place + 1] if place + 1 < len(items) else None
        year = items[place + 2] if place + 2 < len(items) else None
        full = isinstance(year, Number) and year.whole and 1900 <= year.value <= 2100 and not isinstance(day, Token)
        if isinstance(month_item, Token) and plain(month_item.text) in self._months:
            if not full:
                return [_bare(day)], place + 1
            month = self._months[plain(month_item.text)]
            words: tuple[Token, ...] = (month_item,)
        elif isinstance(month_item, Number) and month_item.kind == ORDINAL and 1 <= month_item.value <= 12 and full:
            month = int(month_item.value)
            words = month_item.tokens
        else:
            return [day], place + 1
        assert isinstance(year, Number)
        end = place + 3
        tokens = [*day.tokens, *words, *year.tokens]
        doubts = [*day.doubts, *year.doubts]
        closing = items[end] if end < len(items) else None
        if isinstance(closing, Token) and plain(closing.text).rstrip(".") in self._year:
            tokens.append(closing)
            end += 1
        text = f"{int(day.value):02d}.{month:02d}.{int(year.value)}"
        date = Number(day.value, tuple(tokens), text=text, doubts=tuple(doubts)).token(value=False)
        return [date], end


def _bare(day: Number) -> Number:
    return Number(day.value, day.tokens, CARDINAL, str(day.value), printed=True, doubts=day.doubts)
