"""A value entered by hand, from JSON to a change of a record: checked, and read where it is plain text.

A number and a text are taken as they are. A text that findings are told in is read by the clinical pipeline as if it
had been said into its field; so is a plain text for a field that holds a list, line by line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from dictation.errors import UsageError
from dictation.forms.confirmed import confirmed_names
from dictation.forms.contents import ALLERGIES, FINDINGS, dictated_digest, field_value, item_says, items_value
from dictation.forms.entries import Entries
from dictation.forms.fields import plain
from dictation.forms.overlay import undecided
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reading import Read, read_allergies, read_findings, read_text
from dictation.forms.record import AllergyItem, Change, Field, FindingItem, ReadFromText, Record
from dictation.forms.review import changed, dictated, without

ItemT = TypeVar("ItemT", bound=BaseModel)
Apart = Literal["findings", "allergies"]
Json = dict[str, Any]

MOST_CHARACTERS, MOST_ITEMS, MOST_NUMBER = 20_000, 200, 1e6

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def entered(
    record: Record, form: Form, key: str, value: Any, *, chosen: bool = False, by: str, at: datetime, read: Read
) -> Record:
    """The record with a value entered by `by`: of a field, or `findings`, `allergies`.

    `value` is a text, a number, a list of items as a record has them (what the program is to find out may be left
    out), or, for a list, plain text; None or an empty one empties the field. `chosen`: picked from what was offered.
    UsageError says what is wrong with it.
    """
    item = next((item for item in form.items if item.key == key), None)
    apart: Apart | None = FINDINGS if key == FINDINGS else ALLERGIES if key == ALLERGIES else None
    if apart and (item is None or isinstance(value, list)):
        return changed(record, form, _apart(record, form, apart, value, read, chosen=chosen, by=by, at=at))
    if item is None or key not in record.fields:
        raise UsageError(f"record {record.id}: no field '{key}'")
    as_dictated = dictated(record)
    understood = None
    match item.kind:
        case "number":
            now: Any = _number(value, item)
        case "text":
            now = _text(value, key)
            understood = read_text(now, item, record, as_dictated, read) if now else ReadFromText()
        case _:
            now = Entries(record, form, item, read).items(_given(value, key)) or None
    before = as_dictated.fields[key]
    told = {"before": field_value(before), "value": now, "seen": dictated_digest(before), "read": understood}
    change = Change.model_validate({"field": key, "chosen": chosen, "by": by, "at": at, **told})
    return changed(record, form, _leaving_undecided(record, before, change))


def _leaving_undecided(record: Record, before: Field, change: Change) -> Change:
    """A change of a list, as one of what was dictated when it was set last where more was dictated since that neither
    this change takes in nor a doctor has confirmed to stay out."""
    last = next((each for each in record.review.changes if (each.of, each.field) == ("field", change.field)), None)
    if last is None or change.field in confirmed_names(record):
        return change
    left = [
        item.model_dump(mode="json") for item in undecided(before, last.model_copy(update={"value": change.value}))
    ]
    if not left or not isinstance(change.before, list):
        return change
    return change.model_copy(
        update={"before": [item for item in change.before if item not in left], "seen": last.seen}
    )


def _number(value: Any, item: Item) -> float | int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UsageError(f"{item.key}: not a number")
    if not -MOST_NUMBER <= value <= MOST_NUMBER:
        raise UsageError(f"{item.key}: not a number that is measured")
    if item.type == "integer" and not float(value).is_integer():
        raise UsageError(f"{item.key}: must be a whole number")
    return plain(value)


def _text(value: Any, key: str) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise UsageError(f"{key}: must be a text")
    if len(value) > MOST_CHARACTERS:
        raise UsageError(f"{key}: longer than {MOST_CHARACTERS} characters")
    return _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip() or None


def _given(value: Any, key: str) -> list[str | Json]:
    """Plain lines, and items in the record's shape."""
    if value is None:
        return []
    listed = (_text(value, key) or "").splitlines() if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(item, str | dict) for item in listed):
        raise UsageError(f"{key}: must be a text or a list of items")
    if len(listed) > MOST_ITEMS:
        raise UsageError(f"{key}: more than {MOST_ITEMS} items")
    return [_clean(item, key) for item in listed if item and not (isinstance(item, str) and item.isspace())]


def _clean(item: str | Json, key: str) -> str | Json:
    if isinstance(item, str):
        return " ".join((_text(item, key) or "").split())
    return {name: _text(part, f"{key}.{name}") if isinstance(part, str) else part for name, part in item.items()}


def _apart(record: Record, form: Form, key: Apart, value: Any, read: Read, **told: Any) -> Change:
    """The record's findings or allergies."""
    as_dictated, standing = dictated(record), without(record, form, key)
    given = _given(value, key)
    if key == FINDINGS:
        before = items_value(standing.findings)
        findings = [*record.findings, *as_dictated.findings]
        now = _items(given, FindingItem, findings, lambda line: read_findings(line, form, record, read))
    else:
        before = items_value(standing.allergies)
        allergies = [*record.allergies, *as_dictated.allergies]
        now = _items(given, AllergyItem, allergies, lambda line: read_allergies(line, form, record, read))
    return Change(field=key, of=key, before=before, value=now, **told)


def _items(
    given: list[str | Json], kind: type[ItemT], known: Sequence[ItemT], read_line: Callable[[str], list[ItemT]]
) -> JsonValue:
    """What was entered, plain lines read. An item that says the same as one that is `known` stays that one."""
    found: list[ItemT] = []
    for each in given:
        found += read_line(each) if isinstance(each, str) else [_item(each, kind, known)]
    return items_value(found)


def _item(given: Json, kind: type[ItemT], known: Sequence[ItemT]) -> ItemT:
    try:
        item = kind.model_validate({**given, "evidence": [], "check": []})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise UsageError(f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    says = item_says(item)
    return next((each for each in known if item_says(each) == says), item)
