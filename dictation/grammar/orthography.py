"""Schema of `grammars/*/orthography.yaml`: abbreviations in capitals and abbreviations with a dot."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load


class OrthographyRules(Rules):
    """`capitals` are written as they stand there, `spelled` gives the ways an abbreviation is said letter by
    letter, `dotted` keep their dot."""

    capitals: tuple[str, ...]
    spelled: dict[str, tuple[str, ...]]
    dotted: tuple[str, ...]

    def problems(self) -> list[str]:
        return [f"'{word}' stands twice" for word in set(self.capitals) if self.capitals.count(word) > 1]


@cache
def orthography(language: str) -> OrthographyRules:
    """The rules of a language."""
    return load(language, "orthography", OrthographyRules)
