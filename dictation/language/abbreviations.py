"""Abbreviations said letter by letter: "эм эр тэ" is МРТ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dictation.grammar.orthography import OrthographyRules
from dictation.language.doubts import merged
from dictation.language.phrases import Phrases
from dictation.language.written import Token


class Abbreviations:
    """Joins the letters to the abbreviation."""

    def __init__(self, rules: OrthographyRules) -> None:
        self._spelled: Phrases[str] = Phrases(
            (said, short) for short, forms in rules.spelled.items() for said in forms
        )

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        done: list[Token] = []
        place = 0
        while place < len(tokens):
            match = self._spelled.match(tokens, place)
            if match is None:
                done.append(tokens[place])
                place += 1
                continue
            end, short = match
            letters = tokens[place:end]
            done.append(replace(letters[-1], text=short, start=letters[0].start, doubts=merged(list(letters))))
            place = end
        return done
