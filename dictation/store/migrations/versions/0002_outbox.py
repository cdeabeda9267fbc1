"""The outbox: signed records on their way to a clinic's system."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_outbox"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("record", sa.String(36), sa.ForeignKey("records.id", ondelete="CASCADE"), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("destination", sa.String(500), nullable=False),
        sa.Column("queue", sa.String(64), nullable=False),
        sa.Column("state", sa.String(8), nullable=False, index=True),
        sa.Column("submitted", sa.String(32), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("tried", sa.String(32)),
        sa.Column("pause", sa.Float, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("content", sa.Text),
        sa.UniqueConstraint("record", "version", "destination", name="uq_outbox_version"),
    )
