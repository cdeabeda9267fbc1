"""Word errors of a recogniser."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein


def word_errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest insertions, deletions and substitutions of words that lead from what was said to what was heard."""
    return Levenshtein.distance(said, heard)
