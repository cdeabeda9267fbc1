"""The socket as AsyncAPI 3.0, published as `docs/asyncapi.json`: made of the messages in `protocol`."""

from __future__ import annotations

import json
import sys
from importlib.metadata import version
from types import UnionType
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from dictation.workstation import protocol
from dictation.workstation.failures import known

Json = dict[str, Any]

_SCHEMAS = "#/components/schemas/{model}"

_SOUND = (
    "Eight bytes little-endian unsigned: the number of the frame's first sample, counted from the start of the "
    "dictation at 16 kHz. Then 16-bit little-endian mono samples, 1 to 16000. What overlaps with sound that is there "
    "is left out; where sound is missing silence takes its place, the record tells of it, and `error` with the code "
    "`gap` comes."
)
_DESCRIPTION = (
    "Voice dictation for clinical data entry. A client begins with `start` or `resume`, sends sound frames, keeps a "
    "copy of what it sent until `kept` says that it is on disk, and ends with `finish`. After a lost connection it "
    "sends `resume` and goes on from the sample that `started` names. The handshake carries the session cookie, or "
    "`Authorization: Bearer TOKEN` with `X-Dictation-Doctor`; a page of another origin, which can send neither, puts "
    "`token` and `doctor` into its first message. `?page=ru`, `kk` or `en` chooses the language of texts. Errors "
    "have codes of a closed list: "
)


def asyncapi() -> Json:
    """The document."""
    sent, received = messages(protocol.ClientMessage), messages(protocol.ServerMessage)
    names = {model.__name__: _message(model) for model in (*sent, *received)}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "dictation: the socket",
            "version": f"{version('dictation')}, protocol {protocol.PROTOCOL}",
            "description": _DESCRIPTION + ", ".join(f"`{code}`" for code in sorted(known())) + ".",
        },
        "servers": {
            "workstation": {"host": "127.0.0.1:8765", "protocol": "ws"},
            "clinic": {"host": "dictation.clinic.example:8765", "protocol": "wss"},
        },
        "channels": {
            "dictate": {
                "address": "/api/v1/dictate",
                "description": f"Subprotocol `{protocol.SUBPROTOCOL}`. Text frames are JSON, binary frames sound.",
                "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in [*names, "Sound"]},
                "bindings": {"ws": {"method": "GET"}},
            }
        },
        "operations": {
            "fromClient": _operation("receive", [model.__name__ for model in sent] + ["Sound"]),
            "toClient": _operation("send", [model.__name__ for model in received]),
        },
        "components": {
            "messages": {
                **names,
                "Sound": {
                    "summary": "Sound of the client's microphone.",
                    "description": _SOUND,
                    "contentType": "application/octet-stream",
                    "payload": {"type": "string", "format": "binary", "minLength": 10, "maxLength": 32_008},
                },
            },
            "schemas": _schemas(sent, received),
        },
    }


def messages(union: Any) -> list[type[BaseModel]]:
    """The models of a union of messages."""
    return list(get_args(union if isinstance(union, UnionType) else get_args(union)[0]))


def _message(model: type[BaseModel]) -> Json:
    summary, _, rest = (model.__doc__ or "").partition(". ")
    name = get_args(model.model_fields["type"].annotation)[0]
    told = {"name": name, "summary": " ".join(summary.split()).rstrip(".")}
    if rest:
        told["description"] = " ".join(rest.split())
    return {
        **told,
        "contentType": "application/json",
        "payload": {"$ref": _SCHEMAS.format(model=model.__name__)},
    }


def _operation(action: str, names: list[str]) -> Json:
    return {
        "action": action,
        "channel": {"$ref": "#/channels/dictate"},
        "messages": [{"$ref": f"#/channels/dictate/messages/{name}"} for name in names],
    }


def _schemas(sent: list[type[BaseModel]], received: list[type[BaseModel]]) -> Json:
    _, definitions = models_json_schema(
        [*((model, "validation") for model in sent), *((model, "serialization") for model in received)],
        ref_template=_SCHEMAS,
    )
    found: Json = definitions["$defs"]
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncapi(), ensure_ascii=False, indent=2) + "\n")
