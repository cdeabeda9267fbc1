"""Number words to numbers: which words make one number, and where the next begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from dictation.grammar.numerals import NumeralRules
from dictation.language.doubts import AMBIGUOUS_NUMBER, merged
from dictation.language.phrases import Phrases, plain
from dictation.language.written import Token

_FIGURES = re.compile(r"\d+(?:[.,]\d+)?")

# Fractions have fewer tenths, and hundredths of their own.
_HUNDRED = 100
CARDINAL, ORDINAL, COLLECTIVE = "cardinal", "ordinal", "collective"


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the tokens that spoke it. `text` is how it is written where digits of the value alone would
    not do ("37,0", "05"); `printed` means that the recogniser wrote figures."""

    value: Decimal
    tokens: tuple[Token, ...]
    kind: str = CARDINAL
    text: str = ""
    printed: bool = False
    doubts: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return self.value == int(self.value) and "," not in self.text

    @property
    def written(self) -> str:
        return self.text or figures(self.value)

    def doubted(self, doubt: str = AMBIGUOUS_NUMBER) -> Number:
        return replace(self, doubts=tuple(dict.fromkeys((*self.doubts, doubt))))

    def token(self, text: str = "", *, space: bool | None = None, value: bool = True) -> Token:
        """The one token that this number becomes."""
        last = self.tokens[-1]
        heard = [token.heard for token in self.tokens if token.heard]
        return Token(
            text or self.written,
            min(token.start for token in self.tokens),
            max(token.end for token in self.tokens),
            space=last.space if space is None else space,
            pause=last.pause,
            value=float(self.value) if value else None,
            heard=" ".join(dict.fromkeys(heard)) or None,
            doubts=merged(self.tokens, *self.doubts),
        )


Item = Token | Number


def figures(value: Decimal) -> str:
    """A number in figures with a decimal comma."""
    text = format(value.normalize(), "f")
    return text.replace(".", ",")


@dataclass(frozen=True, slots=True)
class _Word:
    value: int
    kind: str
    scale: bool = False


class Numerals:
    """The number words of one language."""

    def __init__(self, rules: NumeralRules) -> None:
        self._words: dict[str, _Word] = {}
        for value, forms in rules.cardinals.items():
            self._add(forms, _Word(value, CARDINAL))
        for value, forms in rules.scales.items():
            self._add(forms, _Word(value, CARDINAL, scale=True))
        for value, forms in rules.collective.items():
            self._add(forms, _Word(value, COLLECTIVE))
        for value, ordinal in rules.ordinals.items():
            forms = tuple(ordinal.stem + ending for ending in rules.ordinal_endings[ordinal.endings])
            self._add(forms, _Word(value, ORDINAL))
        self._mixed = {plain(form): Decimal(str(value)) for value, forms in rules.mixed.items() for form in forms}
        self._places = frozenset(plain(form) for forms in rules.places.values() for form in forms)
        self._wholes = frozenset(map(plain, rules.wholes))
        self._joints = frozenset(map(plain, rules.and_))
        self._singular = frozenset(plain(form) for form in rules.scale_singular)
        self._compound_only = frozenset(plain(form) for form in rules.compound_only)

    def _add(self, forms: Sequence[str], word: _Word) -> None:
        for form in forms:
            self._words.setdefault(plain(form), word)

    def is_cardinal(self, text: str) -> bool:
        """A cardinal number word, in any case."""
        word = self._words.get(plain(text))
        return word is not None and word.kind != ORDINAL

    def is_numeral(self, text: str) -> bool:
        """Any number word, or figures."""
        key = plain(text)
        return key in self._words or key in self._mixed or key.isdecimal()

    def cardinal_forms(self) -> dict[str, int]:
        """Every cardinal form with its value."""
        return {form: word.value for form, word in self._words.items() if word.kind == CARDINAL}

    def read(self, tokens: Sequence[Token], at: int, frozen: Callable[[int], int]) -> tuple[Number, int] | None:
        """The number that begins at `at` and the place after it; None where none begins.

        `frozen(place)` is the end of an idiom that begins there (or the place itself): its words are no numbers.
        """
        reader = _Reader(self, tokens, at, frozen)
        return reader.read()

    def word(self, text: str) -> _Word | None:
        return self._words.get(plain(text))

    def mixed(self, text: str) -> Decimal | None:
        return self._mixed.get(plain(text))

    def is_place(self, text: str) -> bool:
        return plain(text) in self._places

    def is_decimal_word(self, text: str) -> bool:
        """What follows the whole part or the fraction of a decimal: "целыми", "десятыми"."""
        return plain(text) in self._places or plain(text) in self._wholes

    def is_joint(self, text: str) -> bool:
        """What may stand between the two parts of a decimal."""
        return plain(text) in self._joints

    def agrees(self, count: int, scale: str) -> bool:
        """A scale in this form may follow this count ("двадцать одна тысяча", never "двенадцать тысяча")."""
        return plain(scale) not in self._singular or (count % 10 == 1 and count % 100 != 11)

    def alone(self, text: str) -> bool:
        """The form may be a number by itself ("семью" may not)."""
        return plain(text) not in self._compound_only


