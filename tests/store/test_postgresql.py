"""The same store on a real PostgreSQL server, shared by several workstations."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dictation.errors import SigningError, StoreError, WrongKeyError
from dictation.store import Event, Removed, Search, Store, open_store, restore_store
from tests.store.server import Server
from tests.store.support import IIN, kept_sound, make_key, record
from tests.support import ROOT, wait_until

ID = str(record().id)


@pytest.fixture
def address(server: Server) -> str:
    return server.new_database()


@pytest.fixture
def shared(address: str, home: Path) -> Iterator[Store]:
    with open_store(address, home=home, actor="врач Ахметова") as store:
        yield store


def test_a_dictation_goes_the_whole_way(shared: Store, address: str, home: Path) -> None:
    sound = np.random.default_rng(0).integers(-20_000, 20_000, 30_000, dtype=np.int16)
    journal = shared.begin("052u-visit", "ru", record().context, "whisper-base")
    journal.audio(sound[:20_000])
    journal.event(1.25, "focus", {"field": "complaints"})
    with open_store(address, home=home) as other:
        assert len(kept_sound(other, journal.id)) == 20_000
        assert other.unfinished() == []
        with pytest.raises(StoreError, match="being written"):
            other.resume(journal.id)
        journal.suspend()
        assert [(one.id, one.seconds, one.context) for one in other.unfinished()] == [
            (journal.id, 1.25, record().context)
        ]
        resumed = other.resume(journal.id)
        resumed.audio(sound[20_000:])
        resumed.close(record())
    assert np.array_equal(kept_sound(shared, journal.id), sound)
    assert shared.events(journal.id) == [Event(1.25, "focus", {"field": "complaints"})]
    assert shared.record(ID) == record()
    assert [listed.id for listed in shared.records(Search(patient=IIN, signed=False))] == [ID]
    with pytest.raises(SigningError, match="temperature"):
        shared.sign(ID, doctor="Ахметова")
    signed = shared.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    assert shared.save(record(findings=[])) == 2
    assert shared.signature(ID) == signed
    assert [version.signed_by for version in shared.versions(ID)] == ["Ахметова", None]
    assert shared.verify(shared.audit.head(), sound=True) == []
    assert shared.tidy(datetime.now(UTC) + timedelta(days=31)) == Removed(1, 0)
    assert len(kept_sound(shared, journal.id)) == 0
    shared.delete_record(ID)
    assert (shared.records(), shared.verify()) == ([], [])


def test_a_workstation_that_is_killed_leaves_an_unfinished_dictation(shared: Store, address: str, home: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; import numpy as np; from dictation.store import open_store\n"
        "journal = open_store(sys.argv[1], home=Path(sys.argv[2])).begin('052u-visit')\n"
        "journal.audio(np.ones(8000, np.int16)); journal.event(0.5, 'focus'); print(journal.id, flush=True)\n"
        "time.sleep(60)"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code, address, str(home)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert program.stdout
    dictation = program.stdout.readline().strip()
    assert shared.unfinished() == []
    program.send_signal(signal.SIGKILL)
    program.communicate()
    wait_until(shared.unfinished, "offered", 5.0)
    assert [(one.id, one.seconds) for one in shared.unfinished()] == [(dictation, 0.5)]


def test_workstations_that_write_at_once_make_one_chain(shared: Store, address: str, home: Path) -> None:
    def work(name: str) -> None:
        with open_store(address, home=home, actor=name) as store:
            for number in range(10):
                store.save(record(notices=[{"reason": "allergy", "text": f"{name} {number}"}]))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("первый", "второй")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [version.version for version in shared.versions(ID)] == list(range(1, 21))
    assert shared.verify() == []


def test_what_the_servers_keeper_alters_is_found(shared: Store) -> None:
    shared.save(record())
    shared.tell("tested")
    with shared.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'другой' WHERE number = 2")
    assert [one.number for one in shared.verify()] == [2]


def test_while_the_server_is_down_the_dictation_goes_on_and_is_whole_and_ours_afterwards(
    server: Server, shared: Store, address: str, home: Path
) -> None:
    sound = np.random.default_rng(4).integers(-20_000, 20_000, 48_000, dtype=np.int16)
    told: list[str | None] = []
    journal = shared.begin("052u-visit", on_trouble=told.append)
    journal.audio(sound[:16_000])
    journal.flush()
    server.stop("immediate")
    try:
        journal.audio(sound[16_000:])
        with pytest.raises(StoreError, match="the server cannot be reached"):
            journal.flush()
    finally:
        server.start()
    journal.flush()
    with open_store(address, home=home) as other:
        assert other.unfinished() == []
    journal.close()
    assert np.array_equal(kept_sound(shared, journal.id), sound)
    assert (told[-1], journal.trouble) == (None, None)


def test_a_dictation_that_was_taken_over_meanwhile_is_not_written_by_two(
    server: Server, shared: Store, address: str, home: Path
) -> None:
    journal = shared.begin("052u-visit")
    journal.audio(np.ones(8_000, np.int16))
    journal.flush()
    server.stop("immediate")
    try:
        journal.audio(np.ones(8_000, np.int16))
        with pytest.raises(StoreError, match="cannot be reached"):
            journal.flush()
        shared.engine.dispose()
    finally:
        # Held back from trying again, so that the other one comes first.
        with journal._changed:
            server.start()
            with open_store(address, home=home) as other:
                other.resume(journal.id).close()
    with pytest.raises(StoreError, match="was taken over elsewhere"):
        journal.suspend()
    assert len(kept_sound(shared, journal.id)) == 8_000


def test_a_backup_is_one_encrypted_file_and_fills_an_empty_database(
    server: Server, shared: Store, home: Path, tmp_path: Path
) -> None:
    journal = shared.begin("052u-visit")
    journal.audio(np.arange(12_000).astype(np.int16))
    journal.close(record())
    shared.sign(ID, doctor="Ахметова", confirmed=("temperature",))
    shared.backup(tmp_path / "b.db")
    assert IIN.encode() not in (tmp_path / "b.db").read_bytes()
    with pytest.raises(StoreError, match="holds a store already"):
        restore_store(tmp_path / "b.db", str(shared.engine.url), home=home)
    fresh = server.new_database()
    restore_store(tmp_path / "b.db", fresh, home=home)
    restore_store(tmp_path / "b.db", home=home)
    for place in (fresh, None):
        with open_store(place, home=home) as restored:
            assert restored.record(ID) == record()
            assert np.array_equal(kept_sound(restored, journal.id), np.arange(12_000))
            assert restored.signature(ID) == shared.signature(ID)
            assert restored.verify(sound=True) == []


def test_another_key_and_an_address_that_does_not_answer_are_one_clear_line(
    shared: Store, address: str, tmp_path: Path
) -> None:
    other = make_key(tmp_path)
    with pytest.raises(WrongKeyError, match="another store's"):
        open_store(address, key_file=other)
    with pytest.raises(StoreError, match="cannot be reached") as raised:
        open_store("postgresql://doctor:hidden@127.0.0.1:1/clinic", key_file=other)
    assert "hidden" not in str(raised.value)
    assert "\n" not in str(raised.value)
