"""Schema of `grammars/*/cues.yaml`: words that say whether a finding is there."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load


class Reach(Rules):
    """Cues by where their findings stand: `before` them, `after` them, or on either side."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    around: tuple[str, ...] = ()


class Dated(Rules):
    """The shape of a date or an age: a preposition, a number, one of the nouns ("в 2019 году")."""

    preposition: tuple[str, ...]
    nouns: tuple[str, ...]


class Cues(Rules):
    """Cues of each assertion, as forms or lemmas. `particles` deny the verb that follows; `pseudo` phrases hold a cue
    and deny nothing; a relative with one of `told_by`, or in a `told` phrase, only tells; a `possessive`
    preposition before a relative reaches back ("инсульт у матери"); `contacts` are before what others have;
    `persons` verbs say what a person has or had, the gender of `patients` is the patient's; `terminators` end the
    reach of a cue. Verbs of `existence` deny a genitive ("не было"), `transitive` ones a genitive or an
    accusative. In `past_sections` a finding is of the past unless it is `lasting`; a `dated` one is so anywhere.
    `actions` are verbs with the noun for what they deny ("не лечился": no "лечение").
    """

    absent: Reach
    possible: Reach
    historical: Reach
    family: Reach
    particles: tuple[str, ...]
    pseudo: tuple[str, ...]
    possessive: tuple[str, ...]
    contacts: tuple[str, ...]
    persons: tuple[str, ...]
    patients: tuple[str, ...]
    told_by: tuple[str, ...]
    told: tuple[str, ...]
    terminators: tuple[str, ...]
    existence: tuple[str, ...]
    transitive: tuple[str, ...]
    past_sections: tuple[str, ...]
    lasting: tuple[str, ...]
    dated: Dated
    actions: dict[str, str]

    def problems(self) -> list[str]:
        denied = {*self.absent.before, *self.absent.after, *self.absent.around}
        return [f"'{cue}' is both a denial and none" for cue in self.pseudo if cue in denied]


@cache
def cues(language: str) -> Cues:
    return load(language, "cues", Cues)
