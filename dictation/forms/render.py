"""A record for people: a printable page, and the terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from dictation.forms.confirmed import own_reasons
from dictation.forms.edits import edit_line, edits
from dictation.forms.fields import fitted
from dictation.forms.page import number, to_html
from dictation.forms.questionnaire import Form
from dictation.forms.reasons import Reason, texts
from dictation.forms.record import (
    DiagnosisField,
    ExaminationField,
    ListField,
    MedicationField,
    NumberField,
    Record,
    TextField,
)
from dictation.grammar.labels import labels

__all__ = ["to_html", "to_terminal"]

_MARKS = {"ok": Text("✓", "green"), "check": Text("!", "bold yellow"), "empty": Text("·", "dim")}


def to_terminal(record: Record, form: Form, language: str = "ru", active: str | None = None) -> RenderableType:
    """The record as Rich shows it: each field with its mark, then what needs a look and why. The field `active` is
    lit."""
    record, words = fitted(record, form), labels(language)
    table = Table(show_header=False, box=None, pad_edge=False, expand=True)
    table.add_column(width=1)
    table.add_column(style="bold", ratio=1)
    table.add_column(ratio=3)
    for item in form.items:
        field = record.fields[item.key]
        match field:
            case NumberField(value=value) if value is not None:
                shown: RenderableType = Text(f"{number(value)} {item.unit_label(language)}".rstrip())
            case TextField():
                shown = Text(field.value)
            case DiagnosisField():
                shown = Group(
                    *(
                        Text.assemble((f"{words.roles[d.role]}: ", "dim"), d.text, (f"  {d.icd10 or '—'}", "cyan"))
                        for d in field.value
                    )
                )
            case MedicationField(value=values) | ExaminationField(value=values):
                shown = Group(*(Text(f"{index}. {each.text}") for index, each in enumerate(values, 1)))
            case _:
                shown = Text(words.not_dictated if field.status == "empty" else "—", "dim")
        lit = "reverse" if item.key == active else None
        table.add_row(_MARKS[field.status], item.label(language), shown, style=lit)
    return Group(Text(form.title(language), "bold"), table, _to_check(record, form, language))


def _to_check(record: Record, form: Form, language: str) -> RenderableType:
    words = labels(language)
    lines = [line for item in form.items for line in _doubts(record, item.key, item.label(language), language)]
    lines += [
        Text.assemble((f"{texts(language)[notice.reason]}", "yellow"), f": {notice.text}" if notice.text else "")
        for notice in record.notices
    ]
    if not lines:
        return Text(words.nothing_to_check, "green")
    return Panel(Group(*lines), title=words.to_check, title_align="left", border_style="yellow")


def _doubts(record: Record, key: str, label: str, language: str) -> list[Text]:
    """A line for each value of a field that needs a look, and one for the field as a whole."""
    field = record.fields[key]
    lines = []
    if isinstance(field, ListField):
        for each in field.value:
            if each.reasons:
                lines.append(
                    Text.assemble((label, "bold"), f" «{each.text}»: ", (_why(each.reasons, language), "yellow"))
                )
    if key in edits(record):
        lines.append(Text.assemble((label, "bold"), f": {edit_line(edits(record)[key], language)}"))
    if own := own_reasons(field):
        lines.append(Text.assemble((label, "bold"), ": ", (_why(own, language), "yellow")))
    for alternative in field.alternatives:
        lines.append(Text(f"  {labels(language).alternatives}: {number(alternative.value)}", "dim"))
    return lines


def _why(reasons: list[Reason], language: str) -> str:
    return "; ".join(texts(language)[code] for code in reasons)
