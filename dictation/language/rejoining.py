"""Numbers that a recogniser broke by hearing a small word within them: "двадцать в восемь", "давление с сорок"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dictation.grammar.numerals import NumeralRules
from dictation.language.context import Context
from dictation.language.numerals import CARDINAL, Item, Number
from dictation.language.phrases import plain
from dictation.language.written import Token

_HUNDRED = 100
# No grown heart beats more slowly.
_LEAST_ALONE = 40


class Rejoining:
    """Puts such numbers together where the words can hardly mean anything else; what it touched asks for a look."""

    def __init__(self, rules: NumeralRules, context: Context) -> None:
        self._direct = {plain(form) for form in rules.direct}
        self._direct |= {plain(forms[0]) for forms in rules.cardinals.values()}
        self._within = frozenset(map(plain, rules.broken_by))
        self._clock = frozenset(map(plain, rules.clock_after))
        self._for_hundred = frozenset(map(plain, rules.heard_hundred.heard))
        self._hundred_after = tuple(map(plain, rules.heard_hundred.after))
        self._echoing = tuple(map(plain, rules.heard_hundred.echoing))
        self._echo = frozenset(map(plain, rules.heard_hundred.echo))
        self._context = context

    def __call__(self, items: list[Item]) -> list[Item]:
        done: list[Item] = []
        place = 0
        while place < len(items):
            whole = self._broken(items, place) or self._hundred(items, place)
            if whole:
                number, place = whole
                done.append(number.doubted())
            else:
                done.append(items[place])
                place += 1
        return done

    def _broken(self, items: Sequence[Item], place: int) -> tuple[Number, int] | None:
        """ "Двадцать в восемь", "сто в двадцать", with a comma of the recogniser's own too."""
        comma = _is_pause(items, place + 1)
        between = items[place + 1 : place + 2 + comma]
        first, joint, rest = (
            items[at] if at < len(items) else None for at in (place, place + 1 + comma, place + 2 + comma)
        )
        if not (isinstance(first, Number) and isinstance(joint, Token) and isinstance(rest, Number)):
            return None
        if plain(joint.text) not in self._within or not (self._is_direct(first) and self._is_direct(rest)):
            return None
        size = 10 ** len(str(int(rest.value)))
        fits = rest.value > 0 and first.value >= max(20, size) and first.value % size == 0
        end = place + 3 + comma
        if not fits or self._counts(items, end):
            return None
        inner = tuple(item for item in between if isinstance(item, Token))
        value, tokens = first.value + rest.value, (*first.tokens, *inner, *rest.tokens)
        return Number(value, tokens, doubts=(*first.doubts, *rest.doubts)), end

    def _hundred(self, items: Sequence[Item], place: int) -> tuple[Number, int] | None:
        """ "Давление с сорок": the preposition takes no such form; it was the hundred."""
        comma = _is_pause(items, place + 1)
        heard, rest = (items[at] if at < len(items) else None for at in (place, place + 1 + comma))
        before = items[place - 1] if place else None
        if not (isinstance(heard, Token) and isinstance(rest, Number) and isinstance(before, Token)):
            return None
        if plain(heard.text) not in self._for_hundred or not plain(before.text).startswith(self._hundred_after):
            return None
        end = place + 2 + comma
        if not self._is_direct(rest) or rest.value >= _HUNDRED or self._counts(items, end):
            return None
        echo = plain(heard.text) in self._echo and plain(before.text).startswith(self._echoing)
        echo = echo and rest.value >= _LEAST_ALONE
        value = rest.value if echo else rest.value + _HUNDRED
        return replace(rest, value=value, tokens=(heard, *rest.tokens)), end

    def _is_direct(self, number: Number) -> bool:
        """Whole, in words, and in the form in which values are said."""
        words = all(plain(token.text) in self._direct for token in number.tokens)
        return words and number.kind == CARDINAL and number.whole and not number.printed

    def _counts(self, items: Sequence[Item], at: int) -> bool:
        """Something that the second number counts, or a time of the day."""
        item = items[at] if at < len(items) else None
        return self._context.is_counted(items, at) or (isinstance(item, Token) and plain(item.text) in self._clock)


def _is_pause(items: Sequence[Item], at: int) -> bool:
    """A comma that nobody spoke."""
    item = items[at] if at < len(items) else None
    return isinstance(item, Token) and item.text == "," and item.end - item.start <= 1
