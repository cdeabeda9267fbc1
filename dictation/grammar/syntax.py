"""Schema of `grammars/*/syntax.yaml`: the small words that hold phrases together."""

from __future__ import annotations

from functools import cache
from typing import Literal

from dictation.grammar.rules import Rules, load

Case = Literal["nomn", "gent", "datv", "accs", "ablt", "loct"]


class Syntax(Rules):
    """`prepositions` with the cases they govern; `genitive_negations` make the noun beside them genitive ("нет");
    `conjunctions` join like things ("и"); `sides` are the adverbs of side ("справа"). `nominal` forms are read as
    nouns, words with an `attributive` lemma as adjectives, words that may have the lemma of one of `terms` as that;
    `adverb_endings` are those of adverbs that a dictionary lacks; `governing` nouns ask for a genitive."""

    prepositions: dict[str, tuple[Case, ...]]
    genitive_negations: tuple[str, ...]
    conjunctions: tuple[str, ...]
    sides: tuple[str, ...]
    nominal: frozenset[str]
    attributive: frozenset[str]
    terms: frozenset[str]
    adverb_endings: tuple[str, ...]
    governing: tuple[str, ...]


@cache
def syntax(language: str) -> Syntax:
    return load(language, "syntax", Syntax)
