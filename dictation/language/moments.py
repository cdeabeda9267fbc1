"""Times of what is planned or was, as a correction exchanges them: "завтра", "во вторник", "через две недели"."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dictation.grammar.corrections import MomentWords
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

# "на следующей неделе": a preposition and a phrase of two words; "через двадцать пять дней".
_LONGEST = 5


class Moments:
    """Finds them. `number` gives the end of the number that begins at a place."""

    def __init__(self, words: MomentWords, number: Callable[[Sequence[Token], int], int | None]) -> None:
        self._named = frozenset(map(plain, words.named))
        self._after = frozenset(map(plain, words.after))
        self._relative = frozenset(map(plain, words.relative))
        self._periods = frozenset(map(plain, words.periods))
        self._prepositions = frozenset(map(plain, words.prepositions))
        self._number = number

    def last(self, tokens: Sequence[Token]) -> int | None:
        """Where the time begins with which the tokens end."""
        starts = range(max(0, len(tokens) - _LONGEST), len(tokens))
        return next((at for at in starts if self.end(tokens, at) == len(tokens)), None)

    def end(self, tokens: Sequence[Token], at: int) -> int | None:
        """The end of the time that begins at `at`."""
        if at >= len(tokens) or not is_word(tokens[at]):
            return None
        word = plain(tokens[at].text)
        if word in self._after:
            number = self._number(tokens, at + 1) or at + 1
            return self._one(tokens, number, self._periods)
        at += word in self._prepositions
        relative = self._one(tokens, at, self._relative)
        if relative:
            return self._one(tokens, relative, self._periods)
        return self._one(tokens, at, self._named)

    @staticmethod
    def _one(tokens: Sequence[Token], at: int, words: frozenset[str]) -> int | None:
        return at + 1 if at < len(tokens) and plain(tokens[at].text) in words else None
