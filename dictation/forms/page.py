"""A record as a printable page: the visit part of the form, with what needs a look marked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from dictation.forms.confirmed import own_reasons
from dictation.forms.edits import edit_line, edits
from dictation.forms.fields import fitted
from dictation.forms.questionnaire import Form, Item
from dictation.forms.reasons import texts
from dictation.forms.record import Record
from dictation.forms.signed import Signed
from dictation.grammar.labels import labels

LANGUAGES = ("kk", "ru")


def to_html(record: Record, form: Form, signed: Signed | None = None) -> str:
    """A whole A4 page of HTML without outside resources, labels in Kazakh and Russian. Unless it is signed, it says
    that it is a draft and shows beside each value why it needs a look; then, who signed and what was confirmed."""
    return _template().render(
        record=fitted(record, form),
        form=form,
        signed=signed,
        ru=labels("ru"),
        kk=labels("kk"),
        reasons=texts("ru"),
        age=record.context.age(),
        blocks=blocks(form),
        day=visit_day(record),
        edits=edits(record),
        edit_line=edit_line,
        own_reasons=own_reasons,
    )


@dataclass(frozen=True, slots=True)
class Block:
    """Neighbouring items of a form that are shown together: `numbers` in one table, others under one another."""

    numbers: bool
    items: tuple[Item, ...]


def blocks(form: Form) -> list[Block]:
    """The items of a form in the order and the groups in which they are printed."""
    grouped = groupby(form.items, key=lambda item: item.type in {"decimal", "integer"})
    return [Block(numbers, tuple(items)) for numbers, items in grouped]


def visit_day(record: Record) -> date:
    """The day of the visit, of the dictation where none is known."""
    return record.context.visit.date or record.created.date()


def number(value: float | str) -> str:
    """A number with the decimal comma."""
    return str(value).replace(".", ",") if not isinstance(value, str) else value


def russian_date(day: date) -> str:
    """ДД.ММ.ГГГГ."""
    return day.strftime("%d.%m.%Y")


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("dictation.forms"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"number": number, "day": russian_date}
    return environment.get_template("visit.html")
