"""Schema of `grammars/*/sounds.yaml`: how a language sounds, for finding what was meant by how it was heard."""

from __future__ import annotations

import re
from functools import cache

from pydantic import Field, field_validator

from dictation.grammar.rules import Rules, load

Rule = tuple[str, str] | tuple[str, str, str]


class Sounds(Rules):
    """Rewriting rules from letters to sounds, and how far sounds are apart.

    `word` and `joined` are applied in order, `word` to each word, `joined` to the words run together: pairs of a
    regular expression and its replacement, or a regular expression with letters and the letters that come for them
    in what it matches. Many stretches of words are rewritten at once, a line each: `^` and `$` are the ends of one,
    and no pattern may match a line break. `alike` gives, for a cost, the pairs of sounds that cost it when one is
    taken for the other (1 = nothing in common), `drop` the sounds that cost it when lost or added; every other pair
    costs `consonant`, `vowel` or `mixed`. `classes` are the consonants that the index holds for one.
    """

    word: tuple[Rule, ...]
    joined: tuple[Rule, ...]
    vowels: str = Field(min_length=1)
    alike: dict[float, tuple[str, ...]]
    drop: dict[float, str]
    consonant: float = Field(gt=0)
    vowel: float = Field(gt=0)
    mixed: float = Field(gt=0)
    classes: tuple[str, ...]

    @field_validator("word", "joined")
    @classmethod
    def _compiles(cls, rules: tuple[Rule, ...]) -> tuple[Rule, ...]:
        for pattern, *change in rules:
            try:
                re.compile(pattern).sub(change[0], "")
            except re.error as error:
                raise ValueError(f"'{pattern}' → '{change[0]}': {error}") from error
            if re.search(pattern, "\n"):
                raise ValueError(f"'{pattern}' matches a line break")
            if len(change) == 2 and len(change[0]) != len(change[1]):
                raise ValueError(f"'{pattern}': '{change[0]}' and '{change[1]}' differ in length")
        return rules

    def problems(self) -> list[str]:
        pairs_given = [pair for pairs in self.alike.values() for pair in pairs]
        found = [f"alike: '{pair}' is not a pair" for pair in pairs_given if len(pair) != 2]
        seen: set[frozenset[str]] = set()
        for pair in map(frozenset, pairs_given):
            if pair in seen:
                found.append(f"alike: '{''.join(sorted(pair))}' stands twice")
            seen.add(pair)
        letters = "".join(self.classes)
        found += [f"classes: '{sound}' stands twice" for sound in sorted(set(letters)) if letters.count(sound) > 1]
        return found


@cache
def sounds(language: str) -> Sounds:
    """The sounds of a language."""
    return load(language, "sounds", Sounds)
