"""Words that a recogniser printed and that are none: what was said there is unknown, and nobody may rely on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from dictation.grammar.orthography import orthography
from dictation.language.doubts import UNCLEAR_WORD, doubted
from dictation.language.hearing import Heard, hear
from dictation.language.inflection import inflection
from dictation.language.lexicon import lexicon
from dictation.language.written import Token
from dictation.speech.transcript import Transcript

_CYRILLIC = re.compile(r"[А-Яа-яЁё]+")
_LATIN = re.compile(r"[A-Za-z]+")
# Letters of an abbreviation, and the shortest string that can be told from one.
_ABBREVIATION, _SHORTEST = 5, 3


class Clarity:
    """Doubts words that are in no dictionary, lexicon or list of names after the repairs, and pairs of an adjective
    and a noun that agree in nothing ("винного голени"). A number word beside such a one is doubted with it: it may
    be but a part of the number that was said. Typed words are left alone. `numeral` tells number words."""

    def __init__(self, language: str, numeral: Callable[[str], bool]) -> None:
        marks = orthography(language)
        self._inflection = inflection(language)
        self._lexicon = lexicon(language)
        self._numeral = numeral
        self._written = frozenset(word.strip(".").lower() for word in marks.dotted)

    def __call__(self, tokens: Sequence[Token], transcript: Transcript) -> list[Token]:
        heard = hear(tokens, transcript, self._inflection.known, self._inflection.is_service)
        spoken = {word.token for word in heard if word.confidence is not None}
        unclear = {number for number, token in enumerate(tokens) if self._foreign(token, transcript)}
        unclear |= {n for n in spoken if tokens[n].heard is None and not self._is_word(tokens[n].text)}
        unclear |= {
            beside
            for n in unclear
            for beside in (n - 1, n + 1)
            if 0 <= beside < len(tokens) and self._number(tokens[beside])
        }
        for one, other in pairwise(heard):
            if one.token in spoken and other.token in spoken and self._clash(one, other):
                unclear |= {one.token, other.token}
        return [doubted(token, UNCLEAR_WORD) if n in unclear else token for n, token in enumerate(tokens)]

    def _number(self, token: Token) -> bool:
        return token.value is not None or self._numeral(token.text)

    def _foreign(self, token: Token, transcript: Transcript) -> bool:
        """Letters of other scripts, and Latin words that are no abbreviation, from a recogniser."""
        letters = "".join(c for c in token.text if c.isalpha())
        if not letters or _CYRILLIC.fullmatch(letters) or not _was_heard(token, transcript):
            return False
        return not (_LATIN.fullmatch(letters) and (sum(map(str.isupper, letters)) > 1 or len(letters) < _SHORTEST))

    def _is_word(self, text: str) -> bool:
        plain = text.strip(".")
        if len(plain) < _SHORTEST or plain.lower() in self._written:
            return True
        if plain.isupper() and len(plain) <= _ABBREVIATION:
            return True
        named = text[0].isupper()
        return self._lexicon.holds(plain.lower()) or all(
            len(part) < _SHORTEST
            or self._lexicon.holds(part.lower())
            or self._inflection.is_word(part.lower(), named=named)
            for part in _CYRILLIC.findall(plain)
        )

    def _clash(self, one: Heard, other: Heard) -> bool:
        return other.gap == "" and self._inflection.clash(one.word, other.word)


def _was_heard(token: Token, transcript: Transcript) -> bool:
    return any(
        word.word.confidence is not None
        for word in transcript.placed_words()
        if word.start_char < token.end and word.end_char > token.start
    )
