"""What a part of a record says, apart from how it was heard: for comparing, and for telling that it has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, get_args

from pydantic import BaseModel, JsonValue

from dictation.forms.record import Field, Record, Status

FINDINGS: Final = "findings"
ALLERGIES: Final = "allergies"
NOTICES: Final = "notices"
CONTEXT: Final = "context"
"""Parts of a record beside its fields, as changes and confirmations name them."""

# How it was heard and what was offered: the same value may be heard in another way.
_HEARD = frozenset({"evidence", "confidence", "candidates", "alternatives"})
_JUDGED = frozenset({"reasons", "check"})
# The status of a value is how it was judged; that of a finding ("absent") is what was said.
_JUDGEMENTS = frozenset(get_args(Status))


def field_value(field: Field) -> JsonValue:
    """The value of a field as JSON; None where it holds nothing."""
    value: JsonValue = field.model_dump(mode="json")["value"]
    return value


def shown_value(record: Record, name: str) -> JsonValue:
    """What a doctor sees under a name: the value of the field, else the record's list of findings, allergies or
    notices. KeyError where there is neither."""
    if name in record.fields:
        return field_value(record.fields[name])
    lists: dict[str, Sequence[BaseModel]] = {
        FINDINGS: record.findings,
        ALLERGIES: record.allergies,
        NOTICES: record.notices,
    }
    return items_value(lists[name])


def items_value(items: Iterable[BaseModel]) -> JsonValue:
    """Findings or allergies as JSON."""
    return [item.model_dump(mode="json") for item in items]


def said(value: Any) -> Any:
    """A value without how it was heard and how it was judged."""
    return _without(value, _HEARD | _JUDGED, _JUDGEMENTS)


def item_says(item: BaseModel) -> Any:
    """What an item of a list says: the same for one that was heard or judged otherwise."""
    return said(item.model_dump(mode="json"))


def part(record: Record, name: str) -> Any:
    """A part of a record as one confirms it: the value, the other readings, the reasons to look at it. Empty where it
    has none."""
    # A form may have a field that is called as a list of the record is ("allergies"): the name stands for both.
    shown: dict[str, Any] = {}
    if name in record.fields:
        field = record.fields[name]
        shown["field"] = field.model_dump(mode="json")
        shown["others"] = _others(field)
    if name in (FINDINGS, ALLERGIES, NOTICES):
        shown["list"] = items_value(getattr(record, name))
    return _without(shown, _HEARD)


def digest(record: Record, name: str) -> str:
    """SHA-256 of a part as it is confirmed."""
    return _sha256(part(record, name))


def dictated_digest(field: Field) -> str:
    """SHA-256 of what was dictated for a field: its value and the other readings, however well they were heard."""
    return _sha256([said(field_value(field)), _without(_others(field), frozenset())])


def _others(field: Field) -> list[Any]:
    return [alternative.value for alternative in field.alternatives]


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _without(value: Any, keys: frozenset[str], statuses: frozenset[str] = frozenset()) -> Any:
    match value:
        case dict():
            return {
                key: _without(inner, keys, statuses)
                for key, inner in value.items()
                if key not in keys and not (key == "status" and isinstance(inner, str) and inner in statuses)
            }
        case list():
            return [_without(inner, keys, statuses) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
