"""Two numbers that the words alone would make one: "до двадцати, два раза", "две тысячи один раз в день"."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from dictation.grammar.numerals import NumeralRules
from dictation.grammar.quantities import QuantityRules
from dictation.language.context import Context
from dictation.language.numerals import CARDINAL, Item, Number, NumberReader
from dictation.language.phrases import Phrases, is_word, plain
from dictation.language.written import Token

# The second number is of tens and units: a hundred goes with its thousands.
_PARTED = 99
# So many words after a number may tell that it is a rate: "дыхательных движений в минуту".
_RATE = 4


class Parting:
    """Parts such numbers by what the second one counts."""

    def __init__(self, words: NumeralRules, rules: QuantityRules, context: Context, read: NumberReader) -> None:
        self._direct = {plain(form) for form in words.direct}
        self._direct |= {plain(forms[0]) for forms in (*words.cardinals.values(), *words.scales.values())}
        self._times: Phrases[bool] = Phrases((phrase, True) for phrase in rules.times)
        self._rates: Phrases[bool] = Phrases((phrase, True) for phrase in rules.rates)
        self._limits = [(count.most, tuple(map(plain, count.nouns))) for count in rules.most_counted]
        self._most_times = rules.most_times
        self._context = context
        self._read = read

    def __call__(self, items: list[Item]) -> list[Item]:
        done: list[Item] = []
        for place, item in enumerate(items):
            parts = self._parts(items, place, item) if isinstance(item, Number) and len(item.tokens) > 1 else None
            done.extend(parts or [item])
        return done

    def _parts(self, items: list[Item], place: int, number: Number) -> list[Item] | None:
        after = place + 1
        counted = self._context.is_counted(items, after)
        if number.kind != CARDINAL or number.printed or not (counted or self._context.is_unit(items, after)):
            return None
        if self._is_rate(items, after):
            return None
        tokens = number.tokens
        comma = next((at for at, token in enumerate(tokens) if token.text == ","), 0)
        most = self._most(items, after)
        if comma:
            parts = [*self._read(tokens[:comma]), tokens[comma], *self._read(tokens[comma + 1 :])]
            # "Двадцати, восемь лет" may have been one number all the same; so many times a day it may not.
            maybe = number.value <= most
            return [part.doubted() if maybe and isinstance(part, Number) else part for part in parts]
        for at in range(1, len(tokens)):
            before, last = plain(tokens[at - 1].text), plain(tokens[at].text)
            cased = at == len(tokens) - 1 and counted and before not in self._direct and number.value < 100
            if last not in self._direct or not (cased or number.value > most):
                continue
            parts = [*self._read(tokens[:at]), *self._read(tokens[at:])]
            if all(isinstance(part, Number) for part in parts) and _value(parts[-1]) <= min(most, _PARTED):
                return parts
        return None

    def _is_rate(self, items: Sequence[Item], at: int) -> bool:
        """Whether what stands at `at` is counted in a minute: nothing is prescribed so, and no beat comes so seldom
        that the number before it would be another."""
        words = [item for item in items[at : at + _RATE] if isinstance(item, Token)]
        marks = (place for place, token in enumerate(words) if not is_word(token))
        words = words[: next(marks, len(words))]
        return any(self._rates.match(words, place) for place in range(len(words)))

    def _most(self, items: Sequence[Item], at: int) -> float:
        """How many of what stands at `at` are counted at most."""
        if self._times.match(items, at):
            return self._most_times
        noun = items[at]
        word = plain(noun.text) if isinstance(noun, Token) else ""
        return next((most for most, nouns in self._limits if word.startswith(nouns)), inf)


def _value(item: Item) -> float:
    return float(item.value) if isinstance(item, Number) else inf
