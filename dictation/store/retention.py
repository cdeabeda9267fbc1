"""How long what is kept, and deletion that leaves nothing behind."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, insert, select, update

from dictation.errors import UsageError
from dictation.store import tables
from dictation.store.audit import Audit
from dictation.store.ground import Ground, now
from dictation.store.records import Records, erase_sound

_SETTING = "retention"


@dataclass(frozen=True, slots=True)
class Retention:
    """Days after which a kind is deleted, None for never: sound counted from the end of its dictation, records from
    their making. An unfinished dictation is never deleted by age, nor is the audit log."""

    audio: int | None = 30
    records: int | None = None

    def __post_init__(self) -> None:
        for kind, days in asdict(self).items():
            if days is not None and days < 0:
                raise UsageError(f"retention of {kind}: {days} days; give 0 or more, or none for ever")


@dataclass(frozen=True, slots=True)
class Removed:
    """What was deleted for its age: the number of dictations whose sound went, the number of records."""

    audio: int
    records: int


def read(ground: Ground) -> Retention:
    with ground.engine.begin() as connection:
        value = connection.execute(
            select(tables.settings.c.value).where(tables.settings.c.name == _SETTING)
        ).scalar_one_or_none()
    return Retention(**value) if value else Retention()


def write(ground: Ground, audit: Audit, wanted: Retention) -> None:
    with ground.writes.begin() as connection:
        connection.execute(delete(tables.settings).where(tables.settings.c.name == _SETTING))
        connection.execute(insert(tables.settings).values(name=_SETTING, value=asdict(wanted)))
        audit.add(connection, "retention", "store", asdict(wanted))


def tidy(ground: Ground, audit: Audit, records: Records, today: datetime | None) -> Removed:
    """Delete what is older than the clinic keeps it; `today` is the moment to count from, now if not given."""
    kept, moment = read(ground), today or now()
    dictations, kept_records = tables.dictations.c, tables.records.c
    heard: list[str] = []
    old: list[str] = []
    with ground.engine.begin() as connection:
        if kept.audio is not None:
            ended_before = dictations.ended < moment - timedelta(days=kept.audio)
            query = select(dictations.id).where(ended_before, dictations.audio_removed.is_(False))
            heard = list(connection.execute(query).scalars())
        if kept.records is not None:
            created_before = kept_records.created < moment - timedelta(days=kept.records)
            # What has not arrived yet, or came back, is still needed.
            on_its_way = exists().where(tables.outbox.c.record == kept_records.id, tables.outbox.c.state != "sent")
            query = select(kept_records.id).where(created_before, ~on_its_way)
            old = list(connection.execute(query).scalars())
    for identifier in heard:
        erase_sound(ground, identifier)
        with ground.writes.begin() as connection:
            this = dictations.id == identifier
            connection.execute(update(tables.dictations).where(this).values(audio_removed=True))
            audit.add(connection, "deleted", identifier, {"what": "audio", "days": kept.audio})
    for identifier in old:
        records.delete(identifier)
    if heard or old:
        scrub(ground)
    return Removed(len(heard), len(old))


def scrub(ground: Ground) -> None:
    """See to it that what was deleted is gone. SQLite has overwritten it and given its room back at the commit
    (`secure_delete`, `auto_vacuum`); the log that may still hold it is cut. PostgreSQL's dead rows are vacuumed."""
    with ground.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if ground.engine.dialect.name == "postgresql":
            connection.exec_driver_sql(
                "VACUUM audio_chunks, journal_events, utterances, record_versions, records, outbox"
            )
            return
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
