"""Schema of `grammars/*/numerals.yaml`: number words in every form, and the words that build decimals."""

from __future__ import annotations

from functools import cache

from pydantic import Field, model_validator

from dictation.grammar.rules import Rules, load

Forms = tuple[str, ...]


class OrdinalStem(Rules):
    """An ordinal: its stem, and the class of endings it takes."""

    stem: str
    endings: str


class HeardHundred(Rules):
    """Words that are heard for the first hundred, after words that begin with one of `after`. After one of `echoing`
    those of `echo` are its own last sound, heard twice."""

    heard: Forms
    after: Forms
    echoing: Forms = ()
    echo: Forms = ()


class NumeralRules(Rules):
    """Number words of a language.

    `cardinals` are values under 1000, `scales` multiply what stands before them. `mixed` are whole numbers said in
    one word, `additions` are said after a number ("с половиной"), `shares` before a thing that can be divided,
    `half_prefix` grows onto such a thing ("полтаблетки"). `wholes` and `places` make a spoken decimal; `and`,
    `comma`, `point`, `over` are what may stand between two numbers. `run_on`, `cut` and the rest repair or find what
    recognisers do to number words: `broken_by` are small words heard within a number, unless one of `clock_after`
    follows, `heard_hundred` what is heard for a hundred. A number that a longer word begins with has lost its `soft`
    sign there; before `compounding` letters it is a part of that word.
    """

    cardinals: dict[int, Forms]
    scales: dict[int, Forms]
    direct: Forms
    scale_singular: Forms
    collective: dict[int, Forms]
    ordinal_endings: dict[str, Forms]
    ordinals: dict[int, OrdinalStem]
    mixed: dict[float, Forms]
    additions: dict[float, Forms]
    shares: dict[float, Forms]
    half_prefix: str = Field(min_length=2)
    wholes: Forms
    places: dict[int, Forms]
    and_: Forms = Field(alias="and")
    comma: Forms
    point: Forms
    over: Forms
    compound_only: Forms
    doubles: Forms
    run_on: Forms
    cut: dict[str, str]
    cut_in_number: dict[str, str]
    misheard: dict[str, str]
    misheard_after_tens: dict[str, str]
    unread: Forms
    soft: str = ""
    compounding: Forms = ()
    broken_by: Forms
    clock_after: Forms
    heard_hundred: HeardHundred

    @model_validator(mode="after")
    def _endings_known(self) -> NumeralRules:
        for value, ordinal in self.ordinals.items():
            if ordinal.endings not in self.ordinal_endings:
                raise ValueError(f"ordinal {value}: no endings '{ordinal.endings}'")
        return self

    def problems(self) -> list[str]:
        owner: dict[str, int] = {}
        found = []
        for value, forms in [*self.cardinals.items(), *self.scales.items(), *self.collective.items()]:
            for form in forms:
                if owner.setdefault(form, value) != value:
                    found.append(f"'{form}' stands for both {owner[form]} and {value}")
        return found


@cache
def numerals(language: str) -> NumeralRules:
    """The number words of a language."""
    return load(language, "numerals", NumeralRules)
