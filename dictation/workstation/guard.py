"""What every request and every socket passes before anything else sees it.

It must name this server, come from a page that may use it, be small enough and not one of too many; every answer
leaves with the headers that keep browsers careful; and an error is told by its place, never by its text, which could
hold what was dictated.
"""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dictation.console import describe
from dictation.workstation.failures import Failure, preferred
from dictation.workstation.hosts import answers_to, is_own
from dictation.workstation.pace import Pace
from dictation.workstation.settings import Settings

API = "/api/"
_CORS_HEADERS = "authorization, content-type, accept-language, x-dictation-doctor"
_CORS_METHODS = "GET, POST, PUT, DELETE"
_MOST_CALLERS = 1000

_log = logging.getLogger(__name__)


def answer_of(failure: Failure, headers: Headers) -> JSONResponse:
    """A failure as the answer to a request with these headers, in the client's language."""
    body = failure.body(preferred(headers.get("accept-language", "")))
    wait = {"retry-after": str(failure.more["retry_after"])} if "retry_after" in failure.more else None
    return JSONResponse(body, status_code=failure.status, headers=wait)


class Guard:
    """ASGI middleware around the whole application."""

    def __init__(self, app: ASGIApp, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._settings = app, settings
        self._rates = _Rates(settings.requests_a_second, settings.burst, clock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        body = _Counted(receive, self._settings.largest_body)
        answer = _Answer(self._settings, scope, headers, send, body)
        try:
            self._check(scope, headers)
            if scope["type"] == "http" and scope["method"] == "OPTIONS" and "origin" in headers:
                await answer.allow()
                return
            await self._app(scope, body.receive, answer.send)
        except Failure as failure:
            await answer.refuse(failure)
        except Exception as error:  # noqa: BLE001 - the server's own log would print the text of the error
            _log.error("%s", describe(error))
            await answer.refuse(Failure("internal"))

    def _check(self, scope: Scope, headers: Headers) -> None:
        if not answers_to(self._settings, headers.get("host", "")):
            raise Failure("unknown-host")
        self._check_origin(scope, headers)
        if not self._rates.allow((scope.get("client") or ("",))[0]):
            raise Failure("too-many", retry_after=1)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self._settings.largest_body:
            raise Failure("too-large")

    def _check_origin(self, scope: Scope, headers: Headers) -> None:
        origin = headers.get("origin")
        if origin is not None:
            if origin not in self._settings.allowed_origins and not is_own(
                self._settings, origin, headers.get("host", "")
            ):
                raise Failure("foreign-origin")
        elif scope["path"].startswith(API) and headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
            # A picture or a script on a foreign page, which sends no origin.
            raise Failure("foreign-origin")


class _Counted:
    """A body that may turn out larger than was said."""

    def __init__(self, receive: Receive, largest: int) -> None:
        self._receive, self._left = receive, largest

    @property
    def too_large(self) -> bool:
        """Whether it was broken off."""
        return self._left < 0

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            if self.too_large:
                raise Failure("too-large")
        return message


class _Answer:
    """What goes back for one request."""

    def __init__(self, settings: Settings, scope: Scope, headers: Headers, send: Send, body: _Counted) -> None:
        self._settings, self._scope, self._headers, self._send = settings, scope, headers, send
        self._body = body
        self._begun = False

    async def send(self, message: Message) -> None:
        if self._body.too_large:
            # Whoever read the body calls it broken; what it is, is too large.
            await self.refuse(Failure("too-large"))
            return
        await self._pass_on(message)

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._begun = True
            self._harden(MutableHeaders(scope=message))
        elif message["type"] == "websocket.accept":
            self._begun = True
        await self._send(message)

    async def allow(self) -> None:
        """A preflight of an allowed page."""
        headers = [
            (b"access-control-allow-methods", _CORS_METHODS.encode()),
            (b"access-control-allow-headers", _CORS_HEADERS.encode()),
            (b"access-control-max-age", b"600"),
        ]
        if self._headers.get("access-control-request-private-network") == "true":
            headers.append((b"access-control-allow-private-network", b"true"))
        await self.send({"type": "http.response.start", "status": 204, "headers": headers})
        await self.send({"type": "http.response.body", "body": b""})

    async def refuse(self, failure: Failure) -> None:
        """The answer is no, unless another has begun."""
        if self._begun:
            if self._scope["type"] == "websocket":
                await self._send({"type": "websocket.close", "code": 1011})
            return
        if self._scope["type"] == "websocket":
            await self._send({"type": "websocket.close", "code": 1008})
            return
        await answer_of(failure, self._headers)(self._scope, self._body.receive, self._pass_on)

    def _harden(self, headers: MutableHeaders) -> None:
        origins = self._settings.allowed_origins
        ancestors = " ".join(["'self'", *sorted(origins)]) if origins else "'none'"
        policy = headers.get("content-security-policy", _POLICY)
        headers["content-security-policy"] = f"{policy}; frame-ancestors {ancestors}"
        headers["x-content-type-options"] = "nosniff"
        headers["referrer-policy"] = "no-referrer"
        headers["cross-origin-resource-policy"] = "same-origin"
        headers.setdefault("permissions-policy", "microphone=(self), camera=(), geolocation=(), payment=(), usb=()")
        if not origins:
            headers["x-frame-options"] = "DENY"
            headers["cross-origin-opener-policy"] = "same-origin"
        if self._settings.tls:
            headers["strict-transport-security"] = "max-age=31536000"
        headers.setdefault("cache-control", "no-store" if self._scope["path"].startswith(API) else "no-cache")
        headers.add_vary_header("Origin")
        origin = self._headers.get("origin")
        if origin in origins:
            headers["access-control-allow-origin"] = origin
            headers["access-control-expose-headers"] = "retry-after"


_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


class _Rates:
    """A pace for each address; the addresses that were silent longest are forgotten."""

    def __init__(self, a_second: float, burst: int, clock: Callable[[], float]) -> None:
        self._a_second, self._burst, self._clock = a_second, burst, clock
        self._paces: OrderedDict[str, Pace] = OrderedDict()

    def allow(self, address: str) -> bool:
        pace = self._paces.setdefault(address, Pace(self._a_second, self._burst, self._clock))
        self._paces.move_to_end(address)
        if len(self._paces) > _MOST_CALLERS:
            self._paces.popitem(last=False)
        return pace.allow()
