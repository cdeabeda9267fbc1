"""Killing a program that sends at a moment of one's choice, and what arrived of what it had signed."""

from __future__ import annotations

import os
import random
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
COUNT = 6
LINES = 3
"""What it says of each visit: dictated, signed, told."""


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


class Workstation:
    """The program, running; `lines` is what it has said so far."""

    def __init__(self, program: subprocess.Popen[str]) -> None:
        self.program, self.lines = program, list[list[str]]()
        self._changed = threading.Condition()
        self._listener = threading.Thread(target=self._listen)
        self._listener.start()

    def begin(self) -> None:
        assert self.program.stdin
        self.program.stdin.write("go\n")
        self.program.stdin.flush()

    def wait(self, moments: random.Random, first: int, last: int) -> None:
        """Until it has said at least `first` and less than `last` lines, and a moment more, both by chance."""
        count = moments.randrange(first, last)
        with self._changed:
            self._changed.wait_for(lambda: len(self.lines) >= count, 60)
        threading.Event().wait(moments.uniform(0.0, 0.25))

    def kill(self) -> None:
        self.program.kill()
        self._listener.join()

    def said(self, what: str) -> frozenset[str]:
        """The records of which it has said this."""
        return frozenset(line[1] for line in list(self.lines) if line[0] == what and len(line) == 2)

    def _listen(self) -> None:
        assert self.program.stdout
        for line in iter(self.program.stdout.readline, ""):
            with self._changed:
                self.lines.append(line.split())
                self._changed.notify_all()


def kill_while_sending(home: Path, engine: str, seed: int) -> Outcome:
    """Let the workstation of that seed dictate, sign and send, `kill -9` it at a moment that follows from the seed,
    and send the rest."""
    front = Front(engine, delay=0.01)
    with front.open() as address:
        with started(home, address, seed) as workstation:
            workstation.begin()
            workstation.wait(random.Random(seed), 0, LINES * COUNT)
            workstation.kill()
            dictated, told = workstation.said("dictated"), workstation.said("told")
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
def started(home: Path, address: str, seed: int) -> Iterator[Workstation]:
    """The workstation of that seed, ready to begin."""
    program = subprocess.Popen(
        [sys.executable, str(SENDER), str(home), address, str(seed), str(COUNT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert program.stdin
    assert program.stdout
    workstation = None
    try:
        assert program.stdout.readline() == "ready\n"
        workstation = Workstation(program)
        yield workstation
    finally:
        program.kill()
        if workstation:
            workstation.kill()
        program.stdin.close()
        program.stdout.close()
        program.wait()
