"""Finding the strings of a set that are one or two edits away, by the deletions that they share (as SymSpell does).

Only the beginnings are indexed: strings that differ by few edits share most deletions of their beginnings.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_BEGINNING = 7
# Below this length two edits change too much of a string to mean anything.
_TWO_EDITS_FROM = 6


class Neighbours:
    """Strings indexed by what is left of their beginnings when up to two letters are taken away; `keys` is that
    index, plain data: for each rest the numbers of its strings."""

    def __init__(self, strings: Sequence[str], keys: Mapping[str, Sequence[int]]) -> None:
        self.strings = strings
        self.keys = keys

    @classmethod
    def of(cls, strings: Iterable[str]) -> Neighbours:
        """The index of some strings."""
        index: dict[str, list[int]] = {}
        distinct = list(dict.fromkeys(strings))
        for number, string in enumerate(distinct):
            for key in sorted(_keys(string, 2 if len(string) >= _TWO_EDITS_FROM else 1)):
                index.setdefault(key, []).append(number)
        return cls(distinct, index)

    def near(self, string: str, edits: int) -> list[str]:
        """Those of the strings that are at most so many edits away (two at most)."""
        found: dict[int, None] = {}
        for key in sorted(_keys(string, edits)):
            found.update(dict.fromkeys(self.keys.get(key, ())))
        candidates = [self.strings[number] for number in found]
        matches = process.extract(string, candidates, scorer=Levenshtein.distance, score_cutoff=edits, limit=None)
        return [match for match, _, _ in matches]


def _keys(string: str, deletions: int) -> set[str]:
    beginning = string[:_BEGINNING]
    keys = {beginning}
    for count in range(1, min(deletions, len(beginning)) + 1):
        keys.update("".join(left) for left in combinations(beginning, len(beginning) - count))
    return keys
