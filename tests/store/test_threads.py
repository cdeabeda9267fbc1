"""Several threads on one store, as a server's: each acts for its own doctor, nobody waits for long, one chain."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from dictation.errors import StoreError
from dictation.store import Search, Store, ground, open_store
from tests.store.support import at_once, doctor, record

THREADS, ROUNDS = 8, 3


@pytest.fixture(params=["sqlcipher", "postgresql"])
def shared(request: pytest.FixtureRequest, home: Path) -> Iterator[Store]:
    place = request.getfixturevalue("server").new_database() if request.param == "postgresql" else None
    with open_store(place, home=home, actor="сервер") as store:
        yield store


def identifiers(number: int) -> list[str]:
    return [str(UUID(int=1000 * (number + 1) + n)) for n in range(ROUNDS)]


def test_each_acts_for_its_own_doctor_and_all_make_one_chain(shared: Store) -> None:
    heard: dict[str, bool] = {}

    def work(number: int) -> None:
        store, sound = shared.acting_as(doctor(number)), np.full(16_000, number, np.int16)
        for identifier in identifiers(number):
            journal = store.begin("052u-visit", "ru")
            for _ in range(3):
                journal.audio(sound)
                journal.event(journal.seconds, "focus", {"field": number})
            journal.close(record(id=identifier))
            assert store.save(record(id=identifier, findings=[])) == 2
            store.sign(identifier, doctor=store.actor, confirmed=("temperature",))
            assert store.export(identifier).findings == []
            assert len(store.versions(identifier)) == 2
            span = np.concatenate(list(store.audio(journal.id, 0.5, 2.5)))
            heard[identifier] = len(span) == 32_000 and bool((np.rint(span * 32768) == number).all())
            store.records(Search(signed=True))

    at_once(THREADS, work)
    assert list(heard.values()) == [True] * THREADS * ROUNDS
    assert shared.verify(sound=True) == []
    for number in range(THREADS):
        for identifier in identifiers(number):
            done = [(entry.action, entry.actor) for entry in shared.audit.entries(identifier)]
            wanted = ["saved", "changed", "signed", "exported"]
            assert done == [(action, doctor(number)) for action in wanted]
            assert [version.signed_by for version in shared.versions(identifier)] == [None, doctor(number)]
    assert shared.actor == "сервер"


def test_one_record_saved_by_all_at_once_has_every_version_once(shared: Store) -> None:
    identifier = identifiers(0)[0]
    shared.save(record(id=identifier))
    given: list[int] = []

    def work(number: int) -> None:
        text = f"замечание {number}"
        given.append(shared.save(record(id=identifier, notices=[{"reason": "allergy", "text": text}])))

    at_once(THREADS, work)
    assert sorted(given) == list(range(2, THREADS + 2))
    versions = shared.versions(identifier)
    assert [(version.version, version.based_on) for version in versions] == [
        (1, None), *((n, n - 1) for n in range(2, THREADS + 2))
    ]  # fmt: skip
    assert shared.verify() == []


def test_more_open_dictations_than_a_pool_of_connections_has(shared: Store) -> None:
    journals = [shared.begin("052u-visit", "ru") for _ in range(24)]
    for number, journal in enumerate(journals):
        journal.audio(np.full(800, number, np.int16))
    for journal in journals:
        journal.close()
    lengths = [sum(len(block) for block in shared.audio(journal.id)) for journal in journals]
    assert lengths == [800] * 24
    assert shared.verify() == []


def test_nobody_waits_long_for_others_who_write(store: Store) -> None:
    """The doctor who dictates, while seven others write without a pause: counted in what they write meanwhile, which
    was up to 131 while SQLite alone chose who goes next."""
    over, written, meanwhile = threading.Event(), [0] * THREADS, list[int]()

    def work(number: int) -> None:
        if number:
            while not over.is_set():
                store.save(record(notices=[{"reason": "allergy", "text": f"{number} {time.monotonic()}"}]))
                written[number] += 1
            return
        with store.begin("052u-visit") as journal:
            for at in range(40):
                before = sum(written)
                journal.event(at, "focus", {})
                meanwhile.append(sum(written) - before)
        over.set()

    at_once(THREADS, work)
    assert max(meanwhile) <= 64
    assert sorted(meanwhile)[len(meanwhile) // 2] <= 2 * THREADS
    assert store.verify() == []


def test_tidying_verifying_and_backing_up_disturb_nobody(store: Store, home: Path, tmp_path: Path) -> None:
    def work(number: int) -> None:
        match number:
            case 0:
                store.tidy(datetime.now(UTC) + timedelta(days=40))
            case 1:
                assert store.verify(sound=True) == []
            case 2:
                store.backup(tmp_path / "backup.db")
            case _:
                journal = store.begin("052u-visit")
                journal.audio(np.ones(16_000, np.int16))
                journal.close(record(id=identifiers(number)[0]))

    at_once(THREADS, work)
    assert len(store.records()) == THREADS - 3
    assert store.verify(sound=True) == []
    with open_store(tmp_path / "backup.db", key_file=home / "store.key") as copy:
        assert copy.verify(sound=True) == []


def test_a_transaction_within_another_is_said_at_once(store: Store) -> None:
    with store.transaction(), pytest.raises(RuntimeError, match="within another"):
        store.save(record())
    assert store.save(record()) == 1


def test_whoever_waits_too_long_for_others_is_told(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ground, "BUSY_SECONDS", 0.2)
    refused = []

    def work() -> None:
        with pytest.raises(StoreError, match="has kept it busy") as raised:
            store.save(record())
        refused.append(str(raised.value))

    with store.transaction():
        waiting = threading.Thread(target=work)
        waiting.start()
        waiting.join()
    assert len(refused) == 1
    assert store.save(record()) == 1
