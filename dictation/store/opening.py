"""Opening the store, making it where it is new, and putting a backup in its place."""

from __future__ import annotations

import getpass
import os
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, make_url, select

from dictation import resources
from dictation.errors import InputError, WrongKeyError
from dictation.store import backup, database, pages, schema, tables
from dictation.store.claims import FileClaims, ServerClaims
from dictation.store.custody import AskPassphrase, Custody, Kept, ask_at_terminal
from dictation.store.ground import Ground, Writes
from dictation.store.store import Store

STORE_FILE = "store.db"

_SERVERS = ("postgresql://", "postgres://", "postgresql+psycopg://")
# One number for "this program is changing the tables": PostgreSQL's advisory locks have no names.
_SCHEMA_LOCK = 0x64696374


def open_store(
    location: str | Path | None = None,
    *,
    home: Path | None = None,
    key_file: Path | None = None,
    ask: AskPassphrase = ask_at_terminal,
    actor: str | None = None,
) -> Store:
    """The store at a path or a `postgresql://` address, made where it is new.

    Without `location`: `$DICTATION_STORE`, else `store.db` in `home` (`$DICTATION_HOME`, or the user's data folder).
    `key_file` goes before `$DICTATION_KEY_FILE`; `ask` is called for the passphrase where the key has one; `actor` is
    who acts, the system's user if not given. WrongKeyError, DamagedStoreError, StoreError.
    """
    place = _place(location, home)
    custody = custody_of(location, home=home, key_file=key_file, ask=ask)
    who = actor or _system_user()
    return _open_server(place, custody, who) if isinstance(place, str) else _open_file(place, custody, who)


def restore_store(
    source: Path,
    location: str | Path | None = None,
    *,
    home: Path | None = None,
    key_file: Path | None = None,
    ask: AskPassphrase = ask_at_terminal,
    actor: str | None = None,
) -> Path | None:
    """Put a backup in the place of the store that `open_store` would open; the path under which what was there is
    kept. Nothing is touched where the backup is damaged or the key at hand does not open it."""
    if not source.is_file():
        raise InputError(f"{source}: no such backup; check the name")
    place = _place(location, home)
    kept = custody_of(location, home=home, key_file=key_file, ask=ask).find(pages.fingerprint(source))
    who = actor or _system_user()
    replaced = None
    if isinstance(place, str):
        engine = database.postgresql(place)
        backup.put_back_on_server(source, engine, kept.key, _shown(engine))
        store = _prepared(_server_ground(engine, kept, who), kept)
    else:
        replaced = backup.put_back(source, place, kept.key)
        store = _prepared(_file_ground(place, kept, who), kept)
    with store:
        store.tell("restored", {"replaced": replaced is not None})
    return replaced


def custody_of(
    location: str | Path | None = None,
    *,
    home: Path | None = None,
    key_file: Path | None = None,
    ask: AskPassphrase = ask_at_terminal,
) -> Custody:
    """Where the key of that store is looked for: beside a file, in the program's folder for a server."""
    place = _place(location, home)
    if isinstance(place, str):
        return Custody(make_url(place).render_as_string(hide_password=True), home or resources.home(), key_file, ask)
    return Custody(str(place), place.parent, key_file, ask)


def _place(location: str | Path | None, home: Path | None) -> str | Path:
    place = location or os.environ.get("DICTATION_STORE") or (home or resources.home()) / STORE_FILE
    if isinstance(place, str) and place.startswith(_SERVERS):
        return place
    return Path(place).absolute()


def _open_file(path: Path, custody: Custody, actor: str) -> Store:
    with FileClaims(path).making():
        exists = path.is_file() and path.stat().st_size > 0
        kept = custody.find(pages.fingerprint(path)) if exists else custody.make()
        return _prepared(_file_ground(path, kept, actor), kept)


def _open_server(url: str, custody: Custody, actor: str) -> Store:
    engine = database.postgresql(url)
    with engine.begin() as connection:
        named = _fingerprint(connection) if schema.current(connection) else None
    kept = custody.find(bytes.fromhex(named)) if named else custody.make()
    return _prepared(_server_ground(engine, kept, actor), kept)


def _file_ground(path: Path, kept: Kept, actor: str) -> Ground:
    engine = database.sqlcipher(path, kept.key)
    return Ground(engine, kept.key, str(path), actor, FileClaims(path), Writes(engine, str(path)))


def _server_ground(engine: Engine, kept: Kept, actor: str) -> Ground:
    return Ground(engine, kept.key, _shown(engine), actor, ServerClaims(engine), Writes(engine, _shown(engine)))


def _prepared(ground: Ground, kept: Kept) -> Store:
    """The store with its tables made or brought up to date, its key being the one it was made with."""
    store, name = Store(ground, kept), ground.name
    with ground.engine.begin() as connection:
        ready = schema.current(connection) == schema.NEWEST
    with ground.writes.begin() if not ready else ground.engine.begin() as connection:
        if not ready:
            new = _upgrade(connection, name)
            if new:
                fingerprint = ground.key.fingerprint.hex()
                connection.execute(insert(tables.settings).values(name="key", value=fingerprint))
                store.audit.add(connection, "made", "store")
        if _fingerprint(connection) != ground.key.fingerprint.hex():
            raise WrongKeyError(
                f"{name}: the key at hand is another store's; import the right one: dictation key import"
            )
    return store


def _upgrade(connection: Connection, name: str) -> bool:
    """Bring the tables up to date; whether there were none."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")
    new = schema.current(connection) is None
    schema.upgrade(connection, name)
    return new


def _fingerprint(connection: Connection) -> str:
    query = select(tables.settings.c.value).where(tables.settings.c.name == "key")
    return str(connection.execute(query).scalar_one())


def _shown(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=True)


def _system_user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
