"""Schema of `grammars/*/headings.yaml`: what opens a section of a dictated note."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from dictation.grammar.rules import Rules, load

Role = Literal["main", "complication", "comorbid", "preliminary"]


class Title(Rules):
    """A spoken heading. `weight` 3 opens a section wherever it is heard, 2 needs the usual order of a note or a
    pause beside it, 1 is a common word and needs both. `role` is that of the diagnosis which follows. Words
    after a bar in `say` belong to the section's text already ("явка | через"). Each of `first` may stand before
    every wording, and where `then` is given one of it always follows."""

    say: tuple[str, ...] = Field(min_length=1)
    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    weight: int = Field(ge=1, le=3)
    role: Role | None = None

    def wordings(self) -> list[str]:
        """All that it may say, each once."""
        return [
            " ".join(part for part in (first, say, then) if part)
            for say in self.say
            for first in ("", *self.first)
            for then in self.then or ("",)
        ]


class Opener(Rules):
    """Words of prose that begin a section ("обратился с жалобами на", "назначаю"), as forms or lemmas. With `cut`
    the value begins after them, and what stands before them in the clause is left out too; without it they stay.
    `at` says where they count: at the start of a clause, or anywhere in it."""

    say: tuple[str, ...] = Field(min_length=1)
    cut: bool = True
    at: Literal["start", "anywhere"] = "start"
    role: Role | None = None


class Cue(Rules):
    """Words that speak for a section by content, as forms or lemmas, and how strongly."""

    say: tuple[str, ...] = Field(min_length=1)
    weight: float


class SectionRule(Rules):
    """One kind of section. `infinitive` is the weight of an infinitive in a clause ("не мочить")."""

    kind: str
    titles: tuple[Title, ...] = ()
    openers: tuple[Opener, ...] = ()
    cues: tuple[Cue, ...] = ()
    infinitive: float = 0


class Dated(Rules):
    """A date that leads to a clause: a preposition, the number, the noun ("в 2019 году"), or a month ("в марте")."""

    preposition: tuple[str, ...]
    noun: str
    months: tuple[str, ...] = ()


class Headings(Rules):
    """Sections in the usual order of a note.

    `not_after` and `not_before` are lemmas or forms that make a title part of a sentence ("лечение получал"; a
    title of weight 3 minds only what stands before it). After a title with a role or of weight 1 one of `denials`
    does the same ("сопутствующие заболевания отрицает"). `lead` are words that may stand before an opener at the
    start of its clause ("теперь назначаю"), `lead_bare` the fewer that surely do where no marks part the clauses,
    `dated` the shape of a year before it. After one of `negative_particles` the verb is looked at, unless it is of
    `being` ("аллергия: не было"). `negations` are never heard as part of a title that does not say them. `any_of`
    are nouns that make a heading with any adjective, and the section it opens ("страховой анамнез"). `time` are the
    nouns of a span of time, `ages` those that an age is told in; `introducing` are words beside them that say who the
    patient is and how he came.
    """

    sections: tuple[SectionRule, ...]
    not_after: tuple[str, ...] = ()
    not_before: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    lead_bare: tuple[str, ...] = ()
    negative_particles: tuple[str, ...] = ()
    denials: tuple[str, ...] = ()
    negations: tuple[str, ...] = ()
    any_of: dict[str, str] = Field(default_factory=dict)
    being: tuple[str, ...] = ()
    time: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    introducing: tuple[str, ...] = ()
    dated: Dated

    def problems(self) -> list[str]:
        owner: dict[str, str] = {}
        found = []
        for section in self.sections:
            for title in section.titles:
                for say in title.wordings():
                    if say in owner:
                        found.append(f"'{say}' opens both {owner[say]} and {section.kind}")
                    owner.setdefault(say, section.kind)
        kinds = {section.kind for section in self.sections}
        found += [
            f"'{noun}' opens '{kind}', which is no section" for noun, kind in self.any_of.items() if kind not in kinds
        ]
        return found


@cache
def headings(language: str) -> Headings:
    return load(language, "headings", Headings)
