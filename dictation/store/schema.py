"""The version of the tables: made when the store is new, brought up when the program is newer."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from dictation.errors import StoreError

NEWEST = "0003_doctors"
"""The revision that this program writes: the last step in `migrations/versions`."""


def current(connection: Connection) -> str | None:
    """The revision that the store has; None where it is new."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def upgrade(connection: Connection, name: str) -> None:
    """Bring the tables up to date within the transaction that is open; `name` is what an error calls the store.

    StoreError where a newer program has written it.
    """
    if current(connection) == NEWEST:
        return
    # A fifth of the program's start otherwise, for a step that is taken once in a store's life.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "dictation.store:migrations")
    config.attributes["connection"] = connection
    known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
    if current(connection) not in {None, *known}:
        raise StoreError(f"{name}: written by a newer version of this program; update the program")
    command.upgrade(config, "head")
