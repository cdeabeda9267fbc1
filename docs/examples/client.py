"""Dictates a recording into a workstation as a doctor would, and fetches what came of it.

    DICTATION_TOKEN=… python client.py http://127.0.0.1:8765 "Ахметова Г. С." visit.wav

The recording is WAV, 16 kHz, 16 bits, mono. Needs the packages httpx and websockets, and nothing of `dictation`.
"""

from __future__ import annotations

import asyncio
import json
import os
import struct
import sys
import wave
from typing import Any
from urllib.parse import quote

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FRAME = 4000
"""Samples in a frame of sound: a quarter of a second."""


async def dictate(server: str, headers: dict[str, str], sound: bytes, context: dict[str, Any]) -> dict[str, Any]:
    """The draft of what was said. A connection that is lost is made again, and the same dictation goes on."""
    address = server.replace("http", "ws", 1) + "/api/v1/dictate"
    first: dict[str, Any] = {"type": "start", "protocol": 1, "context": context}
    async for socket in connect(address, subprotocols=["dictation.v1"], additional_headers=headers, max_size=None):
        sender = None
        try:
            await socket.send(json.dumps(first))
            async for text in socket:
                message = json.loads(text)
                match message["type"]:
                    case "started":
                        first = {"type": "resume", "protocol": 1, "dictation": message["dictation"]}
                        sender = asyncio.create_task(send(socket, sound, message["samples"]))
                    case "final":
                        print(message["utterance"]["text"])
                    case "notice":
                        print(f"({message['text']})")
                    case "finished":
                        draft: dict[str, Any] = message["draft"]
                        return draft
                    case "error" if message["fatal"]:
                        raise RuntimeError(message["text"])
        except ConnectionClosed:
            continue
        finally:
            if sender:
                sender.cancel()
    raise RuntimeError("the server is gone")


async def send(socket: ClientConnection, sound: bytes, first: int) -> None:
    """The sound from sample `first` on. Each frame begins with the number of its first sample."""
    for sample in range(first, len(sound) // 2, FRAME):
        await socket.send(struct.pack("<Q", sample) + sound[2 * sample : 2 * (sample + FRAME)])
    await socket.send(json.dumps({"type": "finish"}))


def read(path: str) -> bytes:
    """The samples of a recording."""
    with wave.open(path) as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (16_000, 1, 2):
            raise SystemExit(f"{path}: make it 16 kHz, mono, 16 bits first")
        return file.readframes(file.getnframes())


def main() -> None:
    """Dictate, correct a value, and fetch the record, its sound and its bundle."""
    server, doctor, path = sys.argv[1:]
    # The doctor was checked by your system; the name goes into the record's history and the audit log.
    headers = {"Authorization": f"Bearer {os.environ['DICTATION_TOKEN']}", "X-Dictation-Doctor": quote(doctor)}
    context = {"patient": {"name": "Иванов И. И.", "iin": "800517300127"}, "visit": {"id": "42"}}
    draft = asyncio.run(dictate(server, headers, read(path), context))
    record = draft["record"]

    with httpx.Client(base_url=f"{server}/api/v1/records/{record['id']}", headers=headers, timeout=60) as client:
        weight = client.put("/fields/weight", params={"version": draft["version"]}, json={"value": 71.5})
        draft = weight.raise_for_status().json()
        for key, field in draft["record"]["fields"].items():
            if field["status"] != "empty":
                print(f"{key}: {field['value']} [{field['status']} {' '.join(field['reasons'])}]")
        print("to be confirmed before signing:", ", ".join(draft["open_checks"]) or "nothing")

        evidence = next((place for field in record["fields"].values() for place in field["evidence"]), None)
        if evidence:
            heard = client.get("/audio", params={"start": evidence["start"], "end": evidence["end"]})
            print("sound of the first value:", len(heard.raise_for_status().content), "bytes")
        bundle = client.get("/bundle").raise_for_status().json()
        print("bundle:", ", ".join(entry["resource"]["resourceType"] for entry in bundle["entry"]))


if __name__ == "__main__":
    main()
