"""The messages of the socket, version 1. `asyncapi.py` publishes them as `docs/asyncapi.json`.

Text frames are JSON objects with a `type`. Binary frames from the client are sound: eight bytes little-endian, the
number of the frame's first sample counted from the start of the dictation at 16 kHz, then 16-bit little-endian mono
samples, at most a second.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from dictation.audio.blocks import RATE
from dictation.forms.record import HeardUtterance
from dictation.workstation.draft import Draft

PROTOCOL = 1
SUBPROTOCOL = f"dictation.v{PROTOCOL}"

SOUND_HEADER, MOST_SAMPLES = 8, RATE
LARGEST_FRAME = 262_144
"""Bytes: a text frame with a patient's context at its largest; sound frames are far smaller."""


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Start(_Message):
    """Begin a dictation. `token` and `doctor` are for programs, which have no cookie; `context` is the patient and
    the visit; `microphone` tells whose sound it is: the client's frames, or a device of the server's machine."""

    type: Literal["start"]
    protocol: Literal[1]
    form: str | None = Field(default=None, max_length=64)
    language: str | None = Field(default=None, max_length=16)
    context: dict[str, Any] | None = None
    field: str | None = Field(default=None, max_length=255)
    microphone: Literal["client", "workstation"] = "client"
    device: str | None = Field(default=None, max_length=255)
    token: str | None = Field(default=None, max_length=512)
    doctor: str | None = Field(default=None, max_length=120)


class Resume(_Message):
    """Go on with a dictation that is running or was broken off. Another window that has it open loses it."""

    type: Literal["resume"]
    protocol: Literal[1] = 1
    dictation: str = Field(max_length=36)
    microphone: Literal["client", "workstation"] = "client"
    device: str | None = Field(default=None, max_length=255)
    token: str | None = Field(default=None, max_length=512)
    doctor: str | None = Field(default=None, max_length=120)


class Focus(_Message):
    """From here on this field is dictated; null: no field in particular."""

    type: Literal["focus"]
    field: str | None = Field(max_length=255)


class Step(_Message):
    """To the next or previous field of the form."""

    type: Literal["step"]
    direction: Literal["next", "previous"]


class Pause(_Message):
    """No sound will come for a while: what was said is complete."""

    type: Literal["pause"]


class Continue(_Message):
    """Sound comes again."""

    type: Literal["continue"]


class Finish(_Message):
    """The dictation is over; `finished` follows once the last words are recognised."""

    type: Literal["finish"]


class Cancel(_Message):
    """Delete the dictation, its sound included."""

    type: Literal["cancel"]
    confirm: Literal[True]


class Ping(_Message):
    """I am here. A client that sends neither sound nor this for 30 s counts as gone."""

    type: Literal["ping"]


ClientMessage = Annotated[
    Start | Resume | Focus | Step | Pause | Continue | Finish | Cancel | Ping, Field(discriminator="type")
]


class Started(_Message):
    """The dictation is running. `samples` are kept of it: sound goes on from there."""

    type: Literal["started"] = "started"
    protocol: Literal[1] = 1
    dictation: str
    record_id: str
    form: str
    field: str | None
    samples: int


class PartialWords(_Message):
    """What is being said, as it sounds so far. The first `stable` words are not expected to change; `start` in
    seconds. An empty text: nothing is open."""

    type: Literal["partial"] = "partial"
    text: str
    stable: int
    start: float | None


class FinalWords(_Message):
    """An utterance that will not change any more."""

    type: Literal["final"] = "final"
    utterance: HeardUtterance


class RecordNow(_Message):
    """The record as it stands."""

    type: Literal["record"] = "record"
    draft: Draft


class FieldNow(_Message):
    """The field that is dictated from `at` seconds on, chosen by voice or by hand."""

    type: Literal["field"] = "field"
    key: str | None
    at: float
    by: Literal["hand", "voice"]


class Obeyed(_Message):
    """A spoken command was obeyed: `next-field`, `previous-field`, `go-to-field`, `stop`, or an edit of the text. At
    `stop` the client sends `finish`."""

    type: Literal["command"] = "command"
    kind: str


class Kept(_Message):
    """So many samples from the start are on disk; the client need not keep them."""

    type: Literal["kept"] = "kept"
    samples: int


class Level(_Message):
    """The workstation's microphone, dBFS."""

    type: Literal["level"] = "level"
    rms: float
    peak: float


NoticeCode = Literal[
    "microphone-lost",
    "microphone-back",
    "microphone-silent",
    "overflow",
    "behind",
    "journal-trouble",
    "journal-well",
    "ready",
    "recalling",
    "recalled",
    "pong",
]


class NoticeNow(_Message):
    """Something to know. `behind`: the machine is `seconds` late, 0 when it has caught up; `overflow`: `seconds` of
    sound are lost; `recalling`: what was kept is being recognised again."""

    type: Literal["notice"] = "notice"
    code: NoticeCode
    text: str
    seconds: float | None = None


class Finished(_Message):
    """The dictation is over and its record is kept; the server closes."""

    type: Literal["finished"] = "finished"
    draft: Draft


class Cancelled(_Message):
    """The dictation is deleted; the server closes."""

    type: Literal["cancelled"] = "cancelled"


class ErrorNow(_Message):
    """What was sent could not be done. After a fatal one the server closes; the dictation stays."""

    type: Literal["error"] = "error"
    code: str
    text: str
    fatal: bool
    detail: str | None = None


ServerMessage = (
    Started
    | PartialWords
    | FinalWords
    | RecordNow
    | FieldNow
    | Obeyed
    | Kept
    | Level
    | NoticeNow
    | Finished
    | Cancelled
    | ErrorNow
)

_client: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)


def read_message(text: str) -> ClientMessage:
    """A text frame of the client. ValueError where it is none."""
    message: ClientMessage = _client.validate_json(text)
    return message
