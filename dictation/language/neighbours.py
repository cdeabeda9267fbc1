"""Finding the strings of a set that are one or two edits away, by the deletions that they share (as SymSpell does).

Only the beginnings are indexed: strings that differ by few edits share most deletions of their beginnings.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, combinations

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

_BEGINNING = 7
# Below this length two edits change too much of a string to mean anything.
_TWO_EDITS_FROM = 6


class Neighbours:
    """Strings indexed by what is left of their beginnings when up to two letters are taken away.

    The index is plain data: the strings with the `rests[i]` are those numbered `numbers[starts[i] : starts[i + 1]]`.
    """

    def __init__(
        self, strings: Sequence[str], rests: Sequence[str], starts: Sequence[int], numbers: Sequence[int]
    ) -> None:
        self._strings = strings
        self._places = {rest: place for place, rest in enumerate(rests)}
        self._starts = array("i", starts)
        self._numbers = array("i", numbers)

    @classmethod
    def of(cls, strings: Iterable[str]) -> Neighbours:
        """The index of some strings."""
        index: dict[str, list[int]] = {}
        distinct = list(dict.fromkeys(strings))
        for number, string in enumerate(distinct):
            for rest in sorted(_rests(string, 2 if len(string) >= _TWO_EDITS_FROM else 1)):
                index.setdefault(rest, []).append(number)
        starts = list(accumulate(map(len, index.values()), initial=0))
        return cls(distinct, list(index), starts, list(chain.from_iterable(index.values())))

    def plain(self) -> dict[str, list[str] | list[int]]:
        """What `Neighbours(**plain)` makes the index from again."""
        return {
            "strings": list(self._strings),
            "rests": list(self._places),
            "starts": list(self._starts),
            "numbers": list(self._numbers),
        }

    def near(self, string: str, edits: int) -> list[str]:
        """Those of the strings that are at most so many edits away (two at most)."""
        starts = self._starts
        places = [self._places[rest] for rest in sorted(_rests(string, edits)) if rest in self._places]
        found = dict.fromkeys(chain.from_iterable([self._numbers[starts[at] : starts[at + 1]] for at in places]))
        candidates = list(map(self._strings.__getitem__, found))
        matches = process.extract(string, candidates, scorer=Levenshtein.distance, score_cutoff=edits, limit=None)
        return [match for match, _, _ in matches]


def _rests(string: str, deletions: int) -> set[str]:
    beginning = string[:_BEGINNING]
    rests = {beginning}
    for count in range(1, min(deletions, len(beginning)) + 1):
        rests.update("".join(left) for left in combinations(beginning, len(beginning) - count))
    return rests
