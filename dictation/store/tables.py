"""The tables of the store, the same in SQLCipher and PostgreSQL. `migrations/` makes them; a test compares."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect


class Moment(TypeDecorator[datetime]):
    """A moment as ISO 8601 text in UTC with microseconds: sorts as it reads, the same in both databases."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        return None if value is None else datetime.fromisoformat(value)


metadata = MetaData()

_ID = String(36)

settings = Table(
    "settings",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("value", JSON, nullable=False),
)

dictations = Table(
    "dictations",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("begun", Moment, nullable=False),
    Column("ended", Moment, index=True),
    Column("form", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("context", JSON, nullable=False),
    Column("recogniser", Text),
    # Counts up with every journal that goes on with it, so that one that was cut off notices.
    Column("turn", Integer, nullable=False),
    Column("audio_removed", Boolean, nullable=False),
)

# One chunk is at most half a second; `start` and `samples` count samples of 16 kHz from the start of the dictation.
audio_chunks = Table(
    "audio_chunks",
    metadata,
    Column("dictation", ForeignKey("dictations.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("samples", Integer, nullable=False),
    Column("coding", String(8), nullable=False),
    Column("data", LargeBinary, nullable=False),
)

journal_events = Table(
    "journal_events",
    metadata,
    Column("dictation", ForeignKey("dictations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Float, nullable=False),
    Column("kind", String(64), nullable=False),
    Column("data", JSON, nullable=False),
)

utterances = Table(
    "utterances",
    metadata,
    Column("dictation", ForeignKey("dictations.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("data", JSON, nullable=False),
)

# What lists and searches show; the record itself is in its versions.
records = Table(
    "records",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("dictation", ForeignKey("dictations.id", ondelete="SET NULL"), index=True),
    Column("form", Text, nullable=False),
    Column("language", String(16), nullable=False),
    Column("created", Moment, nullable=False, index=True),
    Column("patient_iin", Text, index=True),
    Column("patient_name", Text),
    Column("patient_folded", Text),
    Column("visit", Text),
    Column("practitioner", Text),
    Column("version", Integer, nullable=False),
)

# Rows are written once and never changed. `content` is the record's canonical JSON, `sha256` the hash of its UTF-8.
record_versions = Table(
    "record_versions",
    metadata,
    Column("record", ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("based_on", Integer),
    Column("saved", Moment, nullable=False),
    Column("saved_by", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("content", Text, nullable=False),
)

signatures = Table(
    "signatures",
    metadata,
    Column("record", ForeignKey("records.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("signed", Moment, nullable=False),
    Column("doctor", Text, nullable=False),
    Column("statement", JSON, nullable=False),
    Column("seal", String(64), nullable=False),
    Column("cms", LargeBinary),
)

# What is on its way to a clinic's system. `queue` names the patient by a keyed hash; `content` is what is sent, as it
# was when it was submitted, and goes once it has arrived. `pause` counts seconds from `tried`.
outbox = Table(
    "outbox",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("record", ForeignKey("records.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("destination", String(500), nullable=False),
    Column("queue", String(64), nullable=False),
    Column("state", String(8), nullable=False, index=True),
    Column("submitted", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("tried", Moment),
    Column("pause", Float, nullable=False),
    Column("answer", Text),
    Column("content", Text),
    UniqueConstraint("record", "version", "destination", name="uq_outbox_version"),
)

# Who unlocks a workstation. `secret` is salt and scrypt hash; `folded` the name for comparing.
doctors = Table(
    "doctors",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("folded", String(200), nullable=False),
    Column("secret", String(200), nullable=False),
    Column("made", Moment, nullable=False),
    Column("wrong_tries", Integer, nullable=False),
    Column("last_wrong", Moment),
    UniqueConstraint("folded", name="uq_doctor_name"),
)

audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(64), nullable=False, index=True),
    Column("detail", JSON, nullable=False),
    Column("link", String(64), nullable=False),
)

# One row: how long the chain is and its last link, sealed, so that a cut tail is noticed.
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
    Column("link", String(64), nullable=False),
    Column("seal", String(64), nullable=False),
)
