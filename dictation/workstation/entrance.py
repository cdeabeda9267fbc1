"""Getting in: the launch token becomes a session, a doctor unlocks it, everybody sees the state."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from dictation.audio.devices import input_devices
from dictation.errors import DeviceError
from dictation.workstation.access import Entered, token_is
from dictation.workstation.api.answers import PROBLEMS
from dictation.workstation.doctors import LONGEST_NAME, LONGEST_SECRET, Doctor
from dictation.workstation.failures import LANGUAGES, Failure
from dictation.workstation.house import House
from dictation.workstation.own_forms import known_forms

router = APIRouter(tags=["entrance"], responses=PROBLEMS)


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Entering(_Body):
    """The token of the address that the program printed."""

    token: str = Field(max_length=512)


class Unlocking(_Body):
    """Who unlocks, and their PIN or passphrase."""

    doctor: str = Field(max_length=36)
    secret: Annotated[str, Field(min_length=1, max_length=LONGEST_SECRET)]


class NewDoctor(_Body):
    """A doctor to be added."""

    name: str = Field(min_length=1, max_length=LONGEST_NAME)
    secret: Annotated[str, Field(max_length=LONGEST_SECRET)]


class Person(BaseModel):
    """A doctor. Whom a vendor's system vouches for has no id."""

    id: str | None
    name: str


class WhoActs(BaseModel):
    """The doctor who acts from now on."""

    doctor: Person


class FormTitle(BaseModel):
    """A form and its titles by language."""

    name: str
    title: dict[str, str]


class BrokenOff(BaseModel):
    """A dictation that can be gone on with."""

    id: str
    begun: datetime
    seconds: float
    form: str
    patient_name: str | None


class State(BaseModel):
    """What a page needs to know to begin. `unfinished` is empty while it is locked."""

    version: str
    form: str
    language: str
    languages: list[str]
    forms: list[FormTitle]
    doctors: list[Person]
    doctor: Person | None
    idle_seconds: int
    locked: bool
    unfinished: list[BrokenOff]
    engine: str | None
    model: str | None
    ready: bool
    microphones: list[str]
    submit_to: bool


@router.post("/enter", status_code=204)
def enter(body: Entering, request: Request, response: Response) -> None:
    """Exchange the launch token for a session cookie."""
    house: House = request.app.state.house
    settings = house.settings
    house.tries.refuse_if_many()
    if not token_is(body.token, settings.token):
        house.tries.wrong()
        raise Failure("enter")
    # In a frame of a vendor's page cookies count as foreign: there it must be said that this one may be sent.
    where = "SameSite=None; Secure; Partitioned" if settings.allowed_origins else "SameSite=Strict"
    if settings.tls and not settings.allowed_origins:
        where += "; Secure"
    cookie = f"{settings.cookie}={house.sessions.enter()}; Path=/; HttpOnly; {where}"
    response.headers.append("set-cookie", cookie)


@router.get("/state")
def state(caller: Entered) -> State:
    """What a page needs to know to begin. Asking for it is no activity."""
    house, doctor = caller.house, caller.doctor
    info = house.setups.recogniser
    broken_off = [] if doctor is None else house.desk.dictations.unfinished(caller.store)
    return State(
        version=version("dictation"),
        form=house.setups.form,
        language=house.setups.language,
        languages=list(LANGUAGES),
        forms=[FormTitle(name=form.name, title=form.titles) for form in known_forms()],
        doctors=[_person(one) for one in house.doctors.all()],
        doctor=None if doctor is None else _person(doctor),
        idle_seconds=round(house.settings.idle),
        locked=doctor is None,
        unfinished=[
            BrokenOff(
                id=one.id,
                begun=one.begun,
                seconds=round(one.seconds, 1),
                form=one.form,
                patient_name=one.context.patient.name,
            )
            for one in broken_off
        ],
        engine=info.engine if info else None,
        model=info.model if info else None,
        ready=house.setups.ready,
        microphones=_microphones(),
        submit_to=house.settings.submit_to is not None,
    )


@router.post("/doctors", status_code=201)
def add_doctor(body: NewDoctor, caller: Entered) -> WhoActs:
    """Add a doctor. The first needs no other; later ones are added by a doctor who has unlocked."""
    if caller.doctor is None and caller.house.doctors.all():
        raise Failure("locked")
    added = caller.house.doctors.add(body.name, body.secret, caller.doctor.name if caller.doctor else None)
    return WhoActs(doctor=_person(added))


@router.post("/unlock")
def unlock(body: Unlocking, caller: Entered) -> WhoActs:
    """Unlock this browser's session."""
    if caller.session is None:
        raise Failure("invalid", detail="a program names its doctor in a header")
    doctor = caller.house.doctors.unlock(body.doctor, body.secret)
    caller.house.sessions.unlock(caller.session, doctor)
    return WhoActs(doctor=_person(doctor))


@router.post("/lock", status_code=204)
def lock(caller: Entered) -> None:
    """Lock it; what is being dictated is kept."""
    if caller.session is not None:
        caller.house.sessions.lock(caller.session)


def _person(doctor: Doctor) -> Person:
    return Person(id=doctor.id, name=doctor.name)


def _microphones() -> list[str]:
    try:
        return [device.name for device in input_devices()]
    except DeviceError:
        return []
