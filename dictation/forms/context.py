"""What is known of the visit before anybody speaks: the patient and the visit, as the MIS gives them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    SerializerFunctionWrapHandler,
    ValidationError,
    model_serializer,
)
from pydantic import Field as Described

from dictation.errors import InputError


def _read_date(value: Any) -> Any:
    """ISO dates, with or without a time of day, and ДД.ММ.ГГГГ."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if day := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", text):
        return date(int(day[3]), int(day[2]), int(day[1]))
    if moment := re.fullmatch(r"(\d{4}-\d{2}-\d{2})[T ].*", text):
        return moment[1]
    return text or None


Day = Annotated[date | None, BeforeValidator(_read_date)]
Sex = Literal["male", "female", "other", "unknown"]


class _Part(BaseModel):
    """Keys that this program does not know are kept for the MIS that sent them."""

    model_config = ConfigDict(extra="allow", frozen=True)

    @model_serializer(mode="wrap")
    def _without_unknowns(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {key: value for key, value in handler(self).items() if value is not None}


class Patient(_Part):
    """Who is treated. `sex` is the FHIR code of administrative gender."""

    iin: str | None = Described(default=None, description="ИИН, 12 digits as a string")
    name: str | None = None
    birth_date: Day = None
    sex: Sex | None = None


class Visit(_Part):
    """The visit as the MIS numbers it; `practitioner` is the doctor's name."""

    id: str | None = None
    date: Day = None
    practitioner: str | None = None


class Context(_Part):
    """The patient and the visit; every part may be missing."""

    patient: Patient = Patient()
    visit: Visit = Visit()

    def day(self) -> date:
        """The day of the visit; today where the context does not say."""
        return self.visit.date or date.today()

    def age(self) -> float | None:
        """Age in years at the visit, None where the birth date is not known or lies after the visit."""
        born, day = self.patient.birth_date, self.day()
        if born is None or born > day:
            return None
        years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
        if years >= 1:
            return float(years)
        return (day - born).days / 365.25


def read_context(path: Path) -> Context:
    """The context of a JSON file. InputError names the file and the first key that is wrong."""
    try:
        data = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path}: context cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise InputError(f"{path}: context is not JSON: {error}") from error
    return parse_context(data, str(path))


def parse_context(data: Any, source: str = "context") -> Context:
    """A context from decoded JSON; `source` is what an error calls it."""
    try:
        return Context.model_validate({} if data is None else data)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{source}: {place + ': ' if place else ''}{_plain(first['type'], first['msg'])}") from error


def _plain(kind: str, message: str) -> str:
    if kind.startswith("date") or kind == "value_error":
        return "not a date, write it as 1980-05-17 or 17.05.1980"
    if kind in {"model_type", "model_attributes_type"}:
        return "must be a JSON object"
    return message[0].lower() + message[1:]
