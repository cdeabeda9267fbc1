"""The socket: one connection of one client, from its first message to its last."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import NoReturn

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.types import Message

from dictation.console import describe
from dictation.errors import DictationError
from dictation.workstation.conversation import Conversation, first_message
from dictation.workstation.failures import LANGUAGES, Failure, failure_of, preferred
from dictation.workstation.mailbox import Mailbox
from dictation.workstation.pace import Pace
from dictation.workstation.protocol import SUBPROTOCOL
from dictation.workstation.seat import Seat

router = APIRouter()

_FIRST_WITHIN = 10.0
_TICK, _LOOK_AGAIN = 0.5, 0.05
# A client that takes nothing for so long is gone or stuck.
_SENT_WITHIN = 20.0
# Wishes and sound; a client that has been away sends what it kept, in many frames at once.
_MESSAGES, _FRAMES = (20.0, 60.0), (300.0, 1500.0)
_NORMAL, _TRY_AGAIN = 1000, 1013

_log = logging.getLogger(__name__)


@router.websocket("/dictate")
async def dictate(websocket: WebSocket) -> None:
    """Speaks `dictation.v1`; see `protocol`."""
    offered = SUBPROTOCOL in websocket.scope.get("subprotocols", [])
    await websocket.accept(SUBPROTOCOL if offered else None)
    await _Connection(websocket).run()


class _Connection:
    """Reads and writes side by side; whichever ends first ends the other."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        # A page cannot choose the header of a socket: its own language stands in the address.
        shown = websocket.query_params.get("page", "")
        accepted = websocket.headers.get("accept-language", "")
        self._language = shown if shown in LANGUAGES else preferred(accepted)
        self._mailbox = Mailbox(asyncio.get_running_loop())
        self._messages, self._frames = Pace(*_MESSAGES), Pace(*_FRAMES)
        self._heard_from = time.monotonic()

    async def run(self) -> None:
        writing, reading = asyncio.create_task(self._write()), asyncio.create_task(self._read())
        await asyncio.wait({writing, reading}, return_when=asyncio.FIRST_COMPLETED)
        if reading.done() and (failure := reading.result()):
            Seat(self._mailbox, self._language).fail(failure, fatal=True)
            await asyncio.wait({writing})
        for task in (writing, reading):
            task.cancel()
        await asyncio.gather(writing, reading, return_exceptions=True)

    async def _write(self) -> None:
        """Until the last message is sent, or the client takes no more."""
        with suppress(WebSocketDisconnect, RuntimeError):
            while not self._mailbox.full:
                letter = await self._mailbox.take()
                try:
                    await asyncio.wait_for(self._websocket.send_text(letter.text), _SENT_WITHIN)
                except TimeoutError:
                    break
                if letter.last:
                    await self._websocket.close(_NORMAL)
                    return
            with suppress(TimeoutError):
                await asyncio.wait_for(self._websocket.close(_TRY_AGAIN), 1.0)

    async def _read(self) -> Failure | None:
        """Until the client is gone (None), or something fatal."""
        try:
            return await self._converse()
        except WebSocketDisconnect:
            return None
        except Failure as failure:
            return failure
        except DictationError as error:
            return failure_of(error)
        except Exception as error:  # noqa: BLE001 - the server's own log would print the text of the error
            _log.error("%s", describe(error))
            return Failure("internal")

    async def _converse(self) -> NoReturn:
        try:
            first = await asyncio.wait_for(self._receive(), _FIRST_WITHIN)
        except TimeoutError:
            raise Failure("bad-message", detail="the first message did not come") from None
        conversation = await Conversation.open(
            self._websocket, first_message(first.get("text")), self._mailbox, self._language
        )
        try:
            while True:
                await self._next(conversation)
        finally:
            conversation.leave()

    async def _next(self, conversation: Conversation) -> None:
        """One message, or none for a while."""
        while conversation.full:
            # Not read: the network holds the client's next frames, the client the ones after.
            conversation.check()
            await asyncio.sleep(_LOOK_AGAIN)
        try:
            message = await asyncio.wait_for(self._receive(), _TICK)
        except TimeoutError:
            conversation.check()
            if time.monotonic() - self._heard_from > conversation.patience:
                raise Failure("silent") from None
            return
        self._heard_from = time.monotonic()
        conversation.check()
        if (sound := message.get("bytes")) is not None:
            await self._slow_down(self._frames)
            conversation.hear(sound)
        else:
            await self._slow_down(self._messages)
            await conversation.obey(message.get("text") or "")

    async def _receive(self) -> Message:
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1000))
        return message

    async def _slow_down(self, pace: Pace) -> None:
        while delay := pace.delay():
            await asyncio.sleep(delay)
