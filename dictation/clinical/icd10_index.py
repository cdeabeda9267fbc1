"""A soft index of short texts: which of them share words with a query, in any order, form or (nearly) spelling."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

Floats = npt.NDArray[np.float32]

# How alike two stems must be to count for one word misspelt, and what a word of the same root counts for.
_MISSPELT = 78.0
_KIN = 0.75
_ROOT = 5
# What a rare misspelling or kin loses against the word itself.
_LOSS = 0.9
# A doctor adds words to a name ("вне обострения") more often than leaves some out: what the query says aside weighs
# so much beside what the text says and the query does not (the square of beta in an F score).
_ASIDE = 0.4


class SoftIndex:
    """Texts as sets of weighed stems.

    A text's score for a query is the weighed harmonic mean of how much of the text the query covers and how much of
    the query the text covers, both weighed by how rare a stem is and by `weigh(stem)`.
    """

    def __init__(self, texts: Sequence[frozenset[str]], weigh: Callable[[str], float]) -> None:
        self._size = len(texts)
        postings: dict[str, list[int]] = {}
        for number, stems in enumerate(texts):
            for stem in sorted(stems):
                postings.setdefault(stem, []).append(number)
        self._vocabulary = list(postings)
        self._postings = [np.array(postings[stem], dtype=np.int32) for stem in self._vocabulary]
        self._number = {stem: i for i, stem in enumerate(self._vocabulary)}
        self._weigh = weigh
        self._weights = np.array(
            [self._weight(stem, len(postings[stem])) for stem in self._vocabulary], dtype=np.float32
        )
        self._unseen = math.log(1 + self._size)
        self._norms: Floats = np.full(self._size, 1e-6, dtype=np.float32)
        for number, documents in enumerate(self._postings):
            self._norms[documents] += self._weights[number]
        self._roots: dict[str, list[int]] = {}
        for number, stem in enumerate(self._vocabulary):
            if len(stem) >= _ROOT:
                self._roots.setdefault(stem[:_ROOT], []).append(number)
        self._alike = lru_cache(maxsize=20_000)(self._find_alike)

    def _weight(self, stem: str, documents: int) -> float:
        return self._weigh(stem) * math.log(1 + self._size / documents)

    def knows(self, stem: str) -> bool:
        return stem in self._number

    def scores(self, query: Sequence[str]) -> tuple[Floats, Floats, Floats]:
        """For every text: the score, how much of the text is covered, how much of the query is."""
        covered: Floats = np.zeros(self._size, dtype=np.float32)
        asked: Floats = np.zeros(self._size, dtype=np.float32)
        total = 1e-6
        best: dict[int, float] = {}
        for stem in dict.fromkeys(query):
            number = self._number.get(stem)
            weight = float(self._weights[number]) if number is not None else self._weigh(stem) * self._unseen * 0.7
            total += weight
            share: Floats = np.zeros(self._size, dtype=np.float32)
            for alike, likeness in self._alike(stem):
                share[self._postings[alike]] = likeness
                best[alike] = max(best.get(alike, 0.0), likeness)
            asked += weight * share
        for number, likeness in best.items():
            covered[self._postings[number]] += self._weights[number] * likeness
        text_share = np.minimum(covered / self._norms, 1.0)
        query_share = asked / total
        score = (1 + _ASIDE) * text_share * query_share / (_ASIDE * text_share + query_share + 1e-6)
        return score, text_share, query_share

    def _find_alike(self, stem: str) -> tuple[tuple[int, float], ...]:
        """Stems of the vocabulary that stand for a word, with their likeness, the likest last."""
        found: dict[int, float] = {}
        exact = self._number.get(stem)
        if len(stem) >= _ROOT and stem.isalpha():
            for number in self._roots.get(stem[:_ROOT], ()):
                other = self._vocabulary[number]
                common = _common(stem, other)
                share = common / max(len(stem), len(other))
                if share >= _KIN - 0.1:
                    found[number] = share * _LOSS
            if exact is None:
                matches = process.extract(stem, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_MISSPELT, limit=8)
                for _, ratio, number in matches:
                    found[number] = max(found.get(number, 0.0), ratio / 100 * _LOSS)
        if exact is not None:
            found[exact] = 1.0
        return tuple(sorted(found.items(), key=lambda item: item[1]))


def _common(a: str, b: str) -> int:
    length = 0
    while length < min(len(a), len(b)) and a[length] == b[length]:
        length += 1
    return length
