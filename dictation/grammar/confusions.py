"""Schema of `grammars/*/confusions.yaml`: what recognisers typically print for headings and units."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.rules import Rules, load


class Confusion(Rules):
    """`heard` wordings stand for `meant`; with `before`, only where the next word begins with one of these; with
    `alone`, only between marks that the recogniser put."""

    meant: str = Field(min_length=2)
    heard: tuple[str, ...] = Field(min_length=1)
    before: tuple[str, ...] = ()
    alone: bool = False


class ConfusionFile(Rules):
    confusions: tuple[Confusion, ...]

    def problems(self) -> list[str]:
        owner: dict[tuple[str, tuple[str, ...], bool], str] = {}
        found = []
        for entry in self.confusions:
            for heard in entry.heard:
                if heard == entry.meant:
                    found.append(f"'{heard}' stands for itself")
                if owner.setdefault((heard, entry.before, entry.alone), entry.meant) != entry.meant:
                    first = owner[heard, entry.before, entry.alone]
                    found.append(f"'{heard}' stands for both {first} and {entry.meant}")
        return found


@cache
def confusions(language: str) -> tuple[Confusion, ...]:
    """All confusions of a language."""
    return load(language, "confusions", ConfusionFile).confusions
