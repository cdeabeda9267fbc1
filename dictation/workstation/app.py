"""The application: entrance, interface, socket and page, behind the guard."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from dictation.errors import DictationError
from dictation.session import Dictation
from dictation.store import Store
from dictation.workstation import dictate_socket
from dictation.workstation.desk import Desk
from dictation.workstation.doctors import Doctors
from dictation.workstation.failures import Failure, failure_of
from dictation.workstation.guard import Guard, answer_of
from dictation.workstation.house import House
from dictation.workstation.openapi import PREFIX, interface
from dictation.workstation.sessions import Sessions, Tries
from dictation.workstation.settings import Settings
from dictation.workstation.setups import Setups


def create_app(settings: Settings, store: Store, dictation: Dictation | None = None) -> FastAPI:
    """The application over an open store. `dictation` is a set-up that is loaded already; otherwise it is loaded in
    the background when the server starts. UsageError, RuleError for a form that cannot be used."""
    setups = Setups(settings, dictation)
    house = House(
        settings=settings,
        store=store,
        setups=setups,
        doctors=Doctors(store),
        sessions=Sessions(settings.idle),
        tries=Tries(),
        desk=Desk(setups, settings),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        setups.load_in_background()
        yield
        await run_in_threadpool(house.desk.close)

    app = interface(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=f"{PREFIX}/openapi.json")
    app.state.house = house
    app.include_router(dictate_socket.router, prefix=PREFIX)
    # The page alone: what the interface tells could be guessed from the length of its compressed answers.
    app.mount("/", GZipMiddleware(StaticFiles(directory=_page(), html=True), minimum_size=500), name="page")
    app.add_middleware(Guard, settings=settings)
    app.add_exception_handler(Failure, _answer_failure)
    app.add_exception_handler(DictationError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_invalid)
    app.add_exception_handler(HTTPException, _answer_status)
    return app


def _page() -> Path:
    return Path(str(resources.files("dictation.workstation") / "page"))


async def _answer_failure(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Failure)
    return answer_of(error, request.headers)


async def _answer_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, DictationError)
    return answer_of(failure_of(error), request.headers)


async def _answer_invalid(request: Request, error: Exception) -> JSONResponse:
    """Where and what, never what was sent."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return answer_of(Failure("invalid", detail=f"{place}: {first['type']}"), request.headers)


async def _answer_status(request: Request, error: Exception) -> JSONResponse:
    """What the router itself refuses."""
    assert isinstance(error, HTTPException)
    codes = {404: "not-found", 405: "not-allowed", 413: "too-large"}
    return answer_of(Failure(codes.get(error.status_code, "invalid")), request.headers)
