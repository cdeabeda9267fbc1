"""Texts of different recognisers as rows of words that can be compared.

One prints "АД 160/95 мм рт. ст., 36,6", another "а д сто шестьдесят на девяносто пять миллиметров ртутного столба,
тридцать шесть и шесть". Neither is an error. So both, and the text that was read, become the same row:

- lower case, ё as е, no punctuation;
- a number is the values of its number words, whatever their case and however it was printed: "160", "сто шестьдесят"
  and "ста шестидесяти" are 100 60; ordinals likewise; decimals are whole part and decimal digits ("36,6" is 30 6 6);
- what may stand between two numbers and is not printed with digits ("на", "и", "целых", "десятых") is left out there;
- a unit is one word, as it is written short: "миллиметров ртутного столба" and "мм рт. ст.", "процентов" and "%".

All of it is done to every text alike, so that a wrong number or unit stays wrong.
"""

from __future__ import annotations

import re
from decimal import Decimal

from dictation.grammar.numerals import numerals
from dictation.grammar.quantities import quantities
from dictation.language.numerals import Numerals

_PIECE = re.compile(r"\d+|[^\W\d_]+|[%°]")
# The ending of an ordinal in figures: "2-й".
_ENDING = re.compile(r"(?<=\d)-[а-я]{1,3}\b")
_LARGEST_SPELLED = 10**9


class Comparable:
    """The rules of one language."""

    def __init__(self, language: str) -> None:
        rules = numerals(language)
        self._numerals = Numerals(rules)
        between = (rules.and_, rules.over, rules.wholes, rules.comma, rules.point)
        self._between = {word for words in between for phrase in words for word in _words(phrase)}
        self._places = {word for forms in rules.places.values() for form in forms for word in _words(form)}
        phrases = {
            _words(said): unit.written for unit in quantities(language).units for said in (*unit.said, unit.written)
        }
        self._phrases: dict[tuple[str, ...], tuple[str, ...]] = {
            words: (written,) for words, written in phrases.items() if words
        }
        for value, said in rules.additions.items():
            self._phrases |= {_words(phrase): _values(str(value).partition(".")[2]) for phrase in said}
        for number, said in rules.mixed.items():
            self._phrases |= {_words(word): self._printed(str(number)) for word in said}
        self._longest = max(map(len, self._phrases))

    def __call__(self, text: str) -> list[str]:
        words = list(_words(text))
        row: list[str] = []
        while words:
            length, made = self._next(words)
            row += made
            del words[:length]
        return self._without_joints(row)

    def _next(self, words: list[str]) -> tuple[int, tuple[str, ...]]:
        for length in range(min(self._longest, len(words)), 0, -1):
            phrase = self._phrases.get(tuple(words[:length]))
            if phrase is not None:
                return length, phrase
        if words[0].isdecimal():
            return 1, _values(words[0])
        return 1, (words[0] if words[0] in self._places else self._number(words[0]),)

    def _number(self, word: str) -> str:
        number = self._numerals.word(word)
        return str(number.value) if number else word

    def _printed(self, number: str) -> tuple[str, ...]:
        whole, _, decimals = format(Decimal(number), "f").partition(".")
        return _values(whole) + (_values(decimals) if decimals.strip("0") else ())

    def _without_joints(self, row: list[str]) -> list[str]:
        """Without the words that join two numbers, the names of decimal places, and a "one" before a thousand."""
        kept: list[str] = []
        for place, word in enumerate(row):
            before, after = kept[-1] if kept else "", row[place + 1] if place + 1 < len(row) else ""
            joins = word in self._between and before.isdecimal() and (after.isdecimal() or after in self._between)
            names = word in self._places and before.isdecimal()
            if not joins and not names and not (word == "1" and after == "1000"):
                kept.append(self._number(word) if word in self._places else word)
        return kept


def _words(text: str) -> tuple[str, ...]:
    plain = _ENDING.sub("", text.lower().replace("ё", "е"))
    return tuple(match.group() for match in _PIECE.finditer(plain))


def _values(figures: str) -> tuple[str, ...]:
    """The values of the words that a number in figures is said in: 1215 is 1000 200 15; leading zeros are said."""
    zeros = len(figures) - len(figures.lstrip("0"))
    values = ["0"] * (zeros if zeros < len(figures) else len(figures))
    number = int(figures)
    if number >= _LARGEST_SPELLED:
        return (figures,)
    for scale in (1_000_000, 1000, 1):
        group, number = divmod(number, scale) if scale > 1 else (number, 0)
        if not group:
            continue
        hundreds, rest = divmod(group, 100)
        tens, ones = (rest // 10 * 10, rest % 10) if rest >= 20 else (0, rest)
        said = [str(value) for value in (hundreds * 100, tens, ones) if value]
        if scale > 1:
            said = [*([] if group == 1 else said), str(scale)]
        values += said
    return tuple(values)
