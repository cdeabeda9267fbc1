"""Finding phrases of a list in a row of tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from dictation.language.written import Token

MeaningT = TypeVar("MeaningT")


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """A word as it is compared: lower case, е for ё."""
    return text.lower().replace("ё", "е")


def is_word(token: Token) -> bool:
    """A word or a number, not a mark."""
    return _has_letter(token.text)


@lru_cache(maxsize=8192)
def _has_letter(text: str) -> bool:
    return any(character.isalnum() for character in text)


class Phrases(Generic[MeaningT]):
    """Phrases with a meaning each, found at a place in a row of tokens, the longest first."""

    def __init__(self, meanings: Mapping[str, MeaningT] | Iterable[tuple[str, MeaningT]]) -> None:
        pairs = meanings.items() if isinstance(meanings, Mapping) else meanings
        self._by_first: dict[str, list[tuple[tuple[str, ...], MeaningT]]] = {}
        for phrase, meaning in pairs:
            words = tuple(plain(phrase).split())
            self._by_first.setdefault(words[0], []).append((words, meaning))
        for found in self._by_first.values():
            found.sort(key=lambda pair: -len(pair[0]))

    def match(self, tokens: Sequence[object], at: int) -> tuple[int, MeaningT] | None:
        """The end and the meaning of the longest phrase that begins at `at`."""
        first = tokens[at]
        if not isinstance(first, Token):
            return None
        found = self._by_first.get(plain(first.text))
        if found is None:
            return None
        for words, meaning in found:
            end = at + len(words)
            if end <= len(tokens) and all(
                isinstance(token, Token) and plain(token.text) == word
                for token, word in zip(tokens[at:end], words, strict=True)
            ):
                return end, meaning
        return None
