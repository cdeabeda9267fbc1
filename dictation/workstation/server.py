"""The server process: a port, a certificate, the workers beside it, and an end in good order."""

from __future__ import annotations

import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import uvicorn
from cryptography import x509
from fastapi import FastAPI

from dictation.errors import DictationError, InputError, UsageError
from dictation.mis.delivery import Delivery
from dictation.mis.ends import open_end
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import find_profile
from dictation.store import Store
from dictation.workstation.hosts import is_loopback
from dictation.workstation.protocol import LARGEST_FRAME
from dictation.workstation.settings import Settings, Tls

_TIDY_FIRST, _TIDY_EVERY = 60.0, 24 * 3600.0
# Requests that are under way at the end; dictations have their own time after it.
_LEAVING = 5
_MOST_CONNECTIONS = 200
_SHORTEST_TOKEN = 16
# Seconds for which a thread may hold up the others (5 ms otherwise): sound and words pass between several, and a form
# that is being filled must not hold them up.
_TURN = 0.001

_log = logging.getLogger(__name__)


def refuse_open(settings: Settings) -> None:
    """UsageError where others on the network could listen in."""
    if settings.tls is None and not is_loopback(settings.host):
        raise UsageError(
            f"--host {settings.host}: reachable from other machines, and so only with a certificate: give --tls-cert "
            "and --tls-key, or leave --host away"
        )


def certificate_names(tls: Tls) -> frozenset[str]:
    """The names that a certificate is for. InputError where it cannot be read."""
    try:
        certificate = x509.load_pem_x509_certificate(tls.certificate.read_bytes())
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except OSError as error:
        raise InputError(f"{tls.certificate}: certificate cannot be read: {error.strerror}") from error
    except x509.ExtensionNotFound:
        return frozenset()
    except ValueError as error:
        raise InputError(f"{tls.certificate}: not a PEM certificate") from error
    return frozenset(names.get_values_for_type(x509.DNSName))


def api_token() -> str | None:
    """The token of vendors' programs from `$DICTATION_API_TOKEN_FILE`; None where it is not set. InputError."""
    named = os.environ.get("DICTATION_API_TOKEN_FILE")
    if not named:
        return None
    try:
        token = Path(named).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{named}: the token cannot be read; check $DICTATION_API_TOKEN_FILE") from error
    if len(token) < _SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        raise InputError(f"{named}: a token is one line of at least {_SHORTEST_TOKEN} printable ASCII characters")
    return token


@contextmanager
def bound(settings: Settings) -> Iterator[tuple[socket.socket, Settings]]:
    """The port, taken, and the settings with its number. UsageError where it cannot be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
            listener.listen(128)
        except (OSError, OverflowError) as error:
            raise UsageError(_why_not(settings, error)) from error
        yield listener, replace(settings, port=listener.getsockname()[1])


def address(settings: Settings) -> str:
    """What a browser opens, the token in the fragment, which no server and no log ever sees."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    if host in {"0.0.0.0", "[::]"}:
        host = next((name for name in sorted(settings.names) if not name.startswith("*")), socket.gethostname())
    return f"{settings.scheme}://{host}:{settings.port}/#token={settings.token}"


def server_of(app: FastAPI, settings: Settings, started: Callable[[], None] = lambda: None) -> uvicorn.Server:
    """The server of an application, which calls `started` once the port answers. InputError where certificate and
    key do not fit."""
    config = uvicorn.Config(
        app,
        ssl_certfile=settings.tls.certificate if settings.tls else None,
        ssl_keyfile=settings.tls.key if settings.tls else None,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        # Reading stops while much sound waits, and answers to pings with it; the socket keeps its own watch.
        ws_ping_interval=None,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_LEAVING,
    )
    try:
        config.load()
    except (OSError, ValueError) as error:
        raise InputError("the certificate and its key cannot be used; check --tls-cert and --tls-key") from error
    return _Server(config, started)


def run(server: uvicorn.Server, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM; dictations are suspended then, and can be gone on with."""
    sys.setswitchinterval(_TURN)
    with _told_to_stop(server):
        server.run(sockets=[listener])


@contextmanager
def workers(store: Store) -> Iterator[None]:
    """What goes on beside the server: the outbox is sent, what is past its time is deleted once a day."""
    stop = threading.Event()
    delivery = Delivery(Outbox(store), lambda destination: open_end(find_profile(destination)))
    running = [
        threading.Thread(target=delivery.run, args=(stop,), name="outbox", daemon=True),
        threading.Thread(target=_tidy, args=(store, stop), name="tidy", daemon=True),
    ]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in running:
            thread.join(_LEAVING)


class _Server(uvicorn.Server):
    """Leaves the signals to us, and tells when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._tell_started = started

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._tell_started()


@contextmanager
def _told_to_stop(server: uvicorn.Server) -> Iterator[None]:
    """The first signal ends the server in good order; what comes after does not hurry it: sound is being written."""

    def stop(_signal: int, _frame: object) -> None:
        server.should_exit = True

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tidy(store: Store, stop: threading.Event) -> None:
    pause = _TIDY_FIRST
    while not stop.wait(pause):
        pause = _TIDY_EVERY
        try:
            store.tidy()
        except DictationError as error:
            _log.warning("tidy: %s", error)


def _why_not(settings: Settings, error: Exception) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return (
            f"--port {settings.port}: in use, perhaps by another dictation serve; close that, or give another port "
            "(--port 0 takes any that is free)"
        )
    reason = error.strerror if isinstance(error, OSError) else "no such port"
    return f"cannot listen at {settings.host} port {settings.port}: {reason}; check --host and --port"
