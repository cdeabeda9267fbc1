"""Codes of ICD-10 said letter by letter: "код джи сорок три точка ноль" is G43.0.

Behind the word for a code nearly everything can be one. Without it a code is read only where its letter is called by
a name that is no word otherwise and its figures are those of nothing else: "джей ноль шесть", "эф тридцать два точка
один"; "и двадцать пять точка два" only between marks. "Эф двадцать" by itself is left to the diagnosis it ends.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dictation.grammar.numerals import NumeralRules
from dictation.grammar.quantities import QuantityRules
from dictation.language.context import Context
from dictation.language.doubts import AMBIGUOUS_CODE, merged
from dictation.language.numerals import Number, Numerals
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

_PRINTED = re.compile(r"(\d\d)[.,](\d{1,2})")


@dataclass(frozen=True, slots=True)
class _Code:
    """A code up to token `end`; `subdivided` where figures follow its point, `zero` where a nought was said."""

    token: Token
    end: int
    subdivided: bool
    zero: bool


class Codes:
    """Finds spoken codes; runs before the commands, for "точка" within a code ends no sentence."""

    def __init__(self, numerals: Numerals, words: NumeralRules, rules: QuantityRules, context: Context) -> None:
        self._numerals = numerals
        self._context = context
        self._point = frozenset((*words.point, ".", ","))
        self._dashes = frozenset(map(plain, rules.code_dashes))
        self._spoken_marks = frozenset((*words.point, *words.comma))
        self._doubles = frozenset(words.doubles)
        self._code_words = frozenset(plain(word) for word in rules.code_words)
        self._carriers = frozenset(plain(word) for word in rules.lettered_names.carriers)
        self._letters = {plain(name): letter for letter, names in rules.letters.items() for name in names}
        self._shared_names = frozenset(plain(name) for name in rules.ambiguous_letters)
        self._word_names = frozenset(plain(name) for name in rules.letters_as_words)

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        done: list[Token] = []
        place = 0
        while place < len(tokens):
            announced = place > 0 and self._announced(tokens, place)
            code = self._code(tokens, place, announced=announced)
            if code is None or not (announced or self._stands_for_itself(tokens, place, code)):
                done.append(tokens[place])
                place += 1
            else:
                done.append(code.token)
                place = code.end
        return done

    def _announced(self, tokens: Sequence[Token], place: int) -> bool:
        """The word for a code stands just before, a mark or a second such word between at most."""
        return any(plain(token.text) in self._code_words for token in tokens[max(0, place - 2) : place])

    def _stands_for_itself(self, tokens: Sequence[Token], place: int, code: _Code) -> bool:
        """Whether what reads as a code can be nothing else though nobody said that one comes."""
        name = plain(tokens[place].text)
        before = plain(tokens[place - 1].text) if place else ""
        # The letters of an abbreviation, or of a vitamin's name.
        if name not in self._letters or before in self._letters or before in self._carriers:
            return False
        if self._counts_something(tokens, code.end):
            return False
        if name in self._word_names:
            spoken = not any(token.text[:1].isdigit() for token in tokens[place : code.end])
            alone = self._is_mark(tokens, place - 1) and self._is_mark(tokens, code.end)
            return code.subdivided and spoken and alone
        return len(name) > 1 and (code.subdivided or code.zero)

    def _counts_something(self, tokens: Sequence[Token], at: int) -> bool:
        return self._context.is_counted(tokens, at) or self._context.is_unit(tokens, at)

    def _is_mark(self, tokens: Sequence[Token], at: int) -> bool:
        if not 0 <= at < len(tokens):
            return True
        return not is_word(tokens[at]) or plain(tokens[at].text) in self._spoken_marks

    def _code(self, tokens: Sequence[Token], place: int, *, announced: bool) -> _Code | None:
        name = plain(tokens[place].text)
        letter = self._letters.get(name) or (name.upper() if len(name) == 1 and name.isascii() else None)
        if letter is None or name in self._code_words:
            return None
        read = self._printed(tokens, place + 1) or self._figures(tokens, place + 1, 2)
        if read is None:
            return None
        category, end = read
        text, subdivided = letter + category, "." in category
        if not subdivided:
            further = self._subdivision(tokens, end, announced=announced)
            if further is not None:
                text, end, subdivided = f"{text}.{further[0]}", further[1], True
        used = list(tokens[place:end])
        doubts = merged(used, *([AMBIGUOUS_CODE] if name in self._shared_names else []))
        last = used[-1]
        token = Token(text, used[0].start, last.end, space=last.space, pause=last.pause, doubts=doubts)
        return _Code(token, end, subdivided, zero=category.startswith("0"))

    def _subdivision(self, tokens: Sequence[Token], at: int, *, announced: bool) -> tuple[str, int] | None:
        """The figure behind the point. A comma or full stop of the recogniser may end the code as well: then none
        follows. After the word for a code the point may go without saying."""
        if at >= len(tokens):
            return None
        said = plain(tokens[at].text) in self._point | self._dashes
        if not said and not (announced and is_word(tokens[at])):
            return None
        read = self._figures(tokens, at + said, 1) if at + said < len(tokens) else None
        if read is None or (not said and self._counts_something(tokens, read[1])):
            return None
        # "Тэ десять тире двенадцать" are vertebrae.
        return read if announced or len(read[0]) == 1 else None

    def _printed(self, tokens: Sequence[Token], place: int) -> tuple[str, int] | None:
        """Figures as a recogniser prints them: "25.2"."""
        match = _PRINTED.fullmatch(tokens[place].text) if place < len(tokens) else None
        return (f"{match[1]}.{match[2]}", place + 1) if match else None

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
