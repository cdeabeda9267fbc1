"""What the server costs: seconds between word and text that it adds, and how many dictate side by side.

    python -m benchmarks.server RECORDING [--doctors 1,2,3] [--seconds S] [--engine E] [--json]

A server on a port of its own, and that many clients of its socket, each in real time with the same recording, taken
apart at its pauses as in `benchmarks.live` and begun at another place by each. Printed for every number of doctors:
from the client's sending of a frame to its being dictated, and from an event of the dictation to its arrival at the
client (both together are what the server adds); from the end of the voice to the final, and how many of the finals
came within two seconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import secrets
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

from benchmarks.live import Figures, Piece, Shown, distribution, measure, pieces_of
from dictation.audio.blocks import RATE
from dictation.audio.pcm import to_pcm
from dictation.memory import keep_steady
from dictation.session import Dictation
from dictation.speech.transcript import Utterance, Word
from dictation.store import open_store
from dictation.workstation.app import create_app
from dictation.workstation.running import Running
from dictation.workstation.server import bound, server_of
from dictation.workstation.settings import Settings
from dictation.workstation.telling import Telling

# Samples in a frame, as the page sends them.
_FRAME = 1600
_ASKED = 2.0


@dataclass
class Stamps:
    """Moments: when so many samples of a dictation were taken in, and when an utterance was ready, by its start and
    its text; of equal ones of several doctors the last is meant."""

    taken: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    ready: dict[tuple[Any, str], float] = field(default_factory=dict)


@contextmanager
def stamped(stamps: Stamps) -> Iterator[None]:
    """While it is entered, the server's dictations note their moments. No message tells when sound was dictated, and
    so the method that has it done is watched."""
    accept, final = Running._accept, Telling.final

    def noted_accept(self: Running, item: Any) -> None:
        accept(self, item)
        stamps.taken.setdefault(self.id, []).append((self._done, time.perf_counter()))

    def noted_final(self: Telling, utterance: Utterance) -> None:
        stamps.ready[(utterance.start, utterance.text)] = time.perf_counter()
        final(self, utterance)

    with patch.object(Running, "_accept", noted_accept), patch.object(Telling, "final", noted_final):
        yield


@dataclass
class Doctor:
    """One client: what it speaks, what it was shown and when, when it sent which sample."""

    pieces: list[Piece]
    shown: Shown = field(default_factory=Shown)
    sent: list[tuple[int, float]] = field(default_factory=list)
    arrived: dict[tuple[Any, str], float] = field(default_factory=dict)
    dictation: str = ""
    behind: float = 0.0

    async def dictate(self, url: str, token: str, begin: asyncio.Event) -> None:
        headers = {"Authorization": f"Bearer {token}", "X-Dictation-Doctor": "benchmark"}
        async with connect(url, additional_headers=headers, max_size=None) as socket:
            await socket.send(json.dumps({"type": "start", "protocol": 1}))
            self.dictation = json.loads(await socket.recv())["dictation"]
            await begin.wait()
            begun = time.perf_counter()
            reading = asyncio.create_task(self._read(socket, begun))
            await self._speak(socket, begun)
            await socket.send(json.dumps({"type": "finish"}))
            await reading

    async def _speak(self, socket: ClientConnection, begun: float) -> None:
        pcm = to_pcm(np.concatenate([piece.samples for piece in self.pieces]))
        for start in range(0, len(pcm), _FRAME):
            frame = pcm[start : start + _FRAME].astype("<i2")
            await asyncio.sleep(begun + (start + len(frame)) / RATE - time.perf_counter())
            self.sent.append((start + len(frame), time.perf_counter()))
            await socket.send(start.to_bytes(8, "little") + frame.tobytes())

    async def _read(self, socket: ClientConnection, begun: float) -> None:
        async for text in socket:
            now, message = time.perf_counter(), json.loads(text)
            if message["type"] == "final":
                said = message["utterance"]
                words = tuple(Word(**word) for word in said["words"])
                self.shown.finals.append((now - begun, Utterance(said["text"], words, said["start"], said["end"])))
                self.arrived[(said["start"], said["text"])] = now
            elif message["type"] == "notice" and message["code"] == "behind":
                self.behind = max(self.behind, message["seconds"])


def run(dictation: Dictation, pieces: list[Piece], doctors: int) -> dict[str, Any]:
    """The figures of so many doctors at once."""
    stamps = Stamps()
    with (
        tempfile.TemporaryDirectory() as folder,
        stamped(stamps),
        open_store(Path(folder) / "store.db", home=Path(folder)) as store,
        bound(Settings(port=0, api_token=secrets.token_hex())) as (listener, settings),
    ):
        up = threading.Event()
        server = server_of(create_app(settings, store, dictation), settings, up.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        up.wait()
        step = max(len(pieces) // doctors, 1)
        clients = [Doctor(pieces[number * step :] + pieces[: number * step]) for number in range(doctors)]
        asyncio.run(_all(clients, f"ws://127.0.0.1:{settings.port}/api/v1/dictate", str(settings.bearer)))
        server.should_exit = True
        thread.join()
    return _figures(clients, stamps)


async def _all(clients: list[Doctor], url: str, token: str) -> None:
    begin = asyncio.Event()
    tasks = [asyncio.create_task(client.dictate(url, token, begin)) for client in clients]
    while not all(client.dictation for client in clients):
        await asyncio.sleep(0.1)
    begin.set()
    await asyncio.gather(*tasks)


def _figures(clients: list[Doctor], stamps: Stamps) -> dict[str, Any]:
    into, out, figures = [], [], Figures()
    for client in clients:
        measure(client.pieces, client.shown, figures)
        taken = dict(stamps.taken[client.dictation])
        into += [taken[samples] - moment for samples, moment in client.sent if samples in taken]
        # One that came before the last of its equals was ready is another doctor's.
        out += [moment - stamps.ready[key] for key, moment in client.arrived.items() if moment >= stamps.ready[key]]
    finals = [seconds for kind in figures.final.values() for seconds in kind]
    return {
        "doctors": len(clients),
        "sound_in": distribution(into),
        "words_out": distribution(out),
        "final": distribution(finals),
        "within_2s": round(sum(value <= _ASKED for value in finals) / len(finals), 3) if finals else None,
        "unheard": figures.unheard,
        "behind": max(client.behind for client in clients),
    }


def main() -> None:
    keep_steady()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--doctors", default="1,2,3")
    parser.add_argument("--seconds", type=float, default=60.0, help="of sound for each doctor, at most")
    parser.add_argument("--engine")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    os.environ.setdefault("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    dictation = Dictation(engine=given.engine)
    dictation.load_recogniser()
    dictation.extract("")
    pieces: list[Piece] = []
    for piece in pieces_of(given.recording):
        if sum(one.seconds for one in pieces) + piece.seconds <= given.seconds:
            pieces.append(piece)
    for doctors in map(int, given.doctors.split(",")):
        found = run(dictation, pieces, doctors)
        print(json.dumps(found) if given.json else "\n  ".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    main()
