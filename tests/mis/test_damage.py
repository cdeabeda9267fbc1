"""A damaged page under what is on its way: said as damage, nothing called sent that is not, and after a backup has
been put back, made before the sending, everything is there once."""

from __future__ import annotations

import random
from pathlib import Path
from uuid import UUID

from dictation.errors import DamagedStoreError
from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import open_store, restore_store
from dictation.store.pages import PAGE
from tests.mis.outgoing import copies, signed, visit

FIRST = 880_000


def test_damaged_pages_and_an_older_backup_make_no_double_and_lose_nothing(
    home: Path, tmp_path: Path, engine: str
) -> None:
    profile, backup, file = Profile(url=engine), tmp_path / "backup.db", home / "store.db"
    visits = [visit(n, n % 2, id=str(UUID(int=FIRST + n))) for n in range(4)]
    with open_store(home=home) as store:
        outbox = Outbox(store)
        for given in visits:
            outbox.submit(signed(store, given), profile)
        store.backup(backup)
        Delivery(outbox, lambda _: FhirServer(profile)).send_now(outbox.entries()[0])
        assert sorted(entry.state for entry in outbox.entries()) == ["sent", "sent", "waiting", "waiting"]
    whole, said = file.read_bytes(), list[str]()
    for page in random.Random(3).sample(range(1, len(whole) // PAGE), 10):
        file.write_bytes(whole)
        with file.open("rb+") as opened:
            opened.seek(page * PAGE + 700)
            opened.write(b"\0\1\2\3")
        try:
            with open_store(home=home) as store:
                entries = Delivery(Outbox(store), lambda _: FhirServer(profile)).send_now()
                assert {entry.state for entry in entries} <= {"sent"}
        except DamagedStoreError as error:
            said.append(str(error))
    assert said
    assert set(said) == {f"{file}: damaged; restore the last backup: dictation restore FILE"}
    restore_store(backup, home=home)
    with open_store(home=home) as store:
        outbox = Outbox(store)
        assert [entry.state for entry in outbox.entries()] == ["waiting"] * 4
        Delivery(outbox, lambda _: FhirServer(profile)).send_now()
        assert {entry.state for entry in outbox.entries()} == {"sent"}
        assert store.verify() == []
    assert [copies(engine, str(given.id)) for given in visits] == [1] * 4
