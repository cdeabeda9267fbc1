"""Schema of `grammars/*/terms.yaml`: clinical vocabulary that is in no other lexicon, for repairing mishearings."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load

Topics = dict[str, tuple[str, ...]]


class Terms(Rules):
    """The words of notes, by topic.

    `words` are nouns and adjectives in the nominative: their case forms are derived. `forms` are said only as they
    stand (verbs, short adjectives, adverbs). `phrases` are two to four words, nominative; adjectives and head noun
    are put into the cases. `leading` are small words that a recogniser runs together with the next, `leading_oblique`
    those of them that take no nominative, `trailing` such words after one. `first` and `last` are headings and names
    of measurements that are run together with what follows, or with what stands before. `doses` follow a drug where
    it is prescribed, besides the units; `before_drugs` stand shortly before one without a dose. `guarded` words, and
    words that begin with `guarded_beginnings`, turn a meaning round; `opposites` are beginnings that must not be
    taken for each other. `frame` words stand around numbers and never become a part of something else.
    """

    words: Topics
    forms: Topics
    phrases: Topics
    leading: tuple[str, ...]
    leading_oblique: tuple[str, ...]
    trailing: tuple[str, ...]
    first: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    doses: tuple[str, ...]
    before_drugs: tuple[str, ...]
    guarded: tuple[str, ...]
    guarded_beginnings: tuple[str, ...]
    opposites: tuple[tuple[str, str], ...] = ()
    frame: tuple[str, ...] = ()

    def problems(self) -> list[str]:
        found = []
        for name, topics in (("words", self.words), ("forms", self.forms)):
            found += [f"{name}: '{word}' is a phrase" for words in topics.values() for word in words if " " in word]
        return found


@cache
def terms(language: str) -> Terms:
    """The clinical vocabulary of a language."""
    return load(language, "terms", Terms)
