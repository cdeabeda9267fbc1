"""Backup while somebody dictates, and putting one back."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from dictation.errors import DamagedStoreError, InputError, StoreError, WrongKeyError
from dictation.store import Store, open_store, restore_store
from tests.store.support import kept_sound, make_key, record

ID = str(record().id)


def test_a_backup_holds_the_state_of_one_moment_while_others_write(store: Store, home: Path, tmp_path: Path) -> None:
    store.save(record())
    begun, stop = threading.Event(), threading.Event()
    given = np.arange(16_000, dtype=np.int16)

    def dictate() -> None:
        with open_store(home=home) as other, other.begin("052u-visit") as journal:
            journal.audio(given)
            journal.flush()
            begun.set()
            while not stop.wait(0.02):
                journal.audio(given)

    speaking = threading.Thread(target=dictate)
    speaking.start()
    try:
        assert begun.wait(30)
        for number in range(4):
            store.backup(tmp_path / f"{number}.db")
    finally:
        stop.set()
        speaking.join()
    for number in range(4):
        folder = tmp_path / f"restored-{number}"
        folder.mkdir()
        make_key(folder, store.kept.key)
        assert restore_store(tmp_path / f"{number}.db", home=folder) is None
        with open_store(home=folder) as restored:
            assert restored.verify() == []
            assert restored.record(ID) == record()
            (unfinished,) = restored.unfinished()
            sound = kept_sound(restored, unfinished.id)
            assert len(sound) >= len(given)
            assert np.array_equal(sound, np.resize(given, len(sound)))
    assert sorted(path.name for path in tmp_path.glob("*.db*")) == ["0.db", "1.db", "2.db", "3.db"]


def test_a_restored_store_is_as_it_was_and_what_it_replaced_is_kept(home: Path, tmp_path: Path) -> None:
    with open_store(home=home) as store:
        store.save(record())
        signature = store.sign(ID, doctor="Ахметова", confirmed=("temperature",))
        store.backup(tmp_path / "b.db")
        store.delete_record(ID)
    replaced = restore_store(tmp_path / "b.db", home=home, actor="заведующий")
    with open_store(home=home) as store:
        assert store.record(ID) == record()
        assert store.signature(ID) == signature
        assert store.verify() == []
        actions = [(entry.action, entry.actor) for entry in store.audit.entries()]
        assert ("restored", "заведующий") in actions
        assert "deleted" not in {action for action, _ in actions}
    assert replaced is not None
    with open_store(replaced, key_file=home / "store.key") as old:
        assert old.records() == []
        assert old.audit.entries()[-1].action == "deleted"


def test_a_damaged_store_is_replaced_all_the_same(home: Path, tmp_path: Path) -> None:
    with open_store(home=home) as store:
        store.save(record())
        store.backup(tmp_path / "b.db")
    with (home / "store.db").open("rb+") as file:
        file.write(b"\0" * 3000)
    with pytest.raises(DamagedStoreError):
        open_store(home=home)
    replaced = restore_store(tmp_path / "b.db", home=home)
    assert replaced is not None
    assert replaced.read_bytes()[:3000] == b"\0" * 3000
    with open_store(home=home) as store:
        assert store.record(ID) == record()


def test_a_store_that_is_open_elsewhere_is_not_replaced(store: Store, home: Path, tmp_path: Path) -> None:
    store.save(record())
    store.backup(tmp_path / "b.db")
    with pytest.raises(StoreError, match="open in another program"):
        restore_store(tmp_path / "b.db", home=home)
    assert store.record(ID) == record()
    assert store.save(record(findings=[])) == 2


def test_a_backup_that_cannot_be_used_touches_nothing(store: Store, home: Path, tmp_path: Path) -> None:
    store.save(record())
    backup = tmp_path / "b.db"
    store.backup(backup)
    whole = backup.read_bytes()
    store.close()
    before = {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()}
    backup.write_bytes(whole[: len(whole) // 2] + b"\1" + whole[len(whole) // 2 + 1 :])
    with pytest.raises(DamagedStoreError, match="damaged"):
        restore_store(backup, home=home)
    backup.write_bytes(whole)
    with pytest.raises(WrongKeyError, match="another store's"):
        restore_store(backup, home=home, key_file=make_key(tmp_path))
    backup.write_text("не копия" * 2000, encoding="utf-8")
    with pytest.raises(StoreError, match="not a store"):
        restore_store(backup, home=home)
    with pytest.raises(InputError, match="no such backup"):
        restore_store(tmp_path / "none.db", home=home)
    assert {path.name: path.read_bytes() for path in home.iterdir() if path.is_file()} == before


def test_a_backup_never_goes_over_the_store_or_halfway_to_its_place(store: Store, home: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is the store itself"):
        store.backup(home / "store.db")
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot be written"):
        store.backup(tmp_path / "file" / "b.db")
    assert store.verify() == []
