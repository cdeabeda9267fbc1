"""The published AsyncAPI: current, whole, and what really goes over the socket."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from dictation.workstation.asyncapi import asyncapi
from tests.support import ROOT
from tests.workstation.serving import Served, Talk

PUBLISHED = ROOT / "docs" / "asyncapi.json"


def published() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return found


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        yield from ([node["$ref"]] if "$ref" in node else [])
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from references(part)


def test_what_is_published_is_what_the_code_says() -> None:
    """To write it anew: python -m dictation.workstation.asyncapi > docs/asyncapi.json"""
    assert published() == asyncapi()


def test_every_reference_leads_somewhere() -> None:
    document = published()
    found = set(references(document))
    assert len(found) > 50
    for reference in found:
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


def test_the_messages_are_those_of_the_contract() -> None:
    """By hand: what a client may send, what it may hear."""
    document = published()

    def names(operation: str) -> set[str]:
        listed = (one["$ref"].rpartition("/")[2] for one in document["operations"][operation]["messages"])
        return {document["components"]["messages"][name].get("name", name) for name in listed}

    assert names("fromClient") == {
        "start", "resume", "focus", "step", "pause", "continue", "finish", "cancel", "ping", "Sound",
    }  # fmt: skip
    assert names("toClient") == {
        "started", "partial", "final", "record", "field", "command", "kept", "level", "notice", "finished",
        "cancelled", "error",
    }  # fmt: skip


def validator(name: str) -> Draft202012Validator:
    """Of the payload of a message, by the `name` that its `type` has."""
    document = published()
    message = next(one for one in document["components"]["messages"].values() if one.get("name") == name)
    return Draft202012Validator({**message["payload"], "components": document["components"]})


@pytest.mark.slow
def test_what_goes_over_the_socket_is_what_is_published(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    sent = [
        {"type": "start", "protocol": 1, "form": "052u-visit", "context": {"patient": {"name": "Иванов"}}},
        {"type": "focus", "field": "complaints"},
        {"type": "focus", "field": "no-such-field"},
        {"type": "step", "direction": "next"},
        {"type": "ping"},
        {"type": "pause"},
        {"type": "continue"},
        {"type": "finish"},
    ]
    for message in sent:
        validator(message["type"]).validate(message)
    with Talk.of(server, browser) as talk:
        talk.send(sent[0])
        talk.until("started")
        talk.sound(speech)
        talk.connection.send(struct.pack("<Qh", len(speech) + 8000, 0))
        for message in sent[1:-2]:
            talk.send(message)
        talk.until("record")
        for message in sent[-2:]:
            talk.send(message)
        talk.closed()
    heard = {message["type"] for message in talk.heard}
    assert {"started", "partial", "final", "record", "field", "kept", "notice", "finished", "error"} <= heard
    for message in talk.heard:
        validator(message["type"]).validate(message)


def test_a_message_that_is_none_does_not_pass() -> None:
    assert not validator("kept").is_valid({"type": "kept"})
    assert not validator("start").is_valid({"type": "start", "protocol": 2})
    assert not validator("cancel").is_valid({"type": "cancel", "confirm": False})
