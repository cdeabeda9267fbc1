"""Schema of `grammars/*/commands.yaml`: what a doctor says to the program, not to the record."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.rules import Rules, load

Phrases = tuple[str, ...]


class Mark(Rules):
    """A punctuation mark and how it is said; `heard` is what recognisers make of that, `cut` what is left of it
    where its beginning was lost together with the end of the word before."""

    mark: str = Field(min_length=1, max_length=1)
    said: Phrases = Field(min_length=1)
    heard: Phrases = ()
    cut: Phrases = ()


class Command(Rules):
    """A command of the editor or of the live session, by its kind."""

    kind: str
    said: Phrases = Field(min_length=1)


class CommandRules(Rules):
    """Spoken commands. `point_after` and `point_before` are the words beside which the word for a full stop is a
    word of its own, `point_adjectives` the endings of what may belong to it. `fillers` are small words that are
    heard beside a mark and are only a sound of its name. `escape` prints the command that
    follows it; `go_to` is followed by the name of a field,
    `go_to_bare` by one of `field_names`, between two pauses or marks."""

    marks: tuple[Mark, ...]
    breaks: tuple[Command, ...]
    point_after: Phrases
    point_before: Phrases
    point_adjectives: Phrases
    fillers: Phrases
    escape: Phrases
    live: tuple[Command, ...]
    go_to: Phrases
    go_to_bare: Phrases
    field_names: Phrases

    def problems(self) -> list[str]:
        owner: dict[str, str] = {}
        found = []
        said = [(mark.mark, phrase) for mark in self.marks for phrase in (*mark.said, *mark.heard)]
        said += [(command.kind, phrase) for command in (*self.breaks, *self.live) for phrase in command.said]
        for meaning, phrase in said:
            if owner.setdefault(phrase, meaning) != meaning:
                found.append(f"'{phrase}' means both {owner[phrase]} and {meaning}")
        return found


@cache
def commands(language: str) -> CommandRules:
    """The commands of a language."""
    return load(language, "commands", CommandRules)
