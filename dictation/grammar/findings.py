"""Schema of `grammars/*/findings.yaml`: complaints, signs and diseases, and how they become noun phrases."""

from __future__ import annotations

from functools import cache
from typing import Literal

from dictation.grammar.rules import Rules, load

Status = Literal["present", "absent", "possible"]


class FindingRules(Rules):
    """Lemmas by the part they play.

    `symptoms` and `diseases` head a finding, as does a noun with one of `disease_endings` that is not among
    `not_diseases`; the `incomplete` need a complement, which may be another finding but for the `unnested`.
    `substances` are the complement of a finding before them; what `lacks` is a finding if one of the `faculties`
    is lacked. `signs` turn what an organ is said to be into a noun (an empty one: no finding of its own),
    `denied_signs` where the word itself denies it; `verbs` and `phrases` do so without an organ. `functions` take
    their quality as an adjective, unless it is `normal`. Attributes that are `idle` are left out. A finding's
    phrase goes on over prepositions of `place`, and ends at a `circumstance`; `adverbs` become adjectives.
    `no_complaint` are nouns of the complaints that are none. `local` findings share a place. `singular` are given
    in the singular. `tests` are nouns of signs that are tested, `outcomes` what comes of them.
    """

    symptoms: frozenset[str]
    incomplete: frozenset[str]
    unnested: frozenset[str]
    substances: frozenset[str]
    lacks: frozenset[str]
    faculties: frozenset[str]
    diseases: frozenset[str]
    disease_endings: tuple[str, ...]
    not_diseases: frozenset[str]
    singular: frozenset[str]
    signs: dict[str, str]
    denied_signs: dict[str, str]
    verbs: dict[str, str]
    phrases: dict[str, str]
    inabilities: dict[str, str]
    functions: frozenset[str]
    normal: frozenset[str]
    idle: frozenset[str]
    place: frozenset[str]
    circumstance: frozenset[str]
    adverbs: dict[str, str]
    local: frozenset[str]
    no_complaint: frozenset[str]
    tests: frozenset[str]
    outcomes: dict[str, Status]

    def problems(self) -> list[str]:
        unknown = sorted(self.incomplete - self.symptoms - self.diseases)
        both = sorted(self.signs.keys() & self.denied_signs.keys())
        return [f"incomplete: '{word}' heads nothing" for word in unknown] + [
            f"'{word}' both a sign and a denied sign" for word in both
        ]


@cache
def finding_rules(language: str) -> FindingRules:
    return load(language, "findings", FindingRules)
