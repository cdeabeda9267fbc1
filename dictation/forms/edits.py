"""What was changed by hand, told to people: what was dictated in its place, and who changed it."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue

from dictation.forms.questionnaire import Form
from dictation.forms.record import Change, Record
from dictation.grammar.labels import labels


def edits(record: Record) -> dict[str, Change]:
    """Changes of fields by their key."""
    return {change.field: change for change in record.review.changes if change.of == "field"}


def edit_line(change: Change, language: str) -> str:
    """ "изменено вручную: Петрова А. Б.; продиктовано: 36,6"."""
    words = labels(language)
    return f"{words.edited}: {change.by}; {words.dictated}: {shown(change.before) or '—'}"


def name_of(change: Change, form: Form, language: str) -> str:
    """What a change is of, for people: the label of a field, or of a part of the record."""
    own = {item.key: item.label(language) for item in form.items}
    parts = {str(part): text for part, text in labels(language).parts.items()}
    named = own if change.of == "field" else parts | {"context": labels(language).patient}
    return named.get(change.field, change.field)


def shown(value: JsonValue) -> str:
    """A value as a line of text."""
    match value:
        case None:
            return ""
        case list():
            return "; ".join(shown(item) for item in value)
        case dict():
            return _item(value)
        case _:
            return str(value).replace(".", ",") if isinstance(value, float) else str(value)


def _item(item: dict[str, Any]) -> str:
    """A diagnosis with its code, any other item by its text, an allergy by its substance."""
    text = str(item.get("text") or item.get("substance") or "—")
    return f"{text} ({item['icd10']})" if item.get("icd10") else text
