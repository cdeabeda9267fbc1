"""Schema of `grammars/*/labels.yaml`: words that a printed record, the terminal and FHIR show to people."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from dictation.grammar.rules import Rules, load

Sex = Literal["male", "female", "other", "unknown"]
Role = Literal["main", "complication", "comorbid", "preliminary"]
Part = Literal["findings", "allergies", "notices"]
Assertion = Literal["present", "absent", "possible", "historical", "family"]


class Labels(Rules):
    """`ucum` gives the UCUM code of a dose unit as it is written."""

    draft: str
    needs_check: str
    nothing_to_check: str
    to_check: str
    alternatives: str
    edited: str
    dictated: str
    not_dictated: str
    notices: str
    findings: str
    corrections: str
    removed: str
    heard: str
    patient: str
    iin: str
    birth_date: str
    sex: str
    age: str
    visit: str
    doctor: str
    signature: str
    signed: str
    not_eds: str
    version: str
    confirmed: str
    vital_signs: str
    blood_pressure: str
    page: str
    organisation: str
    form_number: str
    as_needed: str
    per_day: str
    days: str
    role: str
    code: str
    sexes: dict[Sex, str]
    roles: dict[Role, str]
    assertions: dict[Assertion, str]
    parts: dict[Part, str]
    ucum: dict[str, str] = Field(default_factory=dict)


@cache
def labels(language: str) -> Labels:
    """The labels of a language."""
    return load(language, "labels", Labels)
