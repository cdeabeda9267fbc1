"""Who is asking: a browser with its cookie, or a vendor's program with the token, and the doctor who acts in it."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends
from starlette.requests import HTTPConnection

from dictation.store import Store
from dictation.workstation.desk import Desk
from dictation.workstation.doctors import Doctor, named
from dictation.workstation.failures import Failure, preferred
from dictation.workstation.house import House
from dictation.workstation.sessions import Session
from dictation.workstation.settings import Settings

DOCTOR_HEADER = "x-dictation-doctor"


@dataclass(frozen=True, slots=True)
class Caller:
    """A request or a socket that has entered. `session` is None for a program, whose doctor its system vouches for;
    `doctor` is None while the browser's session is locked."""

    house: House
    session: Session | None
    doctor: Doctor | None
    language: str

    @property
    def settings(self) -> Settings:
        return self.house.settings

    @property
    def desk(self) -> Desk:
        return self.house.desk

    @property
    def store(self) -> Store:
        """The store, acting as the doctor. Failure `locked` where there is none."""
        if self.doctor is None:
            raise Failure("locked")
        return self.house.store.acting_as(self.doctor.name)

    def is_open(self) -> bool:
        """Whether the doctor acts still: a browser's session may have been locked meanwhile."""
        if self.session is None:
            return self.doctor is not None
        return self.house.sessions.is_open(self.session) and self.session.doctor == self.doctor

    def touch(self) -> None:
        """The doctor did or said something: not idle."""
        if self.session is not None:
            self.house.sessions.touch(self.session)


def entered(connection: HTTPConnection) -> Caller:
    """Who is asking. Failure `enter` where they show neither a cookie of ours nor a token."""
    house: House = connection.app.state.house
    language = preferred(connection.headers.get("accept-language", ""))
    if authorization := connection.headers.get("authorization"):
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer" or not token_is(token.strip(), house.settings.bearer):
            raise Failure("enter")
        return Caller(house, None, _shown_by(connection), language)
    session = house.sessions.find(connection.cookies.get(house.settings.cookie, ""))
    if session is None:
        raise Failure("enter")
    return Caller(house, session, doctor_in(session, _shown_by(connection)), language)


def unlocked(connection: HTTPConnection) -> Caller:
    """Who is asking, a doctor acting in it. Failure `enter`, `locked`."""
    caller = entered(connection)
    if caller.doctor is None:
        raise Failure("locked")
    caller.touch()
    return caller


def doctor_in(session: Session, shown: Doctor | None) -> Doctor | None:
    """The doctor of a browser. A page that shows another one (`shown`) was opened before they changed places."""
    doctor = session.doctor
    return None if doctor and shown and shown.name != doctor.name else doctor


def vouched_for(name: str | None) -> Doctor | None:
    """The doctor whom a vendor's system or a page names."""
    return Doctor(None, named(name)) if name else None


def _shown_by(connection: HTTPConnection) -> Doctor | None:
    """A header has no letters but Latin ones: the name in it is percent-encoded."""
    return vouched_for(unquote(connection.headers.get(DOCTOR_HEADER, "")))


def token_is(given: str, expected: str | None) -> bool:
    """Compared in constant time; never where none is expected."""
    return expected is not None and hmac.compare_digest(given.encode(), expected.encode())


Entered = Annotated[Caller, Depends(entered)]
Unlocked = Annotated[Caller, Depends(unlocked)]
