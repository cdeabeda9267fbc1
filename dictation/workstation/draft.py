"""A record being worked on, as every client sees it."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from dictation.forms.record import Record


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True)


class Signed(_Part):
    """Who signed which version, and when."""

    doctor: str
    signed: datetime
    version: int


class Delivered(_Part):
    """An entry of the outbox: how far the record is on its way to the clinic's system."""

    number: int
    version: int
    state: str
    destination: str
    answer: str | None


class Draft(_Part):
    """A record with what can be done to it. `version` is null while it is being dictated; `open_checks` are the
    doubts to be confirmed before it can be signed: keys of fields, `findings`, `allergies`, `notices`."""

    record: Record
    version: int | None
    dictation: str | None
    running: bool
    open_checks: list[str]
    confirmed: list[str]
    can_undo: bool
    can_redo: bool
    signature: Signed | None = None
    deliveries: list[Delivered] = []
    has_audio: bool
