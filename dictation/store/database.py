"""The database under the store: a SQLCipher file or a PostgreSQL server, and what its errors mean for people."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, make_url

from dictation.errors import DamagedStoreError, StoreError, WrongKeyError
from dictation.store.canonical import canonical
from dictation.store.keys import Key
from dictation.store.pages import Verdict, damaged, judge

BUSY_SECONDS = 30
_WRITES = "dictation_writes"
# Errors of the library never show what was to be written; Cyrillic in JSON takes no escapes.
_LOGGED_AS = "dictation"
_COMMON: dict[str, Any] = {"hide_parameters": True, "json_serializer": canonical, "logging_name": _LOGGED_AS}
# An application that has SQLAlchemy log its own statements and rows must not get ours along with them.
logging.getLogger(f"sqlalchemy.engine.Engine.{_LOGGED_AS}").setLevel(logging.WARNING)


def sqlcipher(path: Path, key: Key, *, log: bool = True) -> Engine:
    """The engine of a store in one file. WrongKeyError, DamagedStoreError or StoreError where it cannot be opened.

    A log is written ahead and flushed at every commit: what is committed survives a power cut, readers never wait.
    A backup has no log: it is one file. What is deleted is overwritten.
    """
    from sqlcipher3 import dbapi2

    def connect() -> Any:
        connection = dbapi2.connect(path, isolation_level=None, timeout=BUSY_SECONDS, check_same_thread=False)
        # Nothing on standard error: what went wrong is told in one line, by us.
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.secret.hex()}{key.fingerprint.hex()}'\"")
        for pragma in (
            "auto_vacuum = FULL",
            f"journal_mode = {'WAL' if log else 'DELETE'}",
            "synchronous = FULL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}").close()
        return connection

    _make_private(path)
    engine = sqlalchemy.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=connect,
        poolclass=sqlalchemy.QueuePool,
        json_deserializer=_reader(str(path)),
        **_COMMON,
    )
    event.listen(engine, "begin", _begin)
    event.listen(engine, "handle_error", lambda context: _explain_sqlcipher(context, path, key))
    return engine


def postgresql(url: str | URL, *, pooled: bool = True) -> Engine:
    """The engine of a store on a server; rights, transport and encryption on disk are the server's. Connections that
    are held for long are not to be `pooled`: the others would run out."""
    parsed = make_url(url).set(drivername="postgresql+psycopg")
    pool = {} if pooled else {"poolclass": sqlalchemy.NullPool}
    try:
        engine = sqlalchemy.create_engine(parsed, pool_pre_ping=True, **pool, **_COMMON)
    except ModuleNotFoundError as error:
        raise StoreError("a store on PostgreSQL needs the extra: pip install 'dictation[postgres]'") from error
    name = parsed.render_as_string(hide_password=True)
    event.listen(engine, "handle_error", lambda context: _explain_postgresql(context, name))
    return engine


def writing(engine: Engine) -> Engine:
    """The same engine for transactions that write: SQLite takes its lock at the start of each, waiting in turn."""
    return engine.execution_options(**{_WRITES: True})


def busy(name: object) -> StoreError:
    """What is said where others write for longer than anybody should wait."""
    return StoreError(f"{name}: another has kept it busy for {BUSY_SECONDS} s; try again")


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") != "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get(_WRITES) else "BEGIN")


def _make_private(path: Path) -> None:
    """A file that only this account reads; the log beside it takes its rights from it."""
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(f"{path}: the store cannot be opened: {error.strerror}") from error


def _explain_sqlcipher(context: ExceptionContext, path: Path, key: Key) -> None:
    """Raise what a person can use instead of SQLite's words. Statements and values are never told."""
    text = str(context.original_exception)
    # SQLCipher refuses to write on a connection that has met a damaged page: whoever is next gets another.
    context.is_disconnect |= any(words in text for words in ("malformed", "file is not a database", "readonly"))
    if "readonly" in text and os.access(path, os.W_OK) and damaged(path, key):
        raise damage(path)
    if "file is not a database" in text or "malformed" in text or "file is encrypted" in text:
        match judge(path, key):
            case Verdict.WRONG_KEY:
                raise WrongKeyError(
                    f"{path}: the key at hand is another store's; import the right one: dictation key import"
                )
            case Verdict.NOT_A_STORE:
                raise StoreError(f"{path}: not a store of this program; name another file")
            case Verdict.RIGHT_KEY:
                raise damage(path)
    if "disk is full" in text or "disk I/O error" in text:
        raise StoreError(f"{path}: cannot be written, the disk is full or failing; make room")
    if "locked" in text or "busy" in text:
        raise busy(path)
    if "readonly" in text or "unable to open" in text:
        raise StoreError(f"{path}: cannot be opened for writing; check the folder and its permissions")


def damage(name: object) -> DamagedStoreError:
    """What is said of a store that the key opens and that cannot be read."""
    return DamagedStoreError(f"{name}: damaged; restore the last backup: dictation restore FILE")


def _reader(name: str) -> Callable[[str], Any]:
    """Reads JSON of the store. A damaged page in the middle of a long value comes as zeros and no error."""

    def read(text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError as error:
            raise damage(name) from error

    return read


def _explain_postgresql(context: ExceptionContext, name: str) -> None:
    from psycopg import OperationalError
    from psycopg.errors import DiskFull

    if isinstance(context.original_exception, DiskFull):
        raise StoreError(f"{name}: cannot be written, the server's disk is full")
    if isinstance(context.original_exception, OperationalError):
        raise StoreError(
            f"{name}: the server cannot be reached or refuses; check the address, the network, the rights"
        )
