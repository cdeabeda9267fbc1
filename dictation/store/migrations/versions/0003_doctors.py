"""The doctors who unlock a workstation by a PIN or passphrase."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_doctors"
down_revision = "0002_outbox"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "doctors",
        sa.Column("id", sa.String(36), primary_key=True, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("folded", sa.String(200), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("made", sa.String(32), nullable=False),
        sa.Column("wrong_tries", sa.Integer, nullable=False),
        sa.Column("last_wrong", sa.String(32)),
        sa.UniqueConstraint("folded", name="uq_doctor_name"),
    )
