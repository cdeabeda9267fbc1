"""What commands point at: the last word, a named stretch, a number."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dictation.language.numerals import Item, Number
from dictation.language.phrases import plain
from dictation.language.written import Token

# Numbers are looked for so many tokens around.
_WINDOW = 16


class Targets:
    """Finds stretches of tokens. `numbers` reads tokens to items, `is_unit` tells where a unit begins."""

    def __init__(
        self, numbers: Callable[[Sequence[Token]], list[Item]], is_unit: Callable[[Sequence[Token], int], bool]
    ) -> None:
        self._numbers = numbers
        self.is_unit = is_unit

    def number(self, tokens: Sequence[Token], at: int) -> int | None:
        """The end of the number that begins at `at`."""
        items = self._numbers(tokens[at : at + _WINDOW]) if at < len(tokens) else []
        first = items[0] if items else None
        return at + len(first.tokens) if isinstance(first, Number) else None

    def has_number(self, tokens: Sequence[Token]) -> bool:
        """Whether a number stands among the tokens."""
        return any(isinstance(item, Number) for item in self._numbers(tokens))

    def count(self, tokens: Sequence[Token], at: int) -> tuple[int, int] | None:
        """The end and the value of a whole number that begins at `at`."""
        items = self._numbers(tokens[at : at + _WINDOW]) if at < len(tokens) else []
        first = items[0] if items else None
        if isinstance(first, Number) and first.whole:
            return at + len(first.tokens), int(first.value)
        return None

    def last_word(self, tokens: Sequence[Token]) -> int:
        """Where the last word begins; a number of several words is one."""
        offset = max(0, len(tokens) - _WINDOW)
        items = self._numbers(tokens[offset:])
        last = items[-1]
        return len(tokens) - (len(last.tokens) if isinstance(last, Number) else 1)

    def find(self, before: Sequence[Token], words: Sequence[Token]) -> int | None:
        """Where the nearest stretch of these words begins, in any case form; a number must be met whole."""
        size = len(words)
        if not size:
            return None
        for start in range(len(before) - size, -1, -1):
            stretch = before[start : start + size]
            if not all(self._alike(one.text, other.text) for one, other in zip(stretch, words, strict=True)):
                continue
            lead = next((at for at in range(size) if self.number(words, at)), size)
            if lead < size and not self._whole_number(before, start + lead, start + size):
                continue
            return start
        return None

    def _alike(self, one: str, other: str) -> bool:
        """The same word; number words must be of the same value."""
        values = [self.value(word) for word in (one, other)]
        return values[0] == values[1] if values != [None, None] else _same(one, other)

    def value(self, word: str) -> float | None:
        """The value of a number word by itself."""
        items = self._numbers([Token(word, 0, len(word))])
        return float(items[0].value) if items and isinstance(items[0], Number) else None

    def _whole_number(self, tokens: Sequence[Token], start: int, end: int) -> bool:
        """The stretch is no part of a longer number."""
        offset = max(0, start - _WINDOW)
        place = offset
        for item in self._numbers(tokens[offset : end + _WINDOW]):
            size = len(item.tokens) if isinstance(item, Number) else 1
            if isinstance(item, Number) and place < end and start < place + size:
                return place >= start and place + size <= end
            place += size
        return True

    def longer_than_one(self, old: Sequence[Token]) -> bool:
        """Words stand between the old number and the correction."""
        for place in (0, 1):
            end = self.number(old, place)
            if end is not None:
                return end < len(old)
        return False


def _same(one: str, other: str) -> bool:
    """Forms of one word: equal, or with the same beginning and short endings."""
    a, b = plain(one), plain(other)
    if a == b:
        return True
    common = 0
    while common < min(len(a), len(b)) and a[common] == b[common]:
        common += 1
    return common >= 3 and common >= max(len(a), len(b)) - 3 and not (a.isdecimal() or b.isdecimal())
