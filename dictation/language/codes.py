"""Codes of ICD-10 said letter by letter: "код джи сорок три точка ноль" is G43.0."""

from __future__ import annotations

from collections.abc import Sequence

from dictation.grammar.numerals import NumeralRules
from dictation.grammar.quantities import QuantityRules
from dictation.language.doubts import AMBIGUOUS_CODE, merged
from dictation.language.numerals import Number, Numerals
from dictation.language.phrases import plain
from dictation.language.written import Token


class Codes:
    """Finds spoken codes; runs before the commands, for "точка" within a code ends no sentence."""

    def __init__(self, numerals: Numerals, words: NumeralRules, rules: QuantityRules) -> None:
        self._numerals = numerals
        self._point = frozenset((*words.point, ".", ","))
        self._doubles = frozenset(words.doubles)
        self._code_words = frozenset(plain(word) for word in rules.code_words)
        self._letters = {plain(name): letter for letter, names in rules.letters.items() for name in names}
        self._shared_names = frozenset(plain(name) for name in rules.ambiguous_letters)

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        done: list[Token] = []
        place = 0
        while place < len(tokens):
            code = self._code(tokens, place) if place and self._announced(tokens, place) else None
            if code is None:
                done.append(tokens[place])
                place += 1
            else:
                token, place = code
                done.append(token)
        return done

    def _announced(self, tokens: Sequence[Token], place: int) -> bool:
        """The word for a code stands just before, a mark or a second such word between at most."""
        return any(plain(token.text) in self._code_words for token in tokens[max(0, place - 2) : place])

    def _code(self, tokens: Sequence[Token], place: int) -> tuple[Token, int] | None:
        name = plain(tokens[place].text)
        letter = self._letters.get(name) or (name.upper() if len(name) == 1 and name.isascii() else None)
        if letter is None or name in self._code_words:
            return None
        read = self._figures(tokens, place + 1, 2)
        if read is None:
            return None
        category, end = read
        text = letter + category
        if end < len(tokens) and plain(tokens[end].text) in self._point:
            further = self._figures(tokens, end + 1, 1) if end + 1 < len(tokens) else None
            # A comma or full stop of the recogniser may end the code as well: then no figure follows.
            if further is not None:
                text, end = f"{text}.{further[0]}", further[1]
        used = list(tokens[place:end])
        doubts = merged(used, *([AMBIGUOUS_CODE] if name in self._shared_names else []))
        last = used[-1]
        return Token(text, used[0].start, last.end, space=last.space, pause=last.pause, doubts=doubts), end

    def _figures(self, tokens: Sequence[Token], place: int, least: int) -> tuple[str, int] | None:
        """Spoken figures from `place`: "сорок три", "ноль пять", "два нуля", at least so many, two at most."""
        text = ""
        while place < len(tokens) and len(text) < 2:
            read = self._one(tokens, place)
            if read is None or len(text) + len(read[0]) > 2 or (text and len(text) >= least):
                break
            text += read[0]
            place = read[1]
        return (text, place) if least <= len(text) <= 2 else None

    def _one(self, tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
        read = self._numerals.read(tokens, place, lambda at: at)
        if read is None:
            return None
        number, end = read
        if not isinstance(number, Number) or not number.whole:
            return None
        if number.value == 2 and end < len(tokens) and plain(tokens[end].text) in self._doubles:
            return "00", end + 1
        return number.written, end
