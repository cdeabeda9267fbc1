"""Finding the phrases of a rule file in a Doc, word by word, as forms or as lemmas."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

import numpy as np
from spacy.strings import StringStore
from spacy.tokens import Doc

from dictation.clinical.morphology import parses

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Match(Generic[T]):
    """A phrase over the tokens `[start, end)`, with what its rule says."""

    start: int
    end: int
    rule: T


class Phrases(Generic[T]):
    """An index of phrases. A word of a phrase fits a token by its form or by its lemma; with `inflected`, where the
    rules give names in the nominative, also by a lemma in common. Tokens of `over` may stand inside a phrase."""

    def __init__(
        self, phrases: Iterable[tuple[str, T]], *, inflected: bool = False, over: Iterable[str] = ()
    ) -> None:
        self._over = frozenset(over)
        self._by_first: dict[str, list[tuple[tuple[frozenset[str], ...], T]]] = defaultdict(list)
        for words, rule in phrases:
            split = tuple(_fitting(word, inflected) for word in words.split())
            for first in split[0]:
                self._by_first[first].append((split, rule))

    def all(self, doc: Doc) -> Iterator[Match[T]]:
        """Every phrase at every place."""
        words = _words(doc.vocab.strings, doc.to_array(["LOWER", "LEMMA"]).tobytes())
        if self._over:
            places = [i for i, (form, _) in enumerate(words) if form not in self._over]
            for match in self._among([words[i] for i in places]):
                yield Match(places[match.start], places[match.end - 1] + 1, match.rule)
        else:
            yield from self._among(words)

    def _among(self, words: list[tuple[str, str]]) -> Iterator[Match[T]]:
        for start, (form, lemma) in enumerate(words):
            entries = self._by_first.get(form, ())
            if lemma != form:
                entries = [*entries, *self._by_first.get(lemma, ())]
            for phrase, rule in entries:
                end = start + len(phrase)
                if end <= len(words) and all(
                    pair[0] in fitting or pair[1] in fitting
                    for fitting, pair in zip(phrase, words[start:end], strict=True)
                ):
                    yield Match(start, end, rule)

    def longest(self, doc: Doc) -> list[Match[T]]:
        """The phrases in text order, none overlapping another; of two at one place the longer."""
        found: list[Match[T]] = []
        free = 0
        by_start: dict[int, Match[T]] = {}
        for match in self.all(doc):
            known = by_start.get(match.start)
            if known is None or match.end > known.end:
                by_start[match.start] = match
        for start in sorted(by_start):
            if start >= free:
                found.append(by_start[start])
                free = by_start[start].end
        return found


@lru_cache(maxsize=1)
def _words(strings: StringStore, attributes: bytes) -> list[tuple[str, str]]:
    """Form and lemma of each token, from the bytes of a Doc's array of both; many indexes ask for the same."""
    pairs = np.frombuffer(attributes, dtype=np.uint64).reshape(-1, 2).tolist()
    return [(plain(strings[form]), plain(strings[lemma])) for form, lemma in pairs]


def _fitting(word: str, inflected: bool) -> frozenset[str]:
    if not inflected:
        return frozenset({plain(word)})
    return frozenset({plain(word), plain(parses(word)[0].normal_form)})


@lru_cache(maxsize=50_000)
def plain(word: str) -> str:
    """A word as it is compared: lower case, ё as е."""
    return word.lower().replace("ё", "е")
