"""A whole server over a store of its own, asked over HTTP as a vendor's program asks it."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
from starlette.testclient import TestClient, WebSocketTestSession

from dictation.audio.blocks import RATE
from dictation.forms.record import Record
from dictation.session import Dictation
from dictation.store import Store, open_store
from dictation.workstation.app import create_app
from dictation.workstation.settings import Settings
from tests.forms.cases import hypertension

DOCTOR = "Ахметова Гульнара Сериковна"
TOKEN = "a token of the tests"
API = "/api/v1"
HOST = "127.0.0.1:8765"

Json = dict[str, Any]


@dataclass(frozen=True)
class Clinic:
    """A running application, its store, and a client in which a doctor acts."""

    home: Path
    store: Store
    client: TestClient

    def ask(self, method: str, path: str, body: Any = None, *, status: int = 200, **more: Any) -> Any:
        """The JSON of an answer, whose status is checked."""
        answer = self.client.request(method, API + path, json=body, **more)
        assert answer.status_code == status, (answer.status_code, answer.text)
        is_json = answer.content and answer.headers["content-type"] == "application/json"
        return answer.json() if is_json else answer

    def refused(self, code: str, status: int, method: str, path: str, body: Any = None, **more: Any) -> Json:
        """The error of an answer: its code and status are checked, and that it has a text for people."""
        error: Json = self.ask(method, path, body, status=status, **more)["error"]
        assert error["code"] == code
        assert error["text"]
        return error

    def keep(self, record: Record | None = None, sound: np.ndarray[Any, Any] | None = None) -> str:
        """A record in the store, with sound if given; its id."""
        kept = record or hypertension()
        if sound is None:
            self.store.save(kept)
        else:
            journal = self.store.begin(kept.form)
            journal.audio(sound)
            journal.close(kept)
        return str(kept.id)

    @contextmanager
    def dictating(self, **start: Any) -> Iterator[tuple[WebSocketTestSession, str]]:
        """A dictation in which nothing was said yet: its socket, and the id of its record."""
        with self.client.websocket_connect(f"ws://{HOST}{API}/dictate", subprotocols=["dictation.v1"]) as socket:
            socket.send_json({"type": "start", "protocol": 1, "token": TOKEN, "doctor": DOCTOR, **start})
            started = until(socket, "started")
            yield socket, started["record_id"]


def until(socket: WebSocketTestSession, kind: str) -> Json:
    """The next message of a kind."""
    while True:
        message: Json = socket.receive_json()
        if message["type"] == kind:
            return message
        assert message["type"] != "error", message


def frame(first: int, seconds: float) -> bytes:
    """A frame of silence from a sample on."""
    return struct.pack("<Q", first) + np.zeros(round(seconds * RATE), "<i2").tobytes()


@contextmanager
def opened(home: Path, dictation: Dictation, **settings: Any) -> Iterator[Clinic]:
    """A server; the same folder again is the same store."""
    with open_store(home=home, actor="system") as store:
        asked = {"token": TOKEN, "api_token": TOKEN, "requests_a_second": 1e6, "burst": 1_000_000, **settings}
        app = create_app(Settings(**asked), store, dictation)
        headers = {
            "authorization": f"Bearer {TOKEN}",
            "x-dictation-doctor": quote(DOCTOR),
            "accept-language": "ru",
        }
        with TestClient(app, base_url=f"http://{HOST}", headers=headers) as client:
            yield Clinic(home, store, client)
