"""`kill -9` at seeded random moments between dictation and acknowledgement: every signed record arrives once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import open_store
from tests.mis.killing import kill_while_sending, started
from tests.mis.outgoing import Front, copies


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_signed_record_arrives_once(home: Path, engine: str, seed: int) -> None:
    outcome = kill_while_sending(home, engine, seed)
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.signed >= outcome.told
    # At least one line had been said when it was killed.
    assert outcome.dictated >= 1


class Holding(Front):
    """Passes on what comes, and keeps the answers to itself."""

    def __init__(self, engine: str) -> None:
        super().__init__(engine)
        self.arrived, self.over = threading.Event(), threading.Event()

    def answer(self, path: str, headers: dict[str, str], body: bytes) -> None:
        super().answer(path, headers, body)
        self.arrived.set()
        self.over.wait(60)


def test_killed_between_arrival_and_answer_it_is_there_once(home: Path, engine: str) -> None:
    front = Holding(engine)
    try:
        with front.open() as address, started(home, address, 7) as workstation:
            workstation.begin()
            assert front.arrived.wait(60)
            workstation.kill()
    finally:
        front.over.set()
    profile = Profile(url=engine)
    with open_store(home=home) as store:
        outbox = Outbox(store)
        first = outbox.entries()[0]
        assert (first.state, copies(engine, first.record)) == ("waiting", 1)
        Delivery(outbox, lambda _: FhirServer(profile)).send_now(first)
        assert outbox.entry(first.number).state == "sent"
        assert store.verify() == []
    assert copies(engine, first.record) == 1
