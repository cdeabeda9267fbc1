"""Changes by hand for the tests: the form, who makes them and when, and values put as a doctor types them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from dictation.clinical.facts import Measurement, Section
from dictation.forms.entering import entered
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record
from dictation.session import Dictation
from tests.forms.cases import CONTEXT, filled
from tests.forms.visits import heard, place

FORM = load_form("052u-visit")
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BY = "Петрова А. Б."
CLINIC = Dictation()


def put(record: Record, key: str, value: Any, **more: Any) -> Record:
    """The record after the doctor has set a value."""
    return entered(record, FORM, key, value, by=BY, at=AT, read=CLINIC.read, **more)


def doubtful() -> Record:
    """The visit with a badly heard temperature."""
    said = heard("Объективно. Температура 36,6.", {"36,6": 0.1})
    facts = [
        Section(*place(said, "Температура 36,6."), kind="objective", heading=2),
        Measurement(*place(said, "Температура 36,6"), kind="temperature", value=36.6, unit="Cel"),
    ]
    return filled(said, facts, CONTEXT)
