"""What the texts of a record tell otherwise than the values beside them: one of both was changed by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from dictation.clinical.morphology import parses
from dictation.forms.contents import field_value
from dictation.forms.draft import Doubt
from dictation.forms.reasons import Reason
from dictation.forms.record import AllergyItem, Change, Evidence, FindingItem, NumberField, Record, TextField

_WORD = re.compile(r"\w+")


def numbers_told_otherwise(base: Record, now: Record, changes: Mapping[str, Change]) -> list[Doubt]:
    """Texts that tell another number than its field does: the one was changed and the other was not."""
    found = []
    for key, text in now.fields.items():
        if not isinstance(text, TextField):
            continue
        change = changes.get(key)
        if change is not None:
            numbers: dict[str, Any] = dict(change.read.numbers) if change.read else {}
            differ = any(_number(now, name) not in (None, value) for name, value in numbers.items())
        else:
            differ = any(
                any(inside(own, text.evidence) for own in base.fields[name].evidence)
                and field_value(base.fields[name]) != _number(now, name)
                for name in changes
                if isinstance(base.fields.get(name), NumberField)
            )
        if differ:
            found.append(Doubt(Reason.CONTRADICTION, key))
    return found


def allergies_left_out(base: Record, now: Record, changes: Mapping[str, Change]) -> dict[str, list[AllergyItem]]:
    """Substances that a text of the record tells and its list, set by hand, neither has nor denies by name: by the
    key of the field of that text."""
    listed = [dictionary_forms(each.substance) for each in now.allergies if each.substance]
    found = {}
    for key, text in now.fields.items():
        if not isinstance(text, TextField):
            continue
        read = changes[key].read if key in changes else None
        told = (
            read.allergies
            if read is not None
            else [each for each in base.allergies if within(each, base.fields[key].evidence)]
        )
        left = [
            each
            for each in told
            if each.substance
            and not each.denied
            and not any(dictionary_forms(each.substance) <= words for words in listed)
        ]
        if left:
            found[key] = left
    return found


def within(item: FindingItem | AllergyItem, places: Sequence[Evidence]) -> bool:
    """Whether a finding or an allergy was said inside these places."""
    return bool(item.evidence) and all(inside(own, places) for own in item.evidence)


def inside(place: Evidence, places: Sequence[Evidence]) -> bool:
    """Whether a place of the transcript lies in one of others."""
    return any(each.start_char <= place.start_char and place.end_char <= each.end_char for each in places)


def dictionary_forms(text: str) -> frozenset[str]:
    """The words of a text in their dictionary form, in any order."""
    return frozenset(parses(word)[0].normal_form for word in _WORD.findall(text.casefold()))


def _number(record: Record, key: str) -> float | int | None:
    field = record.fields.get(key)
    return field.value if isinstance(field, NumberField) else None
