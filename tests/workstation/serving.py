"""A real server on a real port for the tests, and clients of it."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
import numpy as np
from fastapi import FastAPI
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from dictation.session import Dictation
from dictation.store import Store
from dictation.workstation.app import create_app
from dictation.workstation.server import bound, server_of
from dictation.workstation.settings import Settings
from tests.store.support import kept_sound
from tests.support import wait_until

DOCTOR, PIN = "Ахметова А. С.", "2468"
PATIENCE = 60.0
_PING = 0.4


@dataclass
class Served:
    """A running server."""

    app: FastAPI
    settings: Settings
    store: Store

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.settings.port}"

    def client(self, **headers: str) -> httpx.Client:
        """A browser that has not entered."""
        return httpx.Client(base_url=self.base, headers=headers, timeout=PATIENCE)

    def browser(self) -> httpx.Client:
        """A browser that has entered."""
        client = self.client(origin=self.base)
        assert client.post("/api/v1/enter", json={"token": self.settings.token}).status_code == 204
        return client

    def unlocked(self, name: str = DOCTOR, pin: str = PIN) -> httpx.Client:
        """A browser that a doctor has unlocked; added if unknown."""
        client = self.browser()
        known = {one["name"]: one["id"] for one in client.get("/api/v1/state").json()["doctors"]}
        if name not in known:
            added = self.app.state.house.doctors.add(name, pin)
            known[name] = added.id
        assert client.post("/api/v1/unlock", json={"doctor": known[name], "secret": pin}).status_code == 200
        return client

    def talk(self, client: httpx.Client, **first: Any) -> Talk:
        """A socket of a browser, its first message sent."""
        talk = Talk.of(self, client)
        talk.send({"type": "start", "protocol": 1, **first})
        return talk

    def resumed(self, client: httpx.Client, dictation: str) -> Talk:
        """A socket of a browser that asks to go on with a dictation."""
        talk = Talk.of(self, client)
        talk.send({"type": "resume", "dictation": dictation})
        return talk


@contextmanager
def served(store: Store, dictation: Dictation, **settings: Any) -> Iterator[Served]:
    """A server over a store, on any port."""
    # Programs are let in by the token that browsers enter with, unless a test says otherwise.
    token = secrets.token_urlsafe(32)
    with bound(Settings(port=0, **{"token": token, "api_token": token, **settings})) as (listener, known):
        app = create_app(known, store, dictation)
        up = threading.Event()
        server = server_of(app, known, up.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        assert up.wait(PATIENCE)
        try:
            yield Served(app, known, store)
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


@dataclass
class Talk:
    """A client of the socket. `heard` is everything that the server has sent."""

    connection: ClientConnection
    heard: list[dict[str, Any]] = field(default_factory=list)
    pinged: float = field(default_factory=time.monotonic)

    @classmethod
    def of(cls, served: Served, client: httpx.Client, query: str = "", **headers: str) -> Self:
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        given = {"Cookie": cookies, "Origin": served.base, **headers}
        url = served.base.replace("http", "ws", 1) + "/api/v1/dictate" + query
        return cls(connect(url, additional_headers=given, subprotocols=["dictation.v1"], max_size=None, legacy=True))

    def send(self, message: dict[str, Any]) -> None:
        self.connection.send(json.dumps(message))

    def sound(self, sound: np.ndarray, first: int = 0, size: int = 4000) -> None:
        """Sound from sample `first` of the dictation on, in frames."""
        pcm = in_16_bits(sound)
        for start in range(0, len(pcm), size):
            self.connection.send((first + start).to_bytes(8, "little") + pcm[start : start + size].tobytes())

    def until(self, kind: str, **values: Any) -> dict[str, Any]:
        """The next message of a type with these values."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = self.next()
            if message["type"] == kind and all(message[name] == value for name, value in values.items()):
                return message
        raise AssertionError(f"no {kind} {values} among {[one['type'] for one in self.heard]}")

    def next(self) -> dict[str, Any]:
        """The next message; meanwhile the server is told that this client is there."""
        while True:
            if time.monotonic() > self.pinged + _PING:
                self.pinged = time.monotonic()
                self.send({"type": "ping"})
            try:
                message = json.loads(self.connection.recv(_PING))
            except TimeoutError:
                continue
            self.heard.append(message)
            return message

    def until_kept(self, samples: int) -> None:
        """Until so many samples are on disk."""
        while self.until("kept")["samples"] < samples:
            pass

    def begun(self, sound: np.ndarray) -> dict[str, Any]:
        """The message that the dictation has begun, when its first sound is on disk."""
        started = self.until("started")
        self.sound(sound)
        self.until_kept(len(sound))
        return started

    def finished(self) -> dict[str, Any]:
        """Ends the dictation; its draft."""
        self.send({"type": "finish"})
        draft: dict[str, Any] = self.until("finished")["draft"]
        return draft

    def closed(self) -> int | None:
        """Wait until the server closes; the code."""
        try:
            while True:
                self.heard.append(json.loads(self.connection.recv(PATIENCE)))
        except ConnectionClosed as end:
            return end.rcvd.code if end.rcvd else None

    def of_type(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.heard if message["type"] == kind]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()


def assert_kept(store: Store, dictation: str, sound: np.ndarray) -> None:
    """The store has the sound that a client sent, every sample of it and no other."""
    assert kept_sound(store, dictation).tolist() == in_16_bits(sound).tolist()


def in_16_bits(sound: np.ndarray) -> np.ndarray:
    """As a client sends it."""
    return (sound * 32767).astype("<i2")


def wait_until_unfinished(store: Store, dictation: str) -> None:
    """Until a dictation can be gone on with."""
    wait_until(lambda: dictation in {one.id for one in store.unfinished()}, "suspended", PATIENCE)
