"""Words that a recogniser printed and that are none: what was said there is unknown, and nobody may rely on it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from dictation.grammar.orthography import orthography
from dictation.grammar.quantities import quantities
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
# What a case adds to the stem of a drug's name, at most.
_ENDING, _SHORTEST_STEM = 2, 4
_VOWELS = "аеёиоуыэюяй"


class Clarity:
    """Doubts words that are in no dictionary, lexicon or list of names after the repairs, and pairs of an adjective
    and a noun that agree in nothing ("винного голени"), but after a number ("два поперечных пальца"). A number word
    beside such a one is doubted with it: it may be but a part of the number that was said. Typed words are left
    alone. `numeral` tells number words."""

    def __init__(self, language: str, numeral: Callable[[str], bool]) -> None:
        marks = orthography(language)
        self._inflection = inflection(language)
        self._lexicon = lexicon(language)
        self._numeral = numeral
        units = (word for unit in quantities(language).units for said in unit.said for word in said.split())
        self._written = frozenset(word.strip(".").lower() for word in (*marks.dotted, *units))
        # Drugs of several words ("инсулин гларгин"), each without its ending.
        drugs = (entry.words for entry in self._lexicon.entries() if entry.kind == "drug" and len(entry.words) > 1)
        stems = (word.rstrip(_VOWELS) for words in drugs for word in words)
        self._stems = frozenset(stem for stem in stems if len(stem) >= _SHORTEST_STEM)

    def __call__(self, tokens: Sequence[Token], transcript: Transcript) -> list[Token]:
        heard = hear(
            tokens, transcript, self._inflection.known, self._inflection.is_service, self._inflection.is_name
        )
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
            counted = one.token > 0 and self._number(tokens[one.token - 1])
            if one.token in spoken and other.token in spoken and not counted and self._clash(one, other):
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
        if any(plain.lower()[: len(plain) - ending] in self._stems for ending in range(_ENDING + 1)):
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
