"""Backup while others write, and putting one back.

A backup is a store in one file under the same key, whatever the store is kept in: it opens only with that key.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, select

from dictation.errors import DamagedStoreError, InputError, StoreError, WrongKeyError
from dictation.store import database, schema, tables
from dictation.store.ground import Ground
from dictation.store.keys import Key

_ROWS_AT_ONCE = 200
_BESIDE = ("", "-wal", "-shm", "-journal")


def write(ground: Ground, target: Path) -> None:
    """A copy of the store as it is at this moment, checked, in place only when whole.

    InputError where the target cannot be written or is the store itself.
    """
    if str(target.absolute()) == ground.name:
        raise InputError(f"{target}: is the store itself; name another file")
    partial = target.absolute().with_name(f".{target.name}.partial")
    try:
        partial.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{target}: the backup cannot be written: {error.strerror}") from error
    try:
        _remove(partial)
        with _opened(partial, ground.key) as copy:
            if ground.engine.dialect.name == "postgresql":
                _copy_rows(ground.engine, copy, str(target))
            else:
                _copy_pages(ground.engine, copy)
            _check(copy, target)
        _flush(partial)
        partial.replace(target)
    except OSError as error:
        raise InputError(f"{target}: the backup cannot be written: {error.strerror}") from error
    finally:
        _remove(partial)


def check(source: Path, key: Key) -> None:
    """Every page and the structure of a backup. InputError, WrongKeyError, DamagedStoreError, StoreError."""
    if not source.is_file():
        raise InputError(f"{source}: no such backup; check the name")
    with _opened(source, key) as copy:
        _check(copy, source)


def put_back(source: Path, target: Path, key: Key) -> Path | None:
    """Make a backup the store at `target`; the path under which the store that was there is kept.

    StoreError where another program has that store open.
    """
    check(source, key)
    fresh = target.with_name(f".{target.name}.restored")
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _remove(fresh)
        os.close(os.open(fresh, os.O_RDWR | os.O_CREAT, 0o600))
        shutil.copyfile(source, fresh)
        _flush(fresh)
        replaced = _set_aside(target, key)
        fresh.replace(target)
    except OSError as error:
        raise InputError(f"{target}: cannot be restored: {error.strerror}") from error
    finally:
        _remove(fresh)
    return replaced


def put_back_on_server(source: Path, engine: Engine, key: Key, name: str) -> None:
    """Fill an empty database on a server from a backup. StoreError where it holds a store already."""
    check(source, key)
    with engine.begin() as connection:
        if inspect(connection).has_table(tables.audit.name):
            raise StoreError(f"{name}: holds a store already; restore into an empty database")
    with _opened(source, key) as copy:
        _copy_rows(copy, engine, name)


@contextmanager
def _opened(path: Path, key: Key) -> Iterator[Engine]:
    engine = database.sqlcipher(path, key, log=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _copy_pages(source: Engine, copy: Engine) -> None:
    with closing(source.raw_connection()) as given, copy.connect() as made:
        # sqlcipher3's own call: encrypted pages to encrypted pages, one consistent state, writers go on meanwhile.
        given.driver_connection.backup(made.connection.driver_connection)  # type: ignore[union-attr]  # an open one has a driver
        _autocommit(made).exec_driver_sql("PRAGMA journal_mode = DELETE")


def _copy_rows(source: Engine, target: Engine, name: str) -> None:
    with source.connect().execution_options(isolation_level=_consistent(source)) as given, target.begin() as made:
        schema.upgrade(made, name)
        there = set(inspect(given).get_table_names())
        # A backup that an older program made has fewer tables.
        for table in (table for table in tables.metadata.sorted_tables if table.name in there):
            rows = given.execute(select(table).execution_options(yield_per=_ROWS_AT_ONCE)).mappings()
            for part in rows.partitions():
                made.execute(insert(table), [dict(row) for row in part])


def _consistent(engine: Engine) -> str:
    """The isolation in which one reader sees one state of the whole store."""
    return "REPEATABLE READ" if engine.dialect.name == "postgresql" else "SERIALIZABLE"


def _check(copy: Engine, name: Path) -> None:
    with _autocommit(copy.connect()) as connection:
        for pragma in ("cipher_integrity_check", "quick_check"):
            found = [row[0] for row in connection.exec_driver_sql(f"PRAGMA {pragma}")]
            if found not in ([], ["ok"]):
                raise DamagedStoreError(f"{name}: damaged in {len(found)} places; use another backup")


def _autocommit(connection: Connection) -> Connection:
    return connection.execution_options(isolation_level="AUTOCOMMIT")


def _set_aside(path: Path, key: Key) -> Path | None:
    """Keep the store that is to be replaced under a name of its own."""
    if not path.exists() or not path.stat().st_size:
        return None
    try:
        # Opened without a log: SQLite gives the log up only where nobody else has the store open.
        with _opened(path, key) as store, store.connect():
            pass
    except (DamagedStoreError, WrongKeyError):
        # What cannot be read is what a backup is for; it is kept all the same.
        pass
    except StoreError as error:
        raise StoreError(f"{path}: is open in another program; close it there and restore again") from error
    kept = path.with_name(f"{path.name}.replaced-{datetime.now():%Y%m%d-%H%M%S}")
    for suffix in _BESIDE:
        if (beside := Path(f"{path}{suffix}")).exists():
            beside.rename(f"{kept}{suffix}")
    return kept


def _remove(path: Path) -> None:
    for suffix in _BESIDE:
        Path(f"{path}{suffix}").unlink(missing_ok=True)


def _flush(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
