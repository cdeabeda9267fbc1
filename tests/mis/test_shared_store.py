"""The outbox in a store that a clinic shares on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dictation.mis.delivery import Delivery
from dictation.mis.document import Document
from dictation.mis.ends import LaterError, Receipt
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Store, open_store
from tests.mis.outgoing import signed, visit
from tests.store.server import Server

PLACE = Profile(url="https://mis.example.kz/fhir")


@pytest.fixture
def shared(server: Server, home: Path) -> Iterator[Store]:
    with open_store(server.new_database(), home=home) as store:
        yield store


class Taker:
    """An end that takes everything but the first."""

    def __init__(self) -> None:
        self.got: list[str] = []

    def send(self, document: Document) -> Receipt:
        self.got.append(document.id)
        if len(self.got) == 1:
            raise LaterError("busy", everybody=False)
        return Receipt(document.name)

    def close(self) -> None:
        pass


def test_submitted_postponed_and_sent(shared: Store) -> None:
    outbox, taker = Outbox(shared), Taker()
    sender = Delivery(outbox, lambda _: taker)
    same = [signed(shared, visit(n, 5)) for n in range(2)]
    for identifier in same:
        assert outbox.submit(identifier, PLACE) == outbox.submit(identifier, PLACE)
    assert [entry.state for entry in sender.send_now()] == ["waiting"]
    assert [entry.state for entry in sender.send_now()] == ["sent", "sent"]
    assert taker.got == [same[0], *same]
    assert shared.verify() == []


def test_what_another_program_sends_is_left_to_it(shared: Store) -> None:
    outbox, taker = Outbox(shared), Taker()
    entry = outbox.submit(signed(shared, visit(1, 5)), PLACE)
    with Outbox(shared).claimed(entry.lock) as ours:
        assert ours
        assert Delivery(outbox, lambda _: taker).send_now() == []
    assert taker.got == []
    assert Delivery(outbox, lambda _: taker).send_now()[0].record == entry.record
