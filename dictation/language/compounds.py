"""Numbers that take in what stands beside them: a height in metres and centimetres, a stage with its letter."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from dictation.grammar.quantities import QuantityRules
from dictation.language.context import Context
from dictation.language.numerals import CARDINAL, ORDINAL, Item, Number
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

# Stages and grades that have letters.
LAST_STAGE = 4
# Grown-up heights in centimetres, without their hundred.
_SHORTEST, _HUNDRED = 40, 100
_ENDS = (",", ".", ";")


class Compounds:
    """Joins "метр шестьдесят пять" to 165 and "два а стадии" to 2А."""

    def __init__(self, rules: QuantityRules, context: Context) -> None:
        self._height_words = rules.height
        self._letters = rules.stage_letters
        self._names = rules.lettered_names
        self._context = context

    def __call__(self, items: list[Item]) -> list[Item]:
        items = list(items)
        heavy = self._is_heavy(items)
        done: list[Item] = []
        place = 0
        while place < len(items):
            item, end = (
                self._height(items, done, place)
                or self._short_height(items, done, place, heavy=heavy)
                or self._stage(items, place)
                or self._name(items, place)
                or (items[place], place + 1)
            )
            done.append(item)
            place = end
        return done

    def _height(self, items: list[Item], done: list[Item], place: int) -> tuple[Item, int] | None:
        words = self._height_words
        metres = items[place]
        at = place + isinstance(metres, Number)
        word = items[at] if at < len(items) else None
        rest = items[at + 1] if at + 1 < len(items) else None
        if not (isinstance(word, Token) and plain(word.text) in words.metres and isinstance(rest, Number)):
            return None
        about = next((plain(i.text) for i in reversed(done) if isinstance(i, Token) and is_word(i)), "")
        if not about.startswith(words.cues) or not rest.whole or rest.value >= 100:
            return None
        value = (metres.value if isinstance(metres, Number) else 1) * 100 + rest.value
        parts = [
            part for item in items[place : at + 2] for part in (item.tokens if isinstance(item, Number) else [item])
        ]
        end = at + 2
        if self._context.units.match(items, end) if end < len(items) else None:
            return Number(value, tuple(parts)), end
        # The unit was said before the centimetres: it is written after them.
        number = Number(value, tuple(parts))
        items.insert(end, Token(words.unit, parts[-1].end, parts[-1].end, parts[-1].space, parts[-1].pause))
        return number, end

    def _is_heavy(self, items: list[Item]) -> bool:
        """Whether a weight is dictated that no infant has."""
        low, high = self._height_words.no_infant
        return any(
            isinstance(word, Token)
            and plain(word.text) in self._height_words.weight
            and isinstance(number, Number)
            and low <= number.value <= high
            for word, number in pairwise(items)
        )

    def _short_height(
        self, items: list[Item], done: list[Item], place: int, *, heavy: bool
    ) -> tuple[Item, int] | None:
        """ "Рост шестьдесят два, вес семьдесят": the hundred was lost between two words that end and begin alike."""
        number, about = items[place], done[-1] if done else None
        if not (heavy and isinstance(number, Number) and isinstance(about, Token)) or number.printed:
            return None
        short = number.kind == CARDINAL and number.whole and _SHORTEST <= number.value < _HUNDRED
        if not short or plain(about.text) not in self._height_words.cues:
            return None
        return replace(number, value=number.value + _HUNDRED).doubted(), place + 1

    def _name(self, items: list[Item], place: int) -> tuple[Item, int] | None:
        """ "Витамин бэ двенадцать": B12 is a name, and no amount."""
        carrier = items[place - 1] if place else None
        letter, number = items[place], items[place + 1] if place + 1 < len(items) else None
        if not (isinstance(carrier, Token) and isinstance(letter, Token) and isinstance(number, Number)):
            return None
        rule = self._names.letters.get(plain(letter.text))
        if rule is None or plain(carrier.text) not in self._names.carriers or number.value not in rule.numbers:
            return None
        if self._context.is_counted(items, place + 2) or self._context.is_unit(items, place + 2):
            return None
        whole = replace(number, tokens=(letter, *number.tokens))
        return whole.token(f"{rule.written}{number.written}", value=False), place + 2

    def _ends_stage(self, items: list[Item], at: int) -> bool:
        """What stands only after a letter and never after the word that looks like it ("два а, функциональный")."""
        after = items[at] if at < len(items) else None
        return isinstance(after, Token) and (after.text in _ENDS or plain(after.text) in self._letters.followers)

    def _stage(self, items: list[Item], place: int) -> tuple[Item, int] | None:
        number = items[place]
        letter = items[place + 1] if place + 1 < len(items) else None
        if not (isinstance(number, Number) and isinstance(letter, Token)) or number.kind not in (CARDINAL, ORDINAL):
            return None
        letters = self._letters
        before_noun = plain(letter.text) in letters.before_noun and (
            self._context.is_bare(items, place + 2) or self._ends_stage(items, place + 2)
        )
        alone = plain(letter.text) in letters.alone
        if not number.whole or number.value > LAST_STAGE or not (before_noun or alone):
            return None
        text = number.written + letter.text.upper()
        return replace(number, tokens=(*number.tokens, letter), kind=CARDINAL, text=text), place + 2
