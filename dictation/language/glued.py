"""A word that a recogniser ran together with the small word after it: "сыпинет" for "сыпи нет"."""

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


class Glued:
    """Parts them, letter for letter, where the whole is no word and the beginning is a clinical one. They turn the
    meaning round, so both ask for a look."""

    def __init__(self, vocabulary: Terms, lexicon: Lexicon, inflection: Inflection) -> None:
        self._trailing = tuple(map(plain, vocabulary.trailing))
        self._lexicon = lexicon
        self._inflection = inflection

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        return [part for token in tokens for part in self._parts(token)]

    def _parts(self, token: Token) -> list[Token]:
        word = plain(token.text)
        last = next((last for last in self._trailing if word.endswith(last)), None)
        cut = len(word) - len(last or "")
        exact = token.end - token.start == len(word)
        if last is None or cut < _SHORTEST or not exact or self._inflection.known(word) or self._lexicon.holds(word):
            return [token]
        if not self._lexicon.holds(word[:cut]):
            return [token]
        middle = token.start + cut
        first = replace(token, text=token.text[:cut], end=middle, space=True, pause=False, heard=token.text)
        rest = replace(token, text=token.text[cut:], start=middle, heard=token.text)
        return [doubted(first, RESPELLED), doubted(rest, RESPELLED)]
