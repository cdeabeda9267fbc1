"""The first tables: dictations with their sound, records with versions and signatures, the audit chain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.String(36)
_MOMENT = sa.String(32)
_HASH = sa.String(64)


def _of_dictation() -> sa.Column[str]:
    return sa.Column(
        "dictation", _ID, sa.ForeignKey("dictations.id", ondelete="CASCADE"), primary_key=True, nullable=False
    )


def _of_record() -> sa.Column[str]:
    return sa.Column("record", _ID, sa.ForeignKey("records.id", ondelete="CASCADE"), primary_key=True, nullable=False)


def _counted(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, primary_key=True, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )
    op.create_table(
        "dictations",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("begun", _MOMENT, nullable=False),
        sa.Column("ended", _MOMENT, index=True),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("context", sa.JSON, nullable=False),
        sa.Column("recogniser", sa.Text),
        sa.Column("turn", sa.Integer, nullable=False),
        sa.Column("audio_removed", sa.Boolean, nullable=False),
    )
    op.create_table(
        "audio_chunks",
        _of_dictation(),
        _counted("start"),
        sa.Column("samples", sa.Integer, nullable=False),
        sa.Column("coding", sa.String(8), nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "journal_events",
        _of_dictation(),
        _counted("number"),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_table(
        "utterances",
        _of_dictation(),
        _counted("number"),
        sa.Column("data", sa.JSON, nullable=False),
    )
    op.create_table(
        "records",
        sa.Column("id", _ID, primary_key=True),
        sa.Column("dictation", _ID, sa.ForeignKey("dictations.id", ondelete="SET NULL"), index=True),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("created", _MOMENT, nullable=False, index=True),
        sa.Column("patient_iin", sa.Text, index=True),
        sa.Column("patient_name", sa.Text),
        sa.Column("patient_folded", sa.Text),
        sa.Column("visit", sa.Text),
        sa.Column("practitioner", sa.Text),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "record_versions",
        _of_record(),
        _counted("version"),
        sa.Column("based_on", sa.Integer),
        sa.Column("saved", _MOMENT, nullable=False),
        sa.Column("saved_by", sa.Text, nullable=False),
        sa.Column("sha256", _HASH, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
    )
    op.create_table(
        "signatures",
        _of_record(),
        _counted("version"),
        sa.Column("signed", _MOMENT, nullable=False),
        sa.Column("doctor", sa.Text, nullable=False),
        sa.Column("statement", sa.JSON, nullable=False),
        sa.Column("seal", _HASH, nullable=False),
        sa.Column("cms", sa.LargeBinary),
    )
    op.create_table(
        "audit",
        _counted("number"),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", _HASH, nullable=False, index=True),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.Column("link", _HASH, nullable=False),
    )
    op.create_table(
        "audit_head",
        _counted("id"),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("link", _HASH, nullable=False),
        sa.Column("seal", _HASH, nullable=False),
    )
