"""Prescriptions against what was said of allergies, and against each other."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dictation.clinical import facts
from dictation.clinical.facts import Allergy, Medication
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason
from dictation.grammar.drugs import Drug, drugs


def check_prescriptions(draft: Draft) -> Iterator[Doubt]:
    """A drug that meets a dictated allergy, by name or by class."""
    lexicon = _lexicon(draft.language)
    allergens = _allergens(draft, lexicon)
    for entry in draft.filled_by("medications"):
        for index, fact in enumerate(entry.facts):
            if isinstance(fact, Medication) and allergens & lexicon.kinds(fact.name):
                yield Doubt(Reason.ALLERGY, entry.item.key, index)


class _Lexicon:
    """Drugs by every name they have."""

    def __init__(self, language: str) -> None:
        self._drugs: dict[str, Drug] = {wording: drug for drug in drugs(language) for wording in drug.spoken}

    def kinds(self, name: str) -> set[str]:
        """The substance itself, its components and the classes of them all."""
        found = {name.lower()}
        for part in [name.lower(), *(part.strip() for part in name.lower().split("+"))]:
            drug = self._drugs.get(part)
            if drug is not None:
                found |= {drug.name, *drug.components, *drug.classes}
                for component in drug.components:
                    found |= set(self._drugs[component].classes) if component in self._drugs else set()
        return found


@cache
def _lexicon(language: str) -> _Lexicon:
    return _Lexicon(language)


def _allergens(draft: Draft, lexicon: _Lexicon) -> set[str]:
    found: set[str] = set()
    for allergy in facts.get(draft.doc, Allergy):
        if allergy.substance and not allergy.denied:
            found |= lexicon.kinds(allergy.substance) | {kind.lower() for kind in allergy.classes}
    for drug in facts.get(draft.doc, Medication):
        if drug.intent == "allergy":
            found |= lexicon.kinds(drug.name)
    return found
