"""Whatever a client sends over the socket, the server stands and the others go on."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.exceptions import ConnectionClosed

from dictation.session import Dictation
from dictation.store import Store
from tests.support import wait_until
from tests.workstation.serving import PATIENCE, Served, Talk, served
from tests.workstation.test_asyncapi import validator

pytestmark = pytest.mark.slow

EXAMPLES = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
kinds = st.sampled_from(["start", "resume", "focus", "step", "pause", "continue", "ping", "started", "record", ""])
keys = st.sampled_from(["protocol", "field", "direction", "dictation", "form", "context", "token", "microphone", "x"])
parts = st.dictionaries(keys, json_values, max_size=4)
half_right = st.builds(lambda kind, rest: {**rest, "type": kind}, kinds, parts)
right = st.sampled_from(
    [
        {"type": "focus", "field": "complaints"},
        {"type": "focus", "field": None},
        {"type": "step", "direction": "next"},
        {"type": "pause"},
        {"type": "continue"},
        {"type": "ping"},
    ]
)
sound = st.builds(
    lambda first, samples, tail: first.to_bytes(8, "little") + samples + tail,
    st.integers(0, 40_000) | st.integers(0, 2**64 - 1),
    st.integers(0, 2000).map(lambda count: b"\x01\x02" * count),
    st.sampled_from([b"", b"\x00"]),
)
frames = st.lists(
    st.one_of((half_right | right).map(json.dumps), st.text(max_size=50), st.binary(max_size=50), sound), max_size=12
)


@pytest.fixture
def server(store: Store, dictation: Dictation) -> Iterator[Served]:
    """One that has patience with a client who says nothing."""
    with served(store, dictation, without_client=600.0) as running:
        yield running


@pytest.fixture
def other(server: Served, browser: httpx.Client, speech: np.ndarray) -> Iterator[Talk]:
    """Somebody else's dictation, which must not notice."""
    with server.talk(browser) as talk:
        talk.until("started")
        talk.sound(speech)
        talk.until_kept(len(speech))
        yield talk
        talk.send({"type": "finish"})
        assert talk.until("finished")["draft"]["version"] == 1
        assert not talk.of_type("error")


def answered(talk: Talk, sent: list[Any]) -> None:
    """Send all, then hear the server out; everything that it says follows the protocol."""
    with suppress(ConnectionClosed):
        for frame in sent:
            talk.connection.send(frame)
        talk.send({"type": "cancel", "confirm": True})
    talk.closed()
    for message in talk.heard:
        validator(message["type"]).validate(message)
    assert "internal" not in {message.get("code") for message in talk.heard}


@EXAMPLES
@given(sent=frames)
def test_anything_after_a_start(
    server: Served, browser: httpx.Client, other: Talk, store: Store, sent: list[Any]
) -> None:
    with server.talk(browser) as talk:
        answered(talk, sent)
        assert talk.heard[-1]["type"] == "cancelled"
    assert store.unfinished() == []


@EXAMPLES
@given(sent=frames)
def test_anything_from_the_beginning(server: Served, browser: httpx.Client, other: Talk, sent: list[Any]) -> None:
    with Talk.of(server, browser) as talk:
        answered(talk, sent)
        assert talk.heard[-1]["type"] in {"error", "cancelled"}


def test_frames_that_are_too_large_end_the_connection_alone(
    server: Served, browser: httpx.Client, other: Talk
) -> None:
    for large in (b"\x00" * 300_000, "x" * 300_000):
        with server.talk(browser) as talk:
            talk.until("started")
            with suppress(ConnectionClosed):
                talk.connection.send(large)
            assert talk.closed() == 1009


def test_a_client_that_reads_nothing_fills_no_memory_and_is_left(
    server: Served, browser: httpx.Client, other: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks for one field after the other and never takes an answer."""
    monkeypatch.setattr("dictation.workstation.dictate_socket._SENT_WITHIN", 1.0)
    with server.talk(browser) as talk:
        dictation = talk.until("started")["dictation"]
        running = server.app.state.house.desk.dictations.find(dictation)
        with socket.create_connection(("127.0.0.1", server.settings.port)) as deaf:
            deaf.sendall(handshake(server, browser))
            assert deaf.recv(2000).startswith(b"HTTP/1.1 101")
            deaf.sendall(text_frame({"type": "resume", "dictation": dictation}))
            assert talk.closed() == 1000
            seat = running.telling.seat
            # The network's own buffers are filled by messages that none supersedes.
            for _ in range(100):
                running.do(lambda: running.telling.obeyed("x" * 200_000)).result(PATIENCE)
            wait_until(lambda: running.telling.seat is not seat, "not waited for any more", PATIENCE)
    assert running.telling.seat is None


def handshake(server: Served, browser: httpx.Client) -> bytes:
    """The beginning of a socket by hand."""
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    lines = [
        "GET /api/v1/dictate HTTP/1.1",
        f"Host: 127.0.0.1:{server.settings.port}",
        f"Cookie: {cookies}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def text_frame(message: dict[str, Any]) -> bytes:
    """A text frame of less than 126 bytes, masked with zeros."""
    content = json.dumps(message).encode()
    return bytes([0x81, 0x80 | len(content)]) + bytes(4) + content
