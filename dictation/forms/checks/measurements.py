"""Measurements against each other, against the patient's age, and against the form."""

from __future__ import annotations

from collections.abc import Iterator

from dictation.clinical.facts import Measurement
from dictation.forms.codes import known_measurements
from dictation.forms.draft import Doubt, Draft, Entry
from dictation.forms.reasons import Reason


def check_measurements(draft: Draft) -> Iterator[Doubt]:
    """Values that no patient of this age has, that contradict each other, or that are not in the form's unit."""
    age = draft.context.age()
    for entry in draft.filled_by("measurement"):
        readings = _values(entry)
        measure = known_measurements()[entry.item.binding.detail] if entry.item.binding else None
        if measure and any(not measure.plausible(value, age) for value in readings):
            yield Doubt(Reason.OUT_OF_RANGE, entry.item.key)
        if len(set(readings)) > 1:
            yield Doubt(Reason.CONTRADICTION, entry.item.key)
        units = {fact.unit for fact in entry.facts if isinstance(fact, Measurement)} - {None}
        if entry.item.unit is not None and units - {entry.item.unit}:
            yield Doubt(Reason.UNIT_MISMATCH, entry.item.key)
    yield from _pressure(draft)


def _pressure(draft: Draft) -> Iterator[Doubt]:
    """The lower pressure is lower."""
    upper, lower = (list(draft.filled_by("measurement", kind)) for kind in ("systolic", "diastolic"))
    for one in upper:
        for other in lower:
            high, low = _values(one)[:1], _values(other)[:1]
            if high and low and high[0] <= low[0]:
                yield Doubt(Reason.CONTRADICTION, one.item.key)
                yield Doubt(Reason.CONTRADICTION, other.item.key)


def _values(entry: Entry) -> list[float]:
    return [fact.value for fact in entry.facts if isinstance(fact, Measurement) and fact.value is not None]
