"""Words that nobody can have said, by their times: a model that goes on after the speaker has stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from dictation.speech.transcript import Word

# No word is spoken in less.
_SHORTEST = 0.02
# So many words in no time at the edge of the voice are invented; fewer may be a small word whose place was missed
# (in 24 dictations of 2,849 words: seven words, each alone, none at an edge).
_INVENTED = 3
# The confidence of a word that nobody shall take for heard.
_DOUBTED = 0.1


def without_phantoms(words: Sequence[Word]) -> list[Word]:
    """The words of a segment. A run of words without duration at its beginning or end lies outside the voice: it is
    left out where it is long, and loses its confidence where it is short."""
    first = len(list(takewhile(_timeless, words)))
    last = len(list(takewhile(_timeless, reversed(words[first:]))))
    kept = words[first if first >= _INVENTED else 0 : len(words) - (last if last >= _INVENTED else 0)]
    edges = {*words[:first], *words[len(words) - last :]}
    return [_doubted(word) if word in edges else word for word in kept]


def _timeless(word: Word) -> bool:
    return word.start is not None and word.end is not None and word.end - word.start < _SHORTEST


def _doubted(word: Word) -> Word:
    return replace(word, confidence=min(_DOUBTED, word.confidence if word.confidence is not None else _DOUBTED))
