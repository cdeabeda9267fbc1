"""Killing a program that sends at a moment of one's choice, and what arrived of what it had signed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Search, open_store
from tests.mis.outgoing import Front, copies
from tests.support import ROOT

SENDER = Path(__file__).with_name("sender.py")
COUNT = 8


@dataclass(frozen=True)
class Outcome:
    """What one kill cost: records dictated, signed in all, told of as being on their way, and not there or there
    twice in the end; `in_flight` were not acknowledged when the program was killed."""

    dictated: int
    signed: int
    told: int
    in_flight: int
    lost: int
    doubled: int


def kill_while_sending(home: Path, engine: str, seed: int, after: float) -> Outcome:
    """Let the workstation of that seed dictate, sign and send for `after` seconds, `kill -9` it, send the rest."""
    front = Front(engine, delay=0.01)
    with front.open() as address:
        with started(home, address, seed) as program:
            assert program.stdin
            program.stdin.write("go\n")
            program.stdin.flush()
            # A timer would be ours to wait for as well: this waits for the moment and nothing else.
            threading.Event().wait(after)
            program.send_signal(signal.SIGKILL)
            assert program.stdout
            lines = [line.split() for line in program.stdout.read().splitlines()]
        dictated, told = (
            {line[1] for line in lines if line[0] == what and len(line) == 2} for what in ("dictated", "told")
        )
        profile = Profile(url=address)
        with open_store(home=home) as store:
            outbox = Outbox(store)
            begun = {entry.record for entry in outbox.entries()}
            in_flight = len(outbox.entries("waiting"))
            # Whoever signed and was not told that it is on its way submits it again.
            signed = [one.id for one in store.records(Search(signed=True))]
            for identifier in signed:
                outbox.submit(identifier, profile)
            Delivery(outbox, lambda _: FhirServer(profile)).send_now()
            entries = outbox.entries()
            kept = {listed.id for listed in store.records()}
            # At most the one that was being dictated, to be gone on with.
            broken_off = len(store.unfinished())
            whole = store.verify(sound=True) == []
    found = {identifier: copies(engine, identifier) for identifier in signed}
    lost = sum(count == 0 for count in found.values()) + len(told - begun) + len(told - set(signed))
    lost += len(dictated - kept)
    assert whole
    assert broken_off <= 1
    assert {entry.state for entry in entries} <= {"sent"}
    doubled = sum(count > 1 for count in found.values())
    return Outcome(len(dictated), len(signed), len(told), in_flight, lost, doubled)


@contextmanager
def started(home: Path, address: str, seed: int) -> Iterator[subprocess.Popen[str]]:
    """The workstation of that seed, ready and waiting for a line."""
    program = subprocess.Popen(
        [sys.executable, str(SENDER), str(home), address, str(seed), str(COUNT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        assert program.stdout
        assert program.stdout.readline() == "ready\n"
        yield program
    finally:
        program.kill()
        program.communicate()
