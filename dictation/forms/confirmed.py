"""What in a record asks for a look, and what of it a doctor has confirmed."""

from __future__ import annotations

from dictation.forms.contents import ALLERGIES, FINDINGS, NOTICES, digest
from dictation.forms.reasons import Reason
from dictation.forms.record import Confirmation, Field, ListField, Record


def doubted_names(record: Record) -> list[str]:
    """What asks for a look: keys of fields, and `findings`, `allergies`, `notices` where one of them does."""
    names = [name for name, field in record.fields.items() if field.status == "check"]
    names += [FINDINGS] if any(finding.check for finding in record.findings) else []
    names += [ALLERGIES] if any(allergy.check for allergy in record.allergies) else []
    return list(dict.fromkeys(names + ([NOTICES] if record.notices else [])))


def own_reasons(field: Field) -> list[Reason]:
    """The reasons of a field that none of its values has."""
    told = {reason for each in field.value for reason in each.reasons} if isinstance(field, ListField) else set()
    return [reason for reason in field.reasons if reason not in told]


def confirmed_names(record: Record) -> list[str]:
    """What of it was confirmed, and has not changed since."""
    return [each.name for each in record.review.confirmed if holds(record, each)]


def open_names(record: Record) -> list[str]:
    """What a doctor must still look at before signing."""
    confirmed = set(confirmed_names(record))
    return [name for name in doubted_names(record) if name not in confirmed]


def holds(record: Record, confirmation: Confirmation) -> bool:
    """Whether what was confirmed is what stands in the record."""
    return is_part(record, confirmation.name) and digest(record, confirmation.name) == confirmation.digest


def is_part(record: Record, name: str) -> bool:
    """Whether a record has something of that name to be confirmed."""
    return name in record.fields or name in {FINDINGS, ALLERGIES, NOTICES}
