"""What a client of the socket asks for, and what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Self

import numpy as np
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.websockets import WebSocket

from dictation.audio.pcm import Pcm
from dictation.errors import UsageError
from dictation.forms.context import parse_context
from dictation.forms.focus import active_field
from dictation.forms.questionnaire import Form
from dictation.workstation.access import Caller, doctor_in, entered, token_is, vouched_for
from dictation.workstation.failures import Failure
from dictation.workstation.mailbox import Mailbox
from dictation.workstation.own_microphone import OwnMicrophone
from dictation.workstation.protocol import (
    MOST_SAMPLES,
    SOUND_HEADER,
    Cancel,
    Cancelled,
    ClientMessage,
    Continue,
    Finish,
    Focus,
    Pause,
    Ping,
    Resume,
    Start,
    Step,
    read_message,
)
from dictation.workstation.running import Running
from dictation.workstation.seat import Seat


class Conversation:
    """One client at one dictation."""

    def __init__(self, caller: Caller, running: Running, seat: Seat) -> None:
        self._caller, self._running, self._seat = caller, running, seat

    @classmethod
    async def open(cls, websocket: WebSocket, first: Start | Resume, mailbox: Mailbox, language: str) -> Self:
        """Begin or go on with a dictation. Failure where that is not possible, which is fatal."""
        caller = caller_of(websocket, first)
        seat = Seat(mailbox, language, caller.touch)
        at: list[Running] = []
        try:
            await run_in_threadpool(_sit_down, caller, first, seat, at)
        except BaseException:
            # The connection may have ended meanwhile, also before the thread came to sit down: its dictation must not
            # wait for it.
            seat.gone.set()
            for running in at:
                running.leave(seat)
            raise
        return cls(caller, at[0], seat)

    @property
    def patience(self) -> float:
        """A client that sends nothing for so many seconds is gone."""
        return self._caller.settings.without_client

    @property
    def full(self) -> bool:
        """Whether more sound waits than should."""
        return self._running.waiting > self._caller.settings.most_waiting

    def check(self) -> None:
        """Failure `locked` once the doctor is locked out."""
        if not self._caller.is_open():
            raise Failure("locked")

    def leave(self) -> None:
        """The client is gone."""
        self._running.leave(self._seat)

    def hear(self, frame: bytes) -> None:
        """A frame of sound."""
        try:
            first, pcm = read_sound(frame)
            self._running.hear(self._seat, first, pcm)
        except Failure as failure:
            self._seat.fail(failure)

    async def obey(self, text: str) -> None:
        """A message. What cannot be done is told to the client."""
        try:
            message = read(text)
        except Failure as failure:
            self._seat.fail(failure)
            return
        if isinstance(message, Ping):
            self._seat.notice("pong")
            return
        self._caller.touch()
        await self._do(message)

    async def _do(self, message: ClientMessage) -> None:
        running = self._running
        match message:
            case Focus():
                self._tell_failure(running.focus(message.field))
            case Step():
                self._tell_failure(running.step(message.direction))
            case Pause():
                await run_in_threadpool(_with_microphone(running, OwnMicrophone.pause))
                self._tell_failure(running.pause())
            case Continue():
                await run_in_threadpool(_with_microphone(running, OwnMicrophone.go_on))
            case Finish():
                await run_in_threadpool(running.close_source)
                self._tell_failure(running.finish())
            case Cancel():
                await self._cancel()
            case _:
                self._seat.fail(Failure("bad-message", detail="the dictation has begun"))

    async def _cancel(self) -> None:
        self._running.leave(self._seat)
        try:
            await run_in_threadpool(self._caller.desk.cancel, self._caller.store, self._running.id)
        except Failure as failure:
            self._seat.fail(failure, fatal=True)
        else:
            self._seat.tell(Cancelled(), last=True)

    def _tell_failure(self, future: Future[Any]) -> None:
        """Not waited for: it comes after the sound that was taken before."""

        def told(done: Future[Any]) -> None:
            error = None if done.cancelled() else done.exception()
            if isinstance(error, Failure):
                self._seat.fail(error)

        future.add_done_callback(told)


def first_message(text: str | None) -> Start | Resume:
    """What a client begins with."""
    message = read(text or "")
    if not isinstance(message, Start | Resume):
        raise Failure("bad-message", detail="the first message is start or resume")
    return message


def read(text: str) -> ClientMessage:
    """A text frame. Failure `bad-message` tells where it is wrong, never what was sent."""
    try:
        return read_message(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise Failure("bad-message", detail=f"{place or 'message'}: {first['type']}") from None


def read_sound(frame: bytes) -> tuple[int, Pcm]:
    """The number of the first sample, and the samples. Failure `bad-message`."""
    size = len(frame) - SOUND_HEADER
    if size <= 0 or size % 2 or size > 2 * MOST_SAMPLES:
        raise Failure("bad-message", detail="a sound frame is 8 bytes and up to 16000 samples of two bytes")
    return int.from_bytes(frame[:SOUND_HEADER], "little"), np.frombuffer(frame, "<i2", offset=SOUND_HEADER)


def caller_of(websocket: WebSocket, first: Start | Resume) -> Caller:
    """Who is speaking: by the token in the first message, else by cookie or header. Failure `enter`, `locked`."""
    if first.token is None:
        caller = entered(websocket)
        if caller.session is not None:
            caller = replace(caller, doctor=doctor_in(caller.session, vouched_for(first.doctor)))
    else:
        house = websocket.app.state.house
        if not token_is(first.token, house.settings.bearer):
            raise Failure("enter")
        caller = Caller(house, None, vouched_for(first.doctor), "ru")
    if caller.doctor is None:
        raise Failure("locked")
    return caller


def _sit_down(caller: Caller, first: Start | Resume, seat: Seat, at: list[Running]) -> None:
    """At a new dictation or one that is there; `at` holds it as soon as the seat is taken."""
    store, dictations = caller.store, caller.desk.dictations
    if isinstance(first, Start):
        form = first.form or caller.house.setups.form
        context = parse_context(first.context)
        setup = caller.desk.dictation(form, first.language)
        if first.field is not None:
            _known_field(setup.form, first.field, setup.language)
        running = dictations.start(store, form, first.language, context)
    else:
        running = dictations.resume(store, first.dictation)
    at.append(running)
    running.sit(seat)
    running.begin()
    if isinstance(first, Start) and first.field is not None:
        running.focus(first.field)
    if isinstance(first, Resume):
        running.show()
    try:
        _arrange_source(running, first)
    except Failure as failure:
        # The dictation is there all the same; the client may plug a microphone in and go on.
        seat.fail(failure)


def _arrange_source(running: Running, first: Start | Resume) -> None:
    if first.microphone == "client":
        running.close_source()
    elif running.source is None:
        running.source = OwnMicrophone(running, first.device)


def _known_field(form: Form, key: str, language: str) -> None:
    try:
        active_field(form, key, language)
    except UsageError as error:
        raise Failure("unknown-field") from error


def _with_microphone(running: Running, work: Callable[[OwnMicrophone], None]) -> Callable[[], None]:
    def done() -> None:
        if isinstance(running.source, OwnMicrophone):
            work(running.source)

    return done
