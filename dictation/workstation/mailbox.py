"""What waits to be sent to one client: bounded, whatever the client does."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass

# Of these only the newest is worth sending.
_SUPERSEDED = frozenset({"partial", "record", "kept", "level"})
# Utterances of an hour; a client that is so far behind does not read.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as text; `last`: the connection ends with it."""

    kind: str
    text: str
    last: bool = False


class Mailbox:
    """Filled from any thread, emptied by the socket. Once it is `full` it takes nothing any more."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._lock = threading.Lock()
        self._letters: deque[Letter] = deque()
        self._there = asyncio.Event()
        self._closed = False
        self.full = False

    def put(self, letter: Letter) -> None:
        """A message; an older one of its kind that it supersedes is not sent any more."""
        with self._lock:
            if self._closed or self.full:
                return
            if letter.kind in _SUPERSEDED:
                self._letters = deque(one for one in self._letters if one.kind != letter.kind)
            self._letters.append(letter)
            self.full = len(self._letters) > _MOST
            self._closed = letter.last
        self._wake()

    def close(self) -> None:
        """Nothing more is taken; what waits is dropped."""
        with self._lock:
            self._closed = True
            self._letters.clear()

    async def take(self) -> Letter:
        """The next message, waited for."""
        while True:
            with self._lock:
                if self._letters:
                    return self._letters.popleft()
                self._there.clear()
            await self._there.wait()

    def _wake(self) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._there.set)
