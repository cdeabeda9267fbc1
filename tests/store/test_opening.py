"""Opening: a wrong key, a damaged file and a file of another kind are told apart; two programs at once; versions."""

from __future__ import annotations

import os
import random
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert

from dictation.errors import DamagedStoreError, StoreError, WrongKeyError
from dictation.store import Retention, Store, database, open_store, schema, tables
from dictation.store.keys import Key
from dictation.store.pages import PAGE
from tests.store.support import record
from tests.support import ROOT


@pytest.fixture
def file(home: Path) -> Path:
    """A store with some content, closed."""
    with open_store(home=home) as store:
        store.save(record())
    return home / "store.db"


def test_the_file_and_its_folder_are_for_this_account_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DICTATION_KEY_FILE", str(tmp_path / "k"))
    old = os.umask(0)
    try:
        with open_store(home=tmp_path / "new") as store:
            store.save(record())
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "new").iterdir()}
    finally:
        os.umask(old)
    assert modes == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600, "store.db-live": 0o700}
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700


def test_another_key_is_a_wrong_key(file: Path, home: Path) -> None:
    (home / "store.key").write_text(Key.new().secret.hex(), encoding="utf-8")
    with pytest.raises(WrongKeyError, match="another store's") as raised:
        open_store(home=home)
    assert str(file) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("first", [0, 16, 100, PAGE - 30])
def test_a_damaged_first_page_is_damage_and_not_a_wrong_key(file: Path, home: Path, first: int) -> None:
    _spoil(file, first, 20)
    with pytest.raises(DamagedStoreError, match="dictation restore"):
        open_store(home=home)


def test_damage_anywhere_is_found_and_named_as_damage(file: Path, home: Path) -> None:
    content = file.read_bytes()
    pages = len(content) // PAGE
    assert pages > 20
    noticed = 0
    for page in random.Random(5).sample(range(1, pages), 12):
        file.write_bytes(content)
        _spoil(file, page * PAGE + 1000, 1)
        try:
            with open_store(home=home) as store:
                store.save(record())
                for listed in store.records():
                    store.record(listed.id)
                store.audit.entries()
        except DamagedStoreError:
            noticed += 1
        with pytest.raises(DamagedStoreError), open_store(home=home) as store:
            store.backup(home / "copy.db")
    # Most pages are read by these calls; a backup reads and checks them all.
    assert noticed >= 3


def test_a_cut_file_is_damage(file: Path, home: Path) -> None:
    with file.open("rb+") as opened:
        opened.truncate(PAGE * 3)
    with pytest.raises(DamagedStoreError), open_store(home=home) as store:
        store.records()


@pytest.mark.parametrize("kind", ["text", "sqlite", "short"])
def test_a_file_of_another_kind_is_told_so(home: Path, kind: str) -> None:
    path = home / "store.db"
    if kind == "sqlite":
        with sqlite3.connect(path) as plain:
            plain.execute("CREATE TABLE t (a)")
        plain.close()
    else:
        path.write_text("Выписка из карты\n" * (1 if kind == "short" else 1000), encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not a store of this program") as raised:
        open_store(home=home)
    assert not isinstance(raised.value, WrongKeyError | DamagedStoreError)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_is_one_clear_line(home: Path) -> None:
    blocked = home / "file"
    blocked.touch()
    with pytest.raises(StoreError, match="cannot be made"):
        open_store(blocked / "store.db", key_file=home / "store.key")


def test_programs_that_start_together_make_one_store(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from dictation.store import open_store\n"
        "s = open_store(home=Path(sys.argv[1])); s.tell('started'); print(s.kept.key.fingerprint.hex())"
    )
    environment = {**os.environ, "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "PYTHONPATH": str(ROOT)}
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, env=environment, text=True
        )
        for _ in range(2)
    ]
    answers = {program.communicate()[0].strip() for program in programs}
    assert [program.returncode for program in programs] == [0, 0]
    assert len(answers) == 1
    with open_store(home=tmp_path) as store:
        assert sorted(entry.action for entry in store.audit.entries()) == ["made", "started", "started"]
        assert store.verify() == []


def test_a_store_of_a_newer_program_is_left_alone(file: Path, home: Path) -> None:
    with open_store(home=home) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="newer version of this program"):
        open_store(home=home)


def test_the_steps_make_exactly_the_tables_that_the_program_uses(store: Store) -> None:
    config = Config()
    config.set_main_option("script_location", "dictation.store:migrations")
    assert ScriptDirectory.from_config(config).get_current_head() == schema.NEWEST
    with store.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []


def _spoil(path: Path, offset: int, length: int) -> None:
    with path.open("rb+") as file:
        file.seek(offset)
        old = file.read(length)
        file.seek(offset)
        file.write(bytes(byte ^ 0x55 for byte in old))


def test_a_store_of_an_older_program_is_brought_up_with_all_that_is_in_it(home: Path) -> None:
    key = Key.from_hex((home / "store.key").read_text(encoding="utf-8"))
    config = Config()
    config.set_main_option("script_location", "dictation.store:migrations")
    engine = database.sqlcipher(home / "store.db", key)
    with database.writing(engine).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(insert(tables.settings).values(name="key", value=key.fingerprint.hex()))
        connection.execute(insert(tables.settings).values(name="retention", value={"audio": 7, "records": None}))
    engine.dispose()
    for _ in range(2):
        with open_store(home=home) as store:
            assert store.retention == Retention(audio=7, records=None)
            with store.engine.begin() as connection:
                assert schema.current(connection) == schema.NEWEST
