"""What a printed record says of its signature: who, when, which version, what was looked at and confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dictation.forms.questionnaire import Form
from dictation.forms.reasons import Reason, texts
from dictation.forms.record import ListField, Record
from dictation.grammar.labels import labels


@dataclass(frozen=True, slots=True)
class Signed:
    """The signature of one version. `sha256` is that of the record; `confirmed` names fields, or `findings`,
    `allergies`, `notices`, which the doctor looked at and found right."""

    doctor: str
    at: datetime
    version: int
    sha256: str
    confirmed: tuple[str, ...] = ()

    def when(self) -> str:
        """ДД.ММ.ГГГГ ЧЧ:ММ with the zone, by the clock of the moment."""
        return f"{self.at:%d.%m.%Y %H:%M} {self.at:%z}".strip()

    def checks(self, record: Record, form: Form, language: str) -> list[str]:
        """A line for everything that was confirmed: its name, and why it had to be looked at."""
        return [
            ": ".join(part for part in (_label(name, form, language), _why(name, record, language)) if part)
            for name in self.confirmed
        ]


def _label(name: str, form: Form, language: str) -> str:
    own = {item.key: item.label(language) for item in form.items}
    return own.get(name) or {str(part): text for part, text in labels(language).parts.items()}.get(name, name)


def _why(name: str, record: Record, language: str) -> str:
    return "; ".join(texts(language)[reason] for reason in dict.fromkeys(_reasons(name, record)))


def _reasons(name: str, record: Record) -> Iterator[Reason]:
    if field := record.fields.get(name):
        yield from field.reasons
        if isinstance(field, ListField):
            for each in field.value:
                yield from each.reasons
    match name:
        case "findings":
            for finding in record.findings:
                yield from finding.check
        case "allergies":
            for allergy in record.allergies:
                yield from allergy.check
        case "notices":
            for notice in record.notices:
                yield notice.reason
