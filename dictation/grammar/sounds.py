"""Schema of `grammars/*/sounds.yaml`: how a language sounds, for finding what was meant by how it was heard."""

from __future__ import annotations

import re
from functools import cache

from pydantic import Field, field_validator

from dictation.grammar.rules import Rules, load


class Sounds(Rules):
    """Rewriting rules from letters to sounds, and how far sounds are apart.

    `word` and `joined` are pairs of a regular expression and its replacement, applied in order: `word` to each word,
    `joined` to the words run together. `alike` gives, for a cost, the pairs of sounds that cost it when one is taken
    for the other (1 = nothing in common), `drop` the sounds that cost it when lost or added; every other pair costs
    `consonant`, `vowel` or `mixed`. `classes` are the consonants that the index holds for one.
    """

    word: tuple[tuple[str, str], ...]
    joined: tuple[tuple[str, str], ...]
    vowels: str = Field(min_length=1)
    alike: dict[float, tuple[str, ...]]
    drop: dict[float, str]
    consonant: float = Field(gt=0)
    vowel: float = Field(gt=0)
    mixed: float = Field(gt=0)
    classes: tuple[str, ...]

    @field_validator("word", "joined")
    @classmethod
    def _compiles(cls, rules: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        for pattern, replacement in rules:
            try:
                re.compile(pattern).sub(replacement, "")
            except re.error as error:
                raise ValueError(f"'{pattern}' → '{replacement}': {error}") from error
        return rules

    def problems(self) -> list[str]:
        found = [f"alike: '{pair}' is not a pair" for pairs in self.alike.values() for pair in pairs if len(pair) != 2]
        seen: set[frozenset[str]] = set()
        for pairs in self.alike.values():
            for pair in map(frozenset, pairs):
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
