"""Whether "нет" denies what was said before it, or takes the last words back: "хрипов слева нет", "отёк слева, нет,
справа"."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from dictation.grammar.corrections import CorrectionRules
from dictation.language.dictionary import dictionary
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

# Words looked back over for what the words before "нет" belong to.
_REACH = 7
_DENIABLE = frozenset({"gent", "gen2"})
_PREDICATES = frozenset({"VERB", "INFN", "PRTS", "ADJS"})


class Belonging(Enum):
    """What the words before "нет" belong to: something that may be lacking, for it stands in the genitive; a genitive
    that another noun governs ("перекос лица"); or something that cannot be lacking in this form."""

    DENIABLE = "deniable"
    GOVERNED = "governed"
    STATED = "stated"


class Denial:
    """Reads the words before."""

    def __init__(self, rules: CorrectionRules, language: str) -> None:
        self._language = language
        self._prepositions = frozenset(rules.prepositions)
        self._negations = frozenset((*rules.not_, *rules.negation, *rules.denying))

    def belonging(self, before: Sequence[Token]) -> Belonging:
        """What the words behind `before` belong to: the nearest predicate, or noun outside a phrase with a
        preposition."""
        place = len(before)
        while place > max(0, len(before) - _REACH):
            place -= 1
            token = before[place]
            word = plain(token.text)
            if not is_word(token) or word in self._negations:
                return Belonging.DENIABLE
            readings = self._readings(word)
            if readings[0].tag.POS in _PREDICATES:
                return Belonging.STATED
            nouns = [reading.tag for reading in readings if reading.tag.POS == "NOUN"]
            if readings[0].tag.POS != "NOUN" or not nouns:
                continue
            governed = self._phrase_start(before, place)
            if governed is not None:
                place = governed
                continue
            if not any(tag.case in _DENIABLE for tag in nouns):
                return Belonging.STATED
            return Belonging.GOVERNED if self._is_governed(before, place) else Belonging.DENIABLE
        return Belonging.DENIABLE

    def begins_another(self, after: Sequence[Token]) -> bool:
        """Whether what follows tells nothing more of the words before it: the text ends there, or a noun begins
        something else."""
        if not after or not is_word(after[0]) or plain(after[0].text) in self._prepositions:
            return True
        tag = self._readings(plain(after[0].text))[0].tag
        return tag.POS == "NOUN" and tag.case in ("nomn", "accs")

    def _phrase_start(self, before: Sequence[Token], noun: int) -> int | None:
        """Where the preposition stands that governs the noun, attributes between."""
        for place in range(noun - 1, max(-1, noun - 4), -1):
            word = plain(before[place].text)
            if word in self._prepositions:
                return place
            if not is_word(before[place]) or self._readings(word)[0].tag.POS not in ("ADJF", "PRTF", "NUMR"):
                return None
        return None

    def _is_governed(self, before: Sequence[Token], place: int) -> bool:
        """A noun right before that is no genitive itself governs this one."""
        if not place or not is_word(before[place - 1]):
            return False
        readings = self._readings(plain(before[place - 1].text))
        nouns = [reading.tag for reading in readings if reading.tag.POS == "NOUN"]
        return readings[0].tag.POS == "NOUN" and not any(tag.case in _DENIABLE for tag in nouns)

    def _readings(self, word: str) -> list[Any]:
        return dictionary(self._language).parse(word)
