"""Schema of `grammars/*/allergens.yaml`: how an allergy is told, denied, and what it shows itself by."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load


class AllergyRules(Rules):
    """`denials` deny any allergy in an allergy section. A substance stands after one of `markers` ("на") or, in the
    genitive, after one of `nouns` ("непереносимость"); `general` words are no substance ("лекарства"); `allergens`
    are known without a marker; `reactions` are lemmas of nouns that say how it shows, with their `reaction_words`."""

    denials: tuple[str, ...]
    markers: tuple[str, ...]
    nouns: tuple[str, ...]
    general: tuple[str, ...]
    allergens: tuple[str, ...]
    reactions: tuple[str, ...]
    past_reaction: tuple[str, ...]


@cache
def allergy_rules(language: str) -> AllergyRules:
    return load(language, "allergens", AllergyRules)
