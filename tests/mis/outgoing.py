"""Signed visits to send, an engine to send them to, and a server of the tests' own that stands before it."""

from __future__ import annotations

import ssl
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import httpx

from dictation.forms.iin import is_valid
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record
from dictation.store import Store
from tests.store.support import record
from tests.support import need, one_at_a_time

FOLDER = Path(__file__).parent / "fhir-server"
DOCTOR = "Ахметова Г. С."


def visit(number: int, patient: int = 0, **changes: Any) -> Record:
    """The visit of that number to a patient of that number."""
    empty = {item.key: {"value": None, "status": "empty"} for item in load_form("052u-visit").items}
    made = record().model_dump(mode="json")
    context = {
        "patient": {"iin": iin(patient), "name": f"Сейтқали Айгүл {patient}", "birth_date": "1980-05-17"},
        "visit": {"id": f"V-{number}", "date": "2026-11-22", "practitioner": DOCTOR},
    }
    whole = {"id": str(UUID(int=number + 1)), "context": context, "fields": {**empty, **made["fields"]}}
    return record(**{**whole, **changes})


def iin(patient: int) -> str:
    """A valid number, another one for every patient."""
    # A stem in a hundred or so has no check digit: then the next day.
    stems = (f"8005{day}4{patient:04}" for day in range(10, 30))
    return next(number for stem in stems for digit in "0123456789" if is_valid(number := stem + digit))


def signed(store: Store, given: Record) -> str:
    """Save and sign a visit; its id."""
    store.save(given)
    store.sign(str(given.id), doctor=DOCTOR, confirmed=("temperature",))
    return str(given.id)


@contextmanager
def fhir_engine() -> Iterator[str]:
    """The address of a FHIR R4 engine that validates all it stores, for the time of the block."""
    node, npm = need("node"), need("npm")
    with one_at_a_time("fhir-server"):
        if not (FOLDER / "node_modules").is_dir():
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True, capture_output=True)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen([node, "server.mjs"], cwd=FOLDER, text=True, **pipes) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        finally:
            process.stdin.close()


def copies(engine: str, identifier: str, kind: str = "Composition", path: str = "Composition") -> int:
    """How many resources of that place in a record the engine holds."""
    named = quote(f"urn:dictation:fhir:record|{identifier}/{path}", safe="")
    answer = httpx.get(f"{engine}/{kind}?identifier={named}&_summary=count", timeout=60)
    return int(answer.json()["total"])


def stored(engine: str, identifier: str, kind: str, path: str) -> dict[str, Any]:
    """The one resource of that place in a record."""
    named = quote(f"urn:dictation:fhir:record|{identifier}/{path}", safe="")
    (entry,) = httpx.get(f"{engine}/{kind}?identifier={named}", timeout=60).json()["entry"]
    found: dict[str, Any] = entry["resource"]
    return found


@dataclass(frozen=True)
class Fault:
    """What the server does with a request instead of passing it on."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    lost: bool = False
    """Passed on, and the connection closed before the answer."""
    hangs: float = 0.0


LOST = Fault(lost=True)
_CLOSE = {"Connection": "close"}
GARBAGE = Fault(body=b"<html>\x00\xff</html>", headers={"Content-Type": "text/html"})


class Front:
    """A server before the engine: the first requests meet the faults in order, the others are passed on.

    `seen` are the headers and bodies of all that came; `token`, if set, is the one that is let in.
    """

    def __init__(self, engine: str | None, faults: list[Fault] | None = None, delay: float = 0.0) -> None:
        self.engine, self.faults, self.delay = engine, list(faults or []), delay
        self.seen: list[tuple[str, dict[str, str], bytes]] = []
        self.token: str | None = None
        self.granted: list[str] = []
        self.lock = threading.Lock()

    @contextmanager
    def open(self, context: ssl.SSLContext | None = None) -> Iterator[str]:
        """Its address for the time of the block."""
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        server.daemon_threads = True
        if context:
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield f"{'https' if context else 'http'}://127.0.0.1:{server.server_address[1]}/fhir"
        finally:
            server.shutdown()
            server.server_close()

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> Fault | None:
        """What to answer; None where nothing is."""
        with self.lock:
            self.seen.append((path, headers, body))
            if path.endswith("/token"):
                self.token = f"token-{len(self.granted) + 1}-secret"
                self.granted.append(headers.get("Authorization", ""))
                text = f'{{"access_token": "{self.token}", "token_type": "Bearer", "expires_in": 3600}}'
                return Fault(body=text.encode())
            if self.token and headers.get("Authorization") != f"Bearer {self.token}":
                return Fault(401)
            fault = self.faults.pop(0) if self.faults else None
        if fault and not fault.lost:
            time.sleep(fault.hangs)
            return None if fault.hangs else fault
        assert self.engine
        time.sleep(self.delay)
        passed = httpx.post(self.engine, content=body, headers={"Content-Type": "application/fhir+json"}, timeout=60)
        time.sleep(self.delay)
        return None if fault else Fault(passed.status_code, passed.content)


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = front.answer(urlsplit(self.path).path, dict(self.headers), body)
            self.close_connection = True
            if answer is None:
                return
            self.send_response_only(answer.status)
            for name, value in {**_CLOSE, "Content-Length": str(len(answer.body)), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ssl.SSLError):
                # Whoever asked has gone, or was not let in.
                self.close_connection = True

    return Handler
