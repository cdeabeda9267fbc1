"""Nothing is lost without a word: what was said and stands in no field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from dictation.clinical import facts
from dictation.clinical.facts import Section
from dictation.clinical.introductions import Introductions
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason
from dictation.forms.risk import is_word, risk
from dictation.grammar.checks import CheckRules, Stray, check_rules
from dictation.grammar.headings import headings
from dictation.language.written import Token, join

_STOPS = frozenset({".", ";", "?", "!"})


def check_coverage(draft: Draft) -> Iterator[Doubt]:
    """Stretches of words that no field holds: at the field that should have, else at the record."""
    rules = check_rules(draft.language)
    sections = facts.get(draft.doc, Section)
    taken = _taken(draft, sections)
    owner = [""] * len(draft.written.tokens)
    for section in sections:
        owner[section.start : section.end] = [section.kind] * (section.end - section.start)
    for start, end in _stretches(taken, owner):
        tokens = draft.written.tokens[start:end]
        if not any(_matters(token, rules) for token in tokens):
            continue
        who = _introductions(draft.language)
        if not owner[start] and who.names(draft.doc, start, end) and who.only(draft.doc, start, end):
            continue
        text = join(tokens).strip(" .,:;-–—")
        key = _field_of(owner[start] or _nearest(sections, start), draft, rules)
        yield Doubt(Reason.UNREAD_TEXT if key else Reason.UNPLACED_TEXT, key, text=text, start=start, end=end)


def check_strays(draft: Draft) -> Iterator[Doubt]:
    """A diagnosis or a prescription of which nothing was understood, its words left in the examination: shown where
    it is missing."""
    tokens = draft.written.tokens
    strays = check_rules(draft.language).strays
    for source, stray in strays.items():
        others = frozenset(word for other in strays.values() if other is not stray for word in other.words)
        for entry in draft.filled_by(source):
            for section in facts.get(draft.doc, Section) if not entry.facts else ():
                place = _stray(draft, section, stray, others)
                if place is not None:
                    start, end = _sentence(tokens, section, place)
                    text = join(tokens[start:end]).strip(" .,:;-–—")
                    yield Doubt(Reason.UNREAD_TEXT, entry.item.key, text=text, start=start, end=end)
                    break


def _stray(draft: Draft, section: Section, stray: Stray, others: frozenset[str]) -> int | None:
    """The first word of a section that has no business there."""
    ahead = section.kind in stray.sections
    for place in range(section.start, section.end):
        word = draft.written.tokens[place].text.lower()
        ahead = ahead or (section.kind in stray.behind and word in others)
        if ahead and word in stray.words:
            return place
    return None


def _sentence(tokens: Sequence[Token], section: Section, place: int) -> tuple[int, int]:
    """The sentence of a section around a token."""
    start = place
    while start > section.start and tokens[start - 1].text not in _STOPS:
        start -= 1
    end = place + 1
    while end < section.end and tokens[end].text not in _STOPS:
        end += 1
    return start, end


def check_headings(draft: Draft) -> Iterator[Doubt]:
    """A negation or a side among the words of a heading belongs to what follows and would be lost with it."""
    rules = check_rules(draft.language)
    for entry in draft.filled_by("section"):
        for index, section in enumerate(entry.facts):
            heading = section.heading if isinstance(section, Section) else 0
            start, end = section.start - heading, section.start
            said = draft.written.tokens[start:end]
            if any(risk(token, rules) in {"negation", "side"} for token in said):
                yield Doubt(Reason.UNREAD_TEXT, entry.item.key, index, text=join(said), start=start, end=end)


def _taken(draft: Draft, sections: list[Section]) -> list[bool]:
    """For each token, whether it is a mark, a heading, or stands in a field."""
    taken = [not is_word(token) for token in draft.written.tokens]
    held = [(fact.start, fact.end) for entry in draft.entries for fact in entry.facts]
    headings = [(section.start - section.heading, section.start) for section in sections]
    for start, end in [*held, *headings]:
        taken[start:end] = [True] * (end - start)
    return taken


def _stretches(taken: list[bool], owner: list[str]) -> Iterator[tuple[int, int]]:
    """Runs of tokens that are not taken, each within one section."""
    start = None
    for index, done in enumerate([*taken, True]):
        if start is not None and (done or owner[index] != owner[start]):
            yield start, index
            start = None
        if start is None and not done:
            start = index


def _matters(token: Token, rules: CheckRules) -> bool:
    return is_word(token) and token.text.lower() not in rules.idle


@cache
def _introductions(language: str) -> Introductions:
    return Introductions(headings(language))


def _nearest(sections: list[Section], place: int) -> str:
    """The kind of the section that words in none lead to, else of the one before them."""
    following = (section.kind for section in sections if section.start >= place)
    return next(following, sections[-1].kind if sections else "")


def _field_of(section: str, draft: Draft, rules: CheckRules) -> str | None:
    source = rules.owners.get(section)
    entries = draft.filled_by(source) if source else draft.filled_by("section", section)
    return next((entry.item.key for entry in entries), None)
