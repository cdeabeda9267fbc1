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
    """Words that speak for a section by content, as forms or lemmas, and how strongly; with a `weight` of 0 they only
    keep a part of them from speaking for another ("нельзя исключить"). `doubtful` words name what may be told in
    the history of the illness and in that of the life."""

    say: tuple[str, ...] = Field(min_length=1)
    weight: float
    doubtful: bool = False


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


class NextVisit(Rules):
    """When to come back, said without a heading. `announced` are wordings that mean nothing else ("ко мне", "жду"),
    `named` those that may be of another matter ("приём", "контроль"); words of `led` may stand before them, of
    `whom` behind ("посмотрю | его"). A time is one of `days`, or one of `spans` behind one of `before` ("через
    неделю", "в среду"); alone behind it one of `alternate` says how often. `often` does so too. What is `announced`
    may also come `loosely` ("с результатами"). `section` is the kind that all this is."""

    section: str
    announced: tuple[str, ...] = Field(min_length=1)
    named: tuple[str, ...] = Field(min_length=1)
    led: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()
    days: tuple[str, ...] = Field(min_length=1)
    loosely: tuple[str, ...] = Field(min_length=1)
    before: tuple[str, ...] = Field(min_length=1)
    spans: tuple[str, ...] = Field(min_length=1)
    alternate: tuple[str, ...] = ()
    often: str


class Results(Rules):
    """How the name of an examination tells a result instead of an order: behind one of `led_by` ("по"), behind one
    of `within` in the prepositional case ("на УЗИ"), before `dated` and a date, before a number that none of
    `not_before` follows ("2 раза"). It then has these `weights` and speaks not for the section `not_for`."""

    not_for: str
    led_by: tuple[str, ...]
    within: tuple[str, ...]
    dated: str
    not_before: tuple[str, ...]
    weights: dict[str, float]


class Taking(Rules):
    """Verbs of what the patient takes already: doses behind them speak not for the section `not_for`."""

    say: tuple[str, ...] = Field(min_length=1)
    not_for: str


class Lasting(Rules):
    """Verbs that with their subject before them and a span of time behind tell how long it lasts ("боли беспокоят
    третий год"), and the section this speaks for. A span is one of `spans` behind a number, an adjective but those
    of `not_behind`, or one of `since`; words of `alone` are one by themselves."""

    say: tuple[str, ...] = Field(min_length=1)
    kind: str
    weight: float
    spans: tuple[str, ...]
    since: tuple[str, ...]
    not_behind: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


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
    patient is and how he came. `planned` are the kinds of section that say what is to be done, `history`
    those that tell what was, `doubted` those of them that a doubtful cue leaves to choose between. A drug's name
    before a verb of `changing` begins the clause ("лизиноприл увеличиваю").
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
    planned: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    doubted: tuple[str, ...] = ()
    dated: Dated
    next_visit: NextVisit
    results: Results
    changing: tuple[str, ...]
    taking: Taking
    lasting: Lasting

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
