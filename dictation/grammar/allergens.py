"""Schema of `grammars/*/allergens.yaml`: how an allergy is told, denied, and what it shows itself by."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load


class AllergyRules(Rules):
    """`section` is the kind of section that tells of allergies. `denials` deny any allergy in it. A substance stands
    after one of `markers` ("на") or, in the genitive, after one of `nouns` ("непереносимость"); `general` words are
    no substance ("лекарства"); `allergens` are known without a marker; `reactions` are lemmas of nouns that say how
    it shows, those of `past_reaction` say only that it does; `reaction_names` are reactions called after somebody.

    `reacting` verbs tell a reaction ("на анальгин отекали губы"). `statements` speak of an allergy wherever they
    stand, unless one of `of_others` follows ("непереносимость нагрузки"); `intolerance` does with a substance beside
    it ("не переносит"), and so does a reaction that is `allergic` with a drug after one of `causes` ("после", with
    words of `intakes` between). `leads` may stand before them in their clause, `leads_bare` the fewer that surely do
    where no marks part the clauses. In the sections `named_elsewhere` an allergy is the matter itself, and stays; in
    those of `shown_elsewhere` so is a reaction. In the `silent` ones words for an allergy tell of none ("анализ на
    аллергию").
    """

    section: str
    denials: tuple[str, ...]
    markers: tuple[str, ...]
    nouns: tuple[str, ...]
    general: tuple[str, ...]
    allergens: tuple[str, ...]
    reactions: tuple[str, ...]
    reaction_names: tuple[str, ...]
    past_reaction: tuple[str, ...]
    reacting: tuple[str, ...]
    statements: tuple[str, ...]
    intolerance: tuple[str, ...]
    allergic: tuple[str, ...]
    causes: tuple[str, ...]
    intakes: tuple[str, ...]
    of_others: tuple[str, ...]
    leads: tuple[str, ...]
    leads_bare: tuple[str, ...]
    named_elsewhere: tuple[str, ...]
    shown_elsewhere: tuple[str, ...]
    silent: tuple[str, ...]


@cache
def allergy_rules(language: str) -> AllergyRules:
    return load(language, "allergens", AllergyRules)
