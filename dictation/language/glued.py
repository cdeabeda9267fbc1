"""Words that a recogniser ran together: "сыпинет" for "сыпи нет", "диагнозострый" for "диагноз острый"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dictation.grammar.terms import Terms
from dictation.language.doubts import RESPELLED, doubted
from dictation.language.inflection import Inflection
from dictation.language.lexicon import Lexicon
from dictation.language.phrases import plain
from dictation.language.written import Token

# The shortest words of notes that stand before one ("сыпи"); "три" and the like begin other words.
_SHORTEST = 4
# What is left of the other word beside a heading: an ending is shorter ("диагнозам").
_REST = 4


class Glued:
    """Parts them, letter for letter, where the whole is no word: after a clinical word the small one, which turns the
    meaning round, so both ask for a look; and headings and names of measurements from what stands beside them."""

    def __init__(self, vocabulary: Terms, lexicon: Lexicon, inflection: Inflection) -> None:
        self._trailing = tuple(map(plain, vocabulary.trailing))
        self._first = tuple(map(plain, vocabulary.first))
        self._last = tuple(map(plain, vocabulary.last))
        self._lexicon = lexicon
        self._inflection = inflection

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        return [part for token in tokens for part in self._parts(token)]

    def _parts(self, token: Token) -> list[Token]:
        word = plain(token.text)
        exact = token.end - token.start == len(word)
        if not exact or self._inflection.known(word) or self._lexicon.holds(word):
            return [token]
        last = next((last for last in self._trailing if word.endswith(last)), None)
        cut = len(word) - len(last or "")
        if last is not None and cut >= _SHORTEST and self._lexicon.holds(word[:cut]):
            return [doubted(part, RESPELLED) for part in _cut(token, cut)]
        for first in self._first:
            if word.startswith(first) and len(word) >= len(first) + _REST:
                return _cut(token, len(first))
        for last in self._last:
            if word.endswith(last) and len(word) >= len(last) + _REST:
                return _cut(token, len(word) - len(last))
        return [token]


def _cut(token: Token, at: int) -> list[Token]:
    middle = token.start + at
    first = replace(token, text=token.text[:at], end=middle, space=True, pause=False, heard=token.text)
    return [first, replace(token, text=token.text[at:], start=middle, heard=token.text)]
