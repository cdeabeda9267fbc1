"""The version of the tables: made when the store is new, brought up when the program is newer."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection

from dictation.errors import StoreError


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", "dictation.store:migrations")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The revision that this program writes."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def current(connection: Connection) -> str | None:
    """The revision that the store has; None where it is new."""
    return MigrationContext.configure(connection).get_current_revision()


def upgrade(connection: Connection, name: str) -> None:
    """Bring the tables up to date within the transaction that is open; `name` is what an error calls the store.

    StoreError where a newer program has written it.
    """
    if current(connection) == newest():
        return
    try:
        command.upgrade(_config(connection), "head")
    except CommandError as error:
        raise StoreError(f"{name}: written by a newer version of this program; update the program") from error
