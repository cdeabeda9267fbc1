"""Schema of `grammars/*/labels.yaml`: words that a printed record, the terminal and FHIR show to people."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import Field

from dictation.grammar.rules import Rules, load

Sex = Literal["male", "female", "other", "unknown"]
Role = Literal["main", "complication", "comorbid", "preliminary"]
Part = Literal["findings", "allergies", "notices"]
Plural = Literal["one", "few", "many", "other"]
Assertion = Literal["present", "absent", "possible", "historical", "family"]


class Labels(Rules):
    """`ucum` gives the UCUM code of a dose unit as it is written; `per_day` has a form for each plural category that
    the language has (Unicode CLDR), always `other`."""

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
    per_day: dict[Plural, str]
    days: str
    role: str
    code: str
    sexes: dict[Sex, str]
    roles: dict[Role, str]
    assertions: dict[Assertion, str]
    parts: dict[Part, str]
    ucum: dict[str, str] = Field(default_factory=dict)

    def times_per_day(self, count: float) -> str:
        """ "2 раза в день", without the number."""
        return self.per_day.get(plural(count), self.per_day["other"])

    def problems(self) -> list[str]:
        return [] if "other" in self.per_day else ["per_day has no 'other'"]


def plural(count: float) -> Plural:
    """The plural category of a number in the Slavic languages (Unicode CLDR, cardinal); where a language tells fewer
    apart it has no form for the others."""
    if not float(count).is_integer():
        return "other"
    tens, ones = int(count) % 100, int(count) % 10
    if ones == 1 and tens != 11:
        return "one"
    return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"


@cache
def labels(language: str) -> Labels:
    """The labels of a language."""
    return load(language, "labels", Labels)
