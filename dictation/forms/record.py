"""The record: what one dictation became. Published as `docs/record.schema.json`."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue, field_validator
from pydantic import Field as Described

from dictation.forms.context import Context
from dictation.forms.reasons import Reason
from dictation.speech.transcript import Word

Status = Literal["ok", "check", "empty"]
Assertion = Literal["present", "absent", "possible", "historical", "family"]
Confidence = float | None


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Evidence(_Model):
    """Where it was said: code points of `transcript.text`, seconds of the recording (null for text)."""

    start_char: int
    end_char: int
    start: float | None = None
    end: float | None = None


# Of these an hour has seven thousand, in the record that is shown and in the one that is being made: as models they
# would take seven times the room.
@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word as the recogniser printed it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    text: str
    start: float | None = None
    end: float | None = None
    confidence: Confidence = None


class HeardUtterance(_Model):
    """What was said between two pauses, or a part of it; `field` is the key of the field it was said into."""

    start: float | None = None
    end: float | None = None
    text: str
    words: list[HeardWord]
    field: str | None = None

    @field_validator("words", mode="before")
    @classmethod
    def _as_heard(cls, words: Any) -> Any:
        """Words of the recogniser's are taken as they are."""
        if not isinstance(words, tuple):
            return words
        return [
            HeardWord(word.text, word.start, word.end, word.confidence) if isinstance(word, Word) else word
            for word in words
        ]


class HeardTranscript(_Model):
    """All that was heard; every offset in the record refers to `text`."""

    text: str
    utterances: list[HeardUtterance]


class RecogniserUsed(_Model):
    """Which recogniser heard it; `sha256` of the model's weights."""

    engine: str
    model: str
    sha256: str | None = None


class Alternative(_Model):
    """A competing reading of a field."""

    value: float | int | str
    evidence: list[Evidence]


class Judged(_Model):
    """`ok`: nothing to doubt. `check`: a look is needed, for `reasons`. `empty`: not dictated.
    `confidence`: the least of its words for structured values, the mean for text, null without sound."""

    status: Status
    reasons: list[Reason] = []
    confidence: Confidence = None
    evidence: list[Evidence] = []


class _Listed(Judged):
    text: str


class CodeCandidate(_Model):
    """An ICD-10 code that a diagnosis may stand for; `score` 0–1."""

    icd10: str
    title: str
    score: float


class DiagnosisItem(_Listed):
    """A diagnosis; `icd10` only where the text supports the code."""

    role: Literal["main", "complication", "comorbid", "preliminary"]
    icd10: str | None
    title: str | None
    candidates: list[CodeCandidate]


class MedicationItem(_Listed):
    """A prescription of this visit; what its words say and no key holds stays in `text`."""

    name: str
    said: str
    form: str | None
    strength: str | None
    dose: float | int | None
    unit: str | None
    route: str | None
    times_per_day: float | int | None
    timing: str | None
    condition: str | None
    duration_days: int | None
    as_needed: bool


class ExaminationItem(_Listed):
    """A test, procedure or consultation ordered at this visit."""


class _Field(Judged):
    alternatives: list[Alternative] = []


class TextField(_Field):
    """Free text in its written form."""

    value: str


class NumberField(_Field):
    """A measurement; `unit` is UCUM."""

    value: float | int | None = None
    unit: str | None


class DiagnosisField(_Field):
    value: list[DiagnosisItem]


class MedicationField(_Field):
    value: list[MedicationItem]


class ExaminationField(_Field):
    value: list[ExaminationItem]


class UnfilledField(_Field):
    """Text or a list that holds nothing: not dictated (`empty`), or dictated and not understood (`check`)."""

    value: None = None


ListItem = DiagnosisItem | MedicationItem | ExaminationItem
ListField = DiagnosisField | MedicationField | ExaminationField
Field = UnfilledField | TextField | NumberField | ListField


class FindingItem(_Model):
    """A complaint, sign or disease in nominal form; `check` are reasons to look at it."""

    text: str
    status: Assertion
    check: list[Reason] = []
    evidence: list[Evidence] = []


class AllergyItem(_Model):
    """What was said of allergies: a substance (with its reaction), or that there are none."""

    substance: str | None = None
    reaction: str | None = None
    denied: bool = False
    check: list[Reason] = []
    evidence: list[Evidence] = []


class EditItem(_Model):
    """A voice command or self-correction: carried out (`done`) or left for the doctor to see."""

    kind: str
    done: bool
    removed: str = ""
    evidence: list[Evidence] = []


class Notice(_Model):
    """Something about the record as a whole that asks for a look, `text` being what it is about."""

    reason: Reason
    text: str = ""
    evidence: list[Evidence] = []


class ReadFromText(_Model):
    """What the program understood of a text that was typed: `numbers` by the key of their field."""

    findings: list[FindingItem] = []
    allergies: list[AllergyItem] = []
    numbers: dict[str, float | int] = {}


class Change(_Model):
    """A value set by hand: of the field with the key `field`, or, as `of` says, of the record's list of findings or
    of allergies, or of the context, and then `field` is that name. `before` is what was dictated when it was set (of
    a list beside the fields: what stood there; of a list, less what was offered and is left undecided), `value` what
    it was set to, both as the record has them. `chosen`: picked from what the program offered. `read` is what was
    understood of a text that is said to hold findings, null where nobody read it. `seen` is a digest of all that was
    dictated for the field then, other readings included: more that is dictated into it is noticed by it. While
    something is left undecided it is that of the change before."""

    field: str
    of: Literal["field", "findings", "allergies", "context"] = "field"
    before: JsonValue
    value: JsonValue
    seen: str = ""
    chosen: bool = False
    by: str
    at: AwareDatetime
    read: ReadFromText | None = None


class Confirmation(_Model):
    """A doubt that a doctor has looked at. `name` is the key of a field, or `findings`, `allergies`, `notices`;
    `digest` is of what was confirmed: when that changes, the confirmation falls."""

    name: str
    by: str
    at: AwareDatetime
    digest: str


class AsDictated(_Model):
    """What changes by hand cover: how it was dictated. Null where nothing differs."""

    fields: dict[str, Field] = {}
    findings: list[FindingItem] | None = None
    allergies: list[AllergyItem] | None = None
    notices: list[Notice] | None = None
    context: Context | None = None


class Review(_Model):
    """What the doctor did with the record by hand. Without it, and with `dictated` put back, the record is as it was
    dictated. At most one change of a field: the newest."""

    changes: list[Change] = []
    confirmed: list[Confirmation] = []
    dictated: AsDictated = AsDictated()


class Record(_Model):
    """One dictation as a filled form. Keys of `fields` are the form's item `linkId`s."""

    schema_: Literal["1"] = Described(default="1", alias="schema")
    id: UUID
    created: AwareDatetime
    source: str | None = Described(description="path or name of the recording or text as it was given")
    form: str
    language: str
    context: Context
    recogniser: RecogniserUsed | None = Described(description="null for a text that was never sound")
    transcript: HeardTranscript
    fields: dict[str, Field]
    findings: list[FindingItem]
    allergies: list[AllergyItem] = []
    edits: list[EditItem] = []
    notices: list[Notice] = []
    review: Review = Review()

    model_config = ConfigDict(extra="forbid", validate_by_alias=True, validate_by_name=True, serialize_by_alias=True)

    def needs_checking(self) -> bool:
        """Whether anything in the record asks for a look."""
        return bool(self.notices) or any(field.status == "check" for field in self.fields.values())


def json_schema() -> dict[str, Any]:
    """The published JSON Schema of a record (draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Record.model_json_schema(mode="serialization"),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n")
