"""Schema of `grammars/*/endings.yaml`, and the stem that is left of a word without its ending."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache

from pydantic import Field

from dictation.grammar.rules import Rules, load


class Paradigm(Rules):
    """The forms of a noun whose nominative ends in `last` ("" for any consonant)."""

    last: str
    forms: tuple[str, ...]


class Endings(Rules):
    """Endings of declined words; a cut word keeps at least `shortest` letters, those in `whole` keep all."""

    shortest: int = Field(ge=2)
    whole: tuple[str, ...] = ()
    endings: tuple[str, ...]
    paradigms: tuple[Paradigm, ...] = ()
    vowels: str = ""

    def problems(self) -> list[str]:
        return [f"'{ending}' twice" for ending in set(self.endings) if self.endings.count(ending) > 1]


def stems_of(language: str) -> Callable[[str], frozenset[str]]:
    """The stems that the cases of a nominative have: a name that itself looks declined has two ("цефепим" is cut
    like an instrumental, "цефепима" like a genitive)."""
    rules = load(language, "endings", Endings)
    stem = stemmer(language)

    @lru_cache(maxsize=50_000)
    def stems(word: str) -> frozenset[str]:
        word = word.lower().replace("ё", "е")
        paradigm = next((p for p in rules.paradigms if word.endswith(p.last)), None)
        if not word.isalpha() or paradigm is None or (not paradigm.last and word[-1] in rules.vowels):
            return frozenset({stem(word)})
        base = word.removesuffix(paradigm.last)
        return frozenset({stem(word), *(stem(base + form) for form in paradigm.forms)})

    return stems


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """Lower case, ё as е, the longest known ending cut: "Давления" and "давлением" both give "давлен".

    Unlike a lemma it needs no dictionary, so names of drugs and abbreviations keep their forms together too.
    """
    rules = load(language, "endings", Endings)
    endings = frozenset(rules.endings)
    longest = max(map(len, endings))
    whole = frozenset(rules.whole)

    @lru_cache(maxsize=50_000)
    def stem(word: str) -> str:
        word = word.lower().replace("ё", "е")
        if word.isalpha() and word not in whole:
            for length in range(min(longest, len(word) - rules.shortest), 0, -1):
                if word[-length:] in endings:
                    return word[:-length]
        return word

    return stem
