"""Run by Alembic: the steps on the connection that `schema.upgrade` gives, within its transaction."""

from __future__ import annotations

from alembic import context

from dictation.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