class _Reader:
    """Reads one number: thousands, hundreds, tens and units in falling order."""

    def __init__(self, numerals: Numerals, tokens: Sequence[Token], at: int, frozen: Callable[[int], int]) -> None:
        self._numerals = numerals
        self._tokens = tokens
        self._at = at
        self._frozen = frozen
        self._total = 0
        self._group = 0
        self._limit = 1000
        self._scale = 10**9
        self._used: list[Token] = []
        self._kind = CARDINAL
        self._doubts: tuple[str, ...] = ()

    def read(self) -> tuple[Number, int] | None:
        tokens, place = self._tokens, self._at
        mixed = self._numerals.mixed(tokens[place].text)
        if mixed is not None:
            return self._scaled(Number(mixed, (tokens[place],)), place + 1)
        if _FIGURES.fullmatch(tokens[place].text):
            text = tokens[place].text.replace(".", ",")
            number = Number(Decimal(text.replace(",", ".")), (tokens[place],), printed=True, text=text)
            return self._scaled(number, place + 1)
        while place < len(tokens) and self._kind != ORDINAL:
            joint = self._joint(place)
            word = self._numerals.word(tokens[joint].text) if joint < len(tokens) else None
            if word is None or self._frozen(joint) > joint or not self._fits(word, joint):
                break
            if joint > place and tokens[place].text in ",.":
                self._doubts = (AMBIGUOUS_NUMBER,)
            self._take(word)
            self._used.extend(tokens[place : joint + 1])
            place = joint + 1
        if not self._used:
            return None
        if len(self._used) == 1 and not (self._numerals.alone(self._used[0].text) or self._in_decimal(place)):
            return None
        value = Decimal(self._total + self._group)
        return Number(value, tuple(self._used), self._kind, doubts=self._doubts), place

    def _in_decimal(self, end: int) -> bool:
        """The number is a part of a decimal by the words beside it: "семью десятыми", "тридцать шесть и семью"."""
        if end < len(self._tokens) and self._numerals.is_decimal_word(self._tokens[end].text):
            return True
        before = [token.text for token in self._tokens[max(0, self._at - 2) : self._at]]
        return len(before) == 2 and self._numerals.is_joint(before[1]) and self._numerals.is_numeral(before[0])

    def _joint(self, place: int) -> int:
        """Past a hyphen or comma that a recogniser put within a number."""
        if self._used and self._tokens[place].text in ("-", "–", "—", ",") and place + 1 < len(self._tokens):
            spoken = self._tokens[place].end - self._tokens[place].start > 1
            return place if spoken else place + 1
        return place

    def _fits(self, word: _Word, place: int) -> bool:
        if self._used and word.kind == COLLECTIVE:
            return False
        if word.scale:
            agrees = self._numerals.agrees(self._group, self._tokens[place].text)
            return word.value < self._scale and (not self._used or (self._group > 0 and agrees))
        if word.kind == ORDINAL and 0 < self._group < _HUNDRED and self._numerals.is_place(self._tokens[place].text):
            return False
        if word.value == 0:
            return not self._used
        if word.value >= 1000:
            return not self._used
        return word.value < self._limit

    def _take(self, word: _Word) -> None:
        if word.kind != CARDINAL:
            self._kind = word.kind
        if word.scale:
            self._total += (self._group or 1) * word.value
            self._group, self._limit, self._scale = 0, 1000, word.value
            return
        self._group += word.value
        if word.value >= 100:
            self._limit = 100
        elif word.value >= 20:
            self._limit = 10
        else:
            self._limit = 0
            if word.value == 0:
                self._scale = 0

    def _scaled(self, number: Number, place: int) -> tuple[Number, int]:
        """Figures or a mixed number before a scale: "2 тысячи", "полторы тысячи"; "1 000" printed apart."""
        if place < len(self._tokens):
            token = self._tokens[place]
            word = self._numerals.word(token.text)
            if word is not None and word.scale:
                value = number.value * word.value
                return replace(number, value=value, text="", tokens=(*number.tokens, token)), place + 1
            if number.printed and token.text == "000" and len(number.text) <= 3:
                text = number.text + token.text
                joined = replace(number, value=Decimal(text), text=text, tokens=(*number.tokens, token))
                return joined, place + 1
        return number, place


class NumberReader:
    """Tokens to items: number words become numbers, all else stays."""

    def __init__(self, numerals: Numerals, idioms: Sequence[str]) -> None:
        self._numerals = numerals
        self._idioms: Phrases[bool] = Phrases((phrase, True) for phrase in idioms)

    def __call__(self, tokens: Sequence[Token]) -> list[Item]:
        items: list[Item] = []
        place = 0

        def frozen(at: int) -> int:
            match = self._idioms.match(tokens, at)
            return match[0] if match else at

        while place < len(tokens):
            end = frozen(place)
            if end > place:
                items.extend(tokens[place:end])
                place = end
                continue
            read = self._numerals.read(tokens, place, frozen)
            if read is None:
                items.append(tokens[place])
                place += 1
            else:
                number, place = read
                items.append(number)
        return items
