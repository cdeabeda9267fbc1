"""What was said of allergies: understood, and where a doctor looks for it."""

from __future__ import annotations

from collections.abc import Iterator

from dictation.clinical import facts
from dictation.clinical.facts import Allergy, Fact, Medication, Section
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason
from dictation.forms.risk import is_word
from dictation.language.written import join

_ALLERGIES = "allergies"


def check_allergies(draft: Draft) -> Iterator[Doubt]:
    """Words about allergies of which nothing was understood: no prescription could be held against them. And what was
    said of allergies in another section: shown at the field of allergies, or at the record of a form without one."""
    understood: list[Fact] = [
        *facts.get(draft.doc, Allergy),
        *(drug for drug in facts.get(draft.doc, Medication) if drug.intent == "allergy"),
    ]
    entries = list(draft.filled_by("section", _ALLERGIES))
    for entry in entries:
        for index, section in enumerate(entry.facts):
            said = any(is_word(token) for token in draft.tokens(section))
            if said and not any(section.start <= fact.start < section.end for fact in understood):
                yield Doubt(Reason.NOT_UNDERSTOOD, entry.item.key, index)
    key = entries[0].item.key if entries else None
    shown = 0
    for fact in _elsewhere(draft, understood):
        if fact.start >= shown:
            text = join(draft.tokens(fact))
            yield Doubt(Reason.ALLERGY_ELSEWHERE, key, text=text, start=fact.start, end=fact.end)
            shown = fact.end


def _elsewhere(draft: Draft, understood: list[Fact]) -> list[Fact]:
    """Facts outside the section of allergies, but for a drug that a fact inside it names too."""
    sections = [section for section in facts.get(draft.doc, Section) if section.kind == _ALLERGIES]
    inside = [fact for fact in understood if any(s.start - s.heading <= fact.start < s.end for s in sections)]
    named = {fact.name for fact in inside if isinstance(fact, Medication)}
    outside = (fact for fact in understood if fact not in inside)
    return sorted(
        (fact for fact in outside if not (isinstance(fact, Medication) and fact.name in named)),
        key=lambda fact: (fact.start, -fact.end),
    )
