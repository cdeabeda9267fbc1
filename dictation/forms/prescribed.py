"""A prescription put together by hand: its words from its parts, and what is to be doubted about it."""

from __future__ import annotations

from functools import cache
from typing import Any

from dictation.clinical.drug_names import drug_names
from dictation.clinical.posology import Posology
from dictation.forms.page import number
from dictation.forms.reasons import Reason, reason
from dictation.forms.record import MedicationItem
from dictation.grammar.labels import labels
from dictation.grammar.prescriptions import prescriptions


def compose(parts: dict[str, Any], language: str) -> str:
    """The words of a prescription: what a form prints where nobody said or typed them."""
    words = labels(language)
    amount = " ".join(number(part) for part in (parts["dose"], parts["unit"]) if part is not None)
    strength = f"({parts['strength']})" if parts["strength"] else None
    times = parts["times_per_day"]
    days = parts["duration_days"]
    told = (
        parts["name"],
        parts["form"],
        strength,
        amount or None,
        parts["route"],
        f"{number(times)} {words.times_per_day(times)}" if times is not None else None,
        parts["timing"],
        parts["condition"] or (words.as_needed if parts["as_needed"] else None),
        f"{days} {words.days}" if days is not None else None,
    )
    return " ".join(str(part) for part in told if part)


def doubts_of(item: MedicationItem, language: str) -> list[Reason]:
    """An unknown drug, a dose that it is not given in, a prescription without amount or without how often."""
    posology = _posology(language)
    words = item.name.split()
    named = [name for name in drug_names(language).find(words) if name.drug is not None]
    drug = named[0].drug if named else None
    found = [] if drug else [Reason.UNKNOWN_DRUG]
    unit = posology.unit(item.unit) if item.unit else None
    if item.dose is None and drug is not None and drug.dose and not item.strength:
        found.append(Reason.NO_DOSE)
    if item.dose is not None and item.unit is None:
        found.append(Reason.NO_UNIT)
    elif item.unit is not None and unit is None:
        found.append(Reason.UNUSUAL_UNIT)
    if item.dose is not None and unit is not None:
        found += [reason(code) for code in posology.dose_doubts(drug, item.dose, unit)]
    if any(part is not None and part <= 0 for part in (item.dose, item.times_per_day, item.duration_days)):
        found.append(Reason.UNUSUAL_DOSE)
    if item.times_per_day is None and not item.as_needed:
        found.append(Reason.UNCERTAIN)
    return list(dict.fromkeys(found))


@cache
def _posology(language: str) -> Posology:
    return Posology(prescriptions(language))
