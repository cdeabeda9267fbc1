"""The worker in a thread of a server, while doctors in other threads sign and submit."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest

from dictation.mis import delivery
from dictation.mis.delivery import Delivery
from dictation.mis.document import Document
from dictation.mis.ends import LaterError, Receipt
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Store, open_store
from tests.mis.outgoing import signed, visit
from tests.store.server import Server
from tests.store.support import at_once, doctor
from tests.support import wait_until

PLACE = Profile(url="https://mis.example.kz/fhir")
DOCTORS, VISITS = 8, 4


class Taker:
    """An end that takes everything, a little later; `got` is what came, in order, and when it was with it."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.within: set[str] = set()
        self.together = 0
        self.lock = threading.Lock()

    def send(self, document: Document) -> Receipt:
        patient = document.record["context"]["patient"]["iin"]
        with self.lock:
            assert patient not in self.within, "two of one patient at once"
            self.within.add(patient)
            self.together = max(self.together, len(self.within))
        time.sleep(0.01)
        with self.lock:
            self.within.discard(patient)
            self.got.append(document.id)
            first = self.got.count(document.id) == 1
        if first and document.id.endswith("1"):
            raise LaterError("busy", after=0.0, everybody=False)
        return Receipt(document.name)

    def close(self) -> None:
        pass


@contextmanager
def running(worker: Delivery) -> Iterator[threading.Event]:
    """The worker in a thread, told to stop at the end of the block."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def identifier(number: int, n: int) -> str:
    return str(UUID(int=1_000_000 * (number + 1) + 16 * n + n % 2))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(delivery, "FIRST_PAUSE", 0.1)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", ["sqlcipher", "postgresql"])
def test_what_all_doctors_submit_arrives_in_order_of_each_patient(
    kind: str, home: Path, request: pytest.FixtureRequest
) -> None:
    place = request.getfixturevalue("server").new_database() if kind == "postgresql" else None
    taker = Taker()
    with open_store(place, home=home) as store:

        def work(number: int) -> None:
            acting = store.acting_as(doctor(number))
            own, outbox = Delivery(Outbox(acting), lambda _: taker), Outbox(acting)
            for n in range(VISITS):
                given = visit(n, number, id=identifier(number, n))
                entry = outbox.submit(signed(acting, given), PLACE)
                # As a page does that wants to show at once that it has arrived.
                own.send_now(entry)

        with running(Delivery(Outbox(store), lambda _: taker)):
            at_once(DOCTORS, work)
            wait_until(lambda: not Outbox(store).entries("waiting"), "all sent")
        entries = Outbox(store).entries()
        assert [entry.state for entry in entries] == ["sent"] * DOCTORS * VISITS
        assert store.verify() == []
        for number in range(DOCTORS):
            own = [identifier(number, n) for n in range(VISITS)]
            arrived = list(dict.fromkeys(one for one in taker.got if one in own))
            assert arrived == own
            told = [(e.actor, e.action) for e in store.audit.entries(own[0]) if e.action in {"signed", "submitted"}]
            assert told == [(doctor(number), "signed"), (doctor(number), "submitted")]
    # Each second visit was put off once.
    assert len(taker.got) == DOCTORS * VISITS * 3 // 2
    assert taker.together > 1


@pytest.mark.usefixtures("quick")
def test_a_worker_outlives_a_server_that_is_down(
    server: Server, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    taker = Taker()
    with open_store(server.new_database(), home=home) as store:
        first, second = (visit(n, n, id=identifier(n, 0)) for n in range(2))
        with running(Delivery(Outbox(store), lambda _: taker)):
            Outbox(store).submit(signed(store, first), PLACE)
            wait_until(lambda: len(taker.got) == 1, "the first sent")
            server.stop("immediate")
            wait_until(lambda: "cannot be reached" in caplog.text, "noticed")
            server.start()
            Outbox(store).submit(signed(store, second), PLACE)
            wait_until(lambda: not Outbox(store).entries("waiting"), "the second sent")
    assert taker.got == [str(first.id), str(second.id)]


@pytest.mark.usefixtures("quick")
def test_a_worker_that_is_told_to_stop_ends_what_it_is_sending(store: Store) -> None:
    stopping: list[threading.Event] = []

    class Stopping(Taker):
        def send(self, document: Document) -> Receipt:
            stopping[0].set()
            return super().send(document)

    taker = Stopping()
    Outbox(store).submit(signed(store, visit(0, 0, id=identifier(0, 0))), PLACE)
    stop = threading.Event()
    stopping.append(stop)
    Delivery(Outbox(store), lambda _: taker).run(stop)
    assert [entry.state for entry in Outbox(store).entries()] == ["sent"]
