"""Spoken marks that a recogniser misheard: "двоя точей" for "двоеточие", "петая" for what is left of "запятая"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dictation.grammar.commands import CommandRules
from dictation.language.inflection import Inflection
from dictation.language.phonetics import Phonetics
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

# Shorter names of marks sound like too many words ("точка": "почка", "дочка").
_SHORTEST = 7
# What share of the sounds may differ.
_SHARE = 0.12
_MAX_WORDS = 3


class HeardMarks:
    """Finds such marks by sound, where no word of the language is used up."""

    def __init__(self, rules: CommandRules, phonetics: Phonetics, inflection: Inflection) -> None:
        named = ((phonetics.sound(said.split()), mark.mark) for mark in rules.marks for said in mark.said)
        self._sounds = [(sound, mark) for sound, mark in named if len(sound) >= _SHORTEST]
        self._cut = {plain(rest): mark.mark for mark in rules.marks for rest in mark.cut}
        self._phonetics = phonetics
        self._inflection = inflection

    def match(self, tokens: Sequence[Token], at: int) -> tuple[int, str] | None:
        """The end and the mark of the stretch at `at` that sounds like one."""
        for end, words in _stretches(tokens, at):
            if all(map(self._inflection.known, words)):
                continue
            sound = self._phonetics.sound(words)
            for target, mark in self._sounds:
                limit = _SHARE * len(target)
                if sound[:1] == target[:1] and self._phonetics.distance(sound, target, limit) <= limit:
                    return end, mark
        return None

    def rest(self, tokens: Sequence[Token], at: int, *, expected: bool) -> str | None:
        """The mark of which the word at `at` is the end: its beginning took the end of the word before with it. A
        word of the language is one only where that is `expected`."""
        word = plain(tokens[at].text)
        mark = self._cut.get(word)
        return mark if mark and (expected or not self._inflection.known(word)) else None


def _stretches(tokens: Sequence[Token], at: int) -> Iterator[tuple[int, list[str]]]:
    words: list[str] = []
    for end, token in enumerate(tokens[at : at + _MAX_WORDS], at + 1):
        if not is_word(token):
            return
        words.append(plain(token.text))
        yield end, words
