"""Spoken marks that a recogniser misheard: "двоя точей" for "двоеточие", "петая" for what is left of "запятая"."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from dictation.grammar.commands import commands
from dictation.grammar.quantities import quantities
from dictation.grammar.terms import terms
from dictation.language.hearing import confidences
from dictation.language.inflection import inflection
from dictation.language.lexicon import lexicon
from dictation.language.phonetics import phonetics
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token
from dictation.speech.transcript import Transcript

# Shorter names of marks sound like too many words ("точка": "почка", "дочка").
_SHORTEST = 7
# What share of the sounds may differ.
_SHARE = 0.12
_MAX_WORDS = 3


class HeardMarks:
    """Finds such marks by sound, in what was sound, where something was heard that is no word. Number words (told by
    `numeral`), negations, sides and units are never taken for a part of one."""

    def __init__(self, language: str, numeral: Callable[[str], bool]) -> None:
        rules, sounds = commands(language), phonetics(language)
        named = ((sounds.sound(said.split()), mark.mark) for mark in rules.marks for said in mark.said)
        self._sounds = [(sound, mark) for sound, mark in named if len(sound) >= _SHORTEST]
        self._cut = {plain(rest): mark.mark for mark in rules.marks for rest in mark.cut}
        self._phonetics = sounds
        self._inflection = inflection(language)
        self._lexicon = lexicon(language)
        self._numeral = numeral
        units = (word for unit in quantities(language).units for said in unit.said for word in said.split())
        self._kept = frozenset(map(plain, (*terms(language).guarded, *units)))

    def find(self, tokens: Sequence[Token], transcript: Transcript) -> dict[int, tuple[int, str]]:
        """By the first character of every stretch that sounds like a mark: how many words it has, and the mark."""
        if not transcript.was_sound:
            return {}
        confidence = confidences(transcript)
        stretches = [
            (stretch[0].start, [plain(token.text) for token in stretch])
            for stretch in self._stretches(tokens)
            if confidence(stretch[0].start, stretch[-1].end) is not None
        ]
        found: dict[int, tuple[int, str]] = {}
        sounds = self._phonetics.sounds([words for _, words in stretches])
        for (start, words), sound in zip(stretches, sounds, strict=True):
            mark = self._sounding(sound)
            if mark is not None:
                found.setdefault(start, (len(words), mark))
        return found

    def rest(self, tokens: Sequence[Token], at: int, *, expected: bool) -> str | None:
        """The mark of which the word at `at` is the end: its beginning took the end of the word before with it. A
        word of the language is one only where that is `expected`."""
        word = plain(tokens[at].text)
        mark = self._cut.get(word)
        return mark if mark and (expected or not self._inflection.known(word)) else None

    def _sounding(self, sound: str) -> str | None:
        for target, mark in self._sounds:
            limit = _SHARE * len(target)
            if sound[:1] == target[:1] and self._phonetics.distance(sound, target, limit) <= limit:
                return mark
        return None

    def _stretches(self, tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
        """Words said in one breath, one of them at least unknown, by their beginnings, the shortest first."""
        words = [plain(token.text) for token in tokens]
        may = [is_word(token) and not self._stays(word) for token, word in zip(tokens, words, strict=True)]
        strange = [here and not self._is_word(word) for here, word in zip(may, words, strict=True)]
        for at in range(len(tokens)):
            if not any(strange[at : at + _MAX_WORDS]):
                continue
            for end in range(at + 1, min(at + _MAX_WORDS, len(tokens)) + 1):
                if not may[end - 1] or (end - at > 1 and tokens[end - 2].pause):
                    break
                if any(strange[at:end]):
                    yield tokens[at:end]

    def _stays(self, word: str) -> bool:
        return word in self._kept or self._numeral(word)

    def _is_word(self, word: str) -> bool:
        return self._inflection.known(word) or self._lexicon.holds(word)
