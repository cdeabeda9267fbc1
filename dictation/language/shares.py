"""Parts of something countable: "полтаблетки", "четверть таблетки", "одна вторая таблетки", "1/2 таблетки"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from dictation.grammar.numerals import NumeralRules
from dictation.grammar.quantities import QuantityRules
from dictation.language.doubts import merged
from dictation.language.numerals import ORDINAL, Numerals, figures
from dictation.language.phrases import Phrases, plain
from dictation.language.written import Token

# Of a fraction in figures or words only these: a half, a quarter, three quarters.
_FRACTIONS = {(1, 2): Decimal("0.5"), (1, 4): Decimal("0.25"), (3, 4): Decimal("0.75")}


class Shares:
    """Writes such parts as decimals, where a noun follows that can be divided."""

    def __init__(self, words: NumeralRules, rules: QuantityRules, numerals: Numerals) -> None:
        self._numerals = numerals
        self._half = plain(words.half_prefix)
        self._shared = frozenset(plain(noun) for noun in rules.shared)
        self._shares: Phrases[Decimal] = Phrases(
            (phrase, Decimal(str(value))) for value, phrases in words.shares.items() for phrase in phrases
        )

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        done: list[Token] = []
        place = 0
        while place < len(tokens):
            share = self._shares.match(tokens, place) or self._fraction(tokens, place)
            if share and self._is_shared(tokens, share[0]):
                done.append(_written(tokens[place : share[0]], share[1]))
                place = share[0]
                continue
            done.extend(self._halved(tokens[place]))
            place += 1
        return done

    def _is_shared(self, tokens: Sequence[Token], at: int) -> bool:
        return at < len(tokens) and plain(tokens[at].text) in self._shared

    def _fraction(self, tokens: Sequence[Token], place: int) -> tuple[int, Decimal] | None:
        """ "Одна вторая", "три четвёртых", and 1/2 in figures."""
        upper = self._small(tokens, place)
        if not upper:
            return None
        slash = place + 1 < len(tokens) and tokens[place + 1].text == "/"
        lower = self._small(tokens, place + 1 + slash, ordinal=not slash)
        value = _FRACTIONS.get((upper, lower))
        return (place + 2 + slash, value) if value is not None else None

    def _small(self, tokens: Sequence[Token], at: int, *, ordinal: bool = False) -> int:
        if at >= len(tokens):
            return 0
        text = tokens[at].text
        if text.isdecimal() and not ordinal:
            return int(text)
        word = self._numerals.word(text)
        return word.value if word is not None and (word.kind == ORDINAL) == ordinal else 0

    def _halved(self, token: Token) -> list[Token]:
        """ "Полтаблетки" is a number and a noun."""
        word = plain(token.text)
        rest = word[len(self._half) :].lstrip("-")
        if not word.startswith(self._half) or rest not in self._shared:
            return [token]
        cut = len(word) - len(rest)
        even = token.end - token.start == len(word)
        half = replace(
            token, text=figures(Decimal("0.5")), end=token.start + cut if even else token.end, space=True, pause=False
        )
        return [half, replace(token, text=token.text[cut:], start=token.start + cut if even else token.start)]


def _written(tokens: Sequence[Token], value: Decimal) -> Token:
    last = tokens[-1]
    return replace(last, text=figures(value), start=tokens[0].start, space=True, doubts=merged(list(tokens)))
