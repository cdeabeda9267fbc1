"""Finding the strings of a set that are one or two edits away, by the deletions that they share (as SymSpell does).

Only the beginnings are indexed: strings that differ by few edits share most deletions of their beginnings.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_BEGINNING = 7
# Below this length two edits change too much of a string to mean anything.
_TWO_EDITS_FROM = 6


class Neighbours:
    """Strings indexed by what is left of their beginnings when up to two letters are taken away."""

    def __init__(self, strings: Iterable[str]) -> None:
        self._index: dict[str, list[str] | str] = {}
        for string in strings:
            for key in _keys(string, 2 if len(string) >= _TWO_EDITS_FROM else 1):
                held = self._index.get(key)
                if held is None:
                    self._index[key] = string
                elif isinstance(held, list):
                    held.append(string)
                else:
                    self._index[key] = [held, string]

    def near(self, string: str, edits: int) -> list[str]:
        """Those of the strings that are at most so many edits away (two at most)."""
        found: dict[str, None] = {}
        for key in _keys(string, edits):
            held = self._index.get(key, ())
            found.update(dict.fromkeys((held,) if isinstance(held, str) else held))
        matches = process.extract(string, list(found), scorer=Levenshtein.distance, score_cutoff=edits, limit=None)
        return [match for match, _, _ in matches]


def _keys(string: str, deletions: int) -> set[str]:
    beginning = string[:_BEGINNING]
    keys = {beginning}
    for count in range(1, min(deletions, len(beginning)) + 1):
        keys.update("".join(left) for left in combinations(beginning, len(beginning) - count))
    return keys
