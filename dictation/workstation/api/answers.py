"""What the interface answers besides drafts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from dictation.forms.questionnaire import Kind


class _Part(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Trouble(BaseModel):
    """What went wrong: a code of the closed list, its text in the client's language, and more for some codes."""

    model_config = ConfigDict(extra="allow")

    code: str
    text: str
    detail: str | None = None


class Problem(BaseModel):
    """The body of every answer that is not a success."""

    error: Trouble


PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "Nobody has entered, or no doctor has unlocked"},
    403: {"model": Problem, "description": "A page that may not use this server"},
    404: {"model": Problem, "description": "There is no such thing"},
    409: {"model": Problem, "description": "Not in the state that it is in"},
    413: {"model": Problem, "description": "Too large"},
    422: {"model": Problem, "description": "Not understood; `detail` says what"},
    429: {"model": Problem, "description": "Too many requests"},
    503: {"model": Problem, "description": "Not possible at present"},
}
"""What every endpoint may answer besides its own."""

_JSON = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
JSON_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": problem["description"], "content": _JSON} for status, problem in PROBLEMS.items()
}
"""The same for an endpoint whose own answer is no JSON."""


class ListedRecord(_Part):
    """A record as lists show it; `signed` is the newest version that is."""

    id: str
    form: str
    created: datetime
    patient_iin: str | None
    patient_name: str | None
    visit: str | None
    practitioner: str | None
    version: int
    signed: int | None


class RecordList(BaseModel):
    """Records, the newest first."""

    records: list[ListedRecord]


class KeptVersion(_Part):
    """A version of a record; `based_on` is the one that was changed."""

    version: int
    based_on: int | None
    saved: datetime
    saved_by: str
    signed_by: str | None


class VersionList(BaseModel):
    """The versions of a record, the first first."""

    versions: list[KeptVersion]


class OutboxEntry(_Part):
    """A signed version on its way; `answer` is what the other side said last."""

    number: int
    record: str
    version: int
    destination: str
    state: Literal["waiting", "sent", "refused"]
    submitted: datetime
    attempts: int
    tried: datetime | None
    answer: str | None


class OutboxList(BaseModel):
    """The outbox, in the order of submission."""

    entries: list[OutboxEntry]


class FormPart(BaseModel):
    """A part of the items of a list: `name` is its key in a record's item."""

    key: str
    name: str | None
    labels: dict[str, str]


class FormItem(BaseModel):
    """A field of a form. `type` is the Questionnaire's, `kind` what its value in a record is."""

    key: str
    type: str
    kind: Kind
    labels: dict[str, str]
    unit: str | None
    unit_labels: dict[str, str]
    loinc: str | None
    dictated: bool
    parts: list[FormPart]


class FormShown(BaseModel):
    """A form with its fields and the Questionnaire that it was read from."""

    name: str
    title: dict[str, str]
    own: bool
    items: list[FormItem]
    questionnaire: dict[str, Any]


class FormTold(BaseModel):
    """A form; `own`: it was added and can be deleted."""

    name: str
    title: dict[str, str]
    own: bool


class FormList(BaseModel):
    """The forms that can be dictated into."""

    forms: list[FormTold]


class Code(BaseModel):
    """An ICD-10 code; `score` 0 to 1, 1 where the code itself was asked for."""

    icd10: str
    title: str
    score: float


class CodeList(BaseModel):
    """Codes, the best first."""

    candidates: list[Code]


class IinRead(BaseModel):
    """What the digits of an ИИН say."""

    valid: bool
    birth_date: date | None = None
    sex: Literal["male", "female"] | None = None
