"""JSON that can be kept and given back: what Python reads and others cannot write is refused."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

_MOST_DIGITS = 15


class StrictRequest(Request):
    """A request whose body is JSON by the letter: numbers that a double holds, text that UTF-8 holds, no NUL."""

    async def json(self) -> Any:
        """The body. ValueError, which is answered as `invalid`."""
        if not hasattr(self, "_read"):
            self._read = read(await self.body())
        return self._read


class StrictRoute(APIRoute):
    """An endpoint that takes such bodies."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's way to put another request in."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            return await handler(StrictRequest(request.scope, request.receive))

        return handle


def read(body: bytes) -> Any:
    """JSON by the letter. ValueError, RecursionError."""
    value = json.loads(body, parse_constant=_refuse, parse_float=_float, parse_int=_int)
    # Lone surrogates fail here; NUL cannot be kept in every database.
    if "\\u0000" in json.dumps(value, ensure_ascii=False).encode("utf-8").decode("utf-8"):
        raise ValueError("NUL")
    return value


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _float(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError("too large a number")
    return value


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("too large a number")
    return int(text)
