"""How words sound: a spelling by ear, the consonants by which it is looked up, and the distance between two."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial

from dictation.grammar.sounds import Rule, Sounds, sounds

_ROUNDING = 1e-9
_LETTERS = re.compile(r"[^\W\d_]+")


class Phonetics:
    """The sounds of one language.

    `sound` gives one letter a sound, as if no vowel were stressed and nothing stood between the words:
    `sound(["и", "на", "лоприл"]) == sound(["эналаприл"])`.
    """

    def __init__(self, rules: Sounds) -> None:
        self._word = [_rewriting(rule) for rule in rules.word]
        self._joined = [_rewriting(rule) for rule in rules.joined]
        self._skeleton = {ord(sound): group[0] for group in rules.classes for sound in group}
        self._alphabet = sorted({*rules.vowels, "й", *"".join(rules.classes)})
        self._drop: dict[str, float] = dict.fromkeys(self._alphabet, rules.consonant)
        self._drop.update((sound, cost) for cost, group in rules.drop.items() for sound in group)
        self._change = self._changes(rules)
        self._steepness = self._least_steep()

    def _changes(self, rules: Sounds) -> dict[str, dict[str, float]]:
        costs: dict[str, dict[str, float]] = {}
        for one in self._alphabet:
            costs[one] = {}
            for other in self._alphabet:
                vowels = (one in rules.vowels) + (other in rules.vowels)
                costs[one][other] = 0.0 if one == other else (rules.consonant, rules.mixed, rules.vowel)[vowels]
        for cost, pairs in rules.alike.items():
            for pair in pairs:
                one, other = pair[0], pair[1]
                costs[one][other] = costs[other][one] = cost
        return costs

    def _least_steep(self) -> float:
        """What a change costs at least for each unit by which it makes a sound heavier or lighter."""
        weights = self._drop
        ratios = [
            cost / abs(weights[one] - weights[other])
            for one, costs in self._change.items()
            for other, cost in costs.items()
            if weights[one] != weights[other]
        ]
        return min([1.0, *ratios])

    def sound(self, words: Iterable[str]) -> str:
        """The words as they sound, run together; what is no letter is silent."""
        return self.sounds([words])[0]

    def sounds(self, stretches: Sequence[Iterable[str]]) -> list[str]:
        """How each stretch of words sounds: as `sound` says, a third of the time where there are many."""
        lines = "\n".join(["".join(map(self._of_word, words)) for words in stretches])
        for rewrite in self._joined:
            lines = rewrite(lines)
        silent = set(lines) - self._drop.keys() - {"\n"}
        lines = lines.translate(dict.fromkeys(map(ord, silent)))
        return lines.split("\n") if stretches else []

    @lru_cache(maxsize=4096)  # noqa: B019 - one object a language, kept for the life of the program
    def _of_word(self, word: str) -> str:
        return "".join([self._of_part(part) for part in _LETTERS.findall(word.lower())])

    def _of_part(self, part: str) -> str:
        for rewrite in self._word:
            part = rewrite(part)
        return part

    def skeleton(self, sound: str) -> str:
        """The consonants of a sound, those that are easily confused written alike."""
        classes = self._skeleton
        return "".join(classes[ord(letter)] for letter in sound if ord(letter) in classes)

    def _weight(self, sound: str) -> float:
        """What it costs to lose all of a sound."""
        return sum(map(self._drop.__getitem__, sound))

    def distance(self, one: str, other: str, limit: float) -> float:
        """How far two sounds are apart: the cheapest way of changing, losing and adding sounds. Anything above
        `limit` may come back as infinity."""
        change, drop = self._change, self._drop
        one, other = _trimmed(one, other)
        if self._steepness * abs(self._weight(one) - self._weight(other)) > limit + _ROUNDING:
            return float("inf")
        row = [0.0]
        for letter in other:
            row.append(row[-1] + drop[letter])
        for letter in one:
            lost, into = drop[letter], change[letter]
            before = row
            last = before[0] + lost
            row = [last]
            least = last
            for column, target in enumerate(other, 1):
                best = before[column - 1] + into[target]
                if before[column] + lost < best:
                    best = before[column] + lost
                added = last + drop[target]
                last = added if added < best else best
                row.append(last)
                if last < least:
                    least = last
            if least > limit:
                return float("inf")
        return row[-1]


def _rewriting(rule: Rule) -> Callable[[str], str]:
    source, replacement, *into = rule
    pattern = re.compile(source, re.MULTILINE)
    if not into:
        return partial(pattern.sub, replacement)
    table = str.maketrans(replacement, into[0])
    if source == f"[{replacement}]":
        return lambda text: text.translate(table)
    return partial(pattern.sub, lambda match: match.group().translate(table))


def _trimmed(one: str, other: str) -> tuple[str, str]:
    """Without the beginning and the end that both share: they cost nothing."""
    shortest = min(len(one), len(other))
    first = 0
    while first < shortest and one[first] == other[first]:
        first += 1
    last = 0
    while last < shortest - first and one[-1 - last] == other[-1 - last]:
        last += 1
    return one[first : len(one) - last], other[first : len(other) - last]


@cache
def phonetics(language: str) -> Phonetics:
    """The sounds of a language, from `grammars/<language>/sounds.yaml`."""
    return Phonetics(sounds(language))
