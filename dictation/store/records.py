"""Records in the store, with every version. A version is written once and never changed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import sleep as pause
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Select, delete, func, insert, select, update

from dictation.errors import ChangedError, DamagedStoreError, StoreError
from dictation.forms.record import Record, Review
from dictation.store import tables
from dictation.store.audit import Audit
from dictation.store.canonical import canonical
from dictation.store.ground import Ground, now

# Half a minute of sound, and a pause in which whoever waits to write gets in (SQLite has no queue).
_ERASED_AT_ONCE = 60
_ERASING_PAUSE = 0.03


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a record; `based_on` is the one that was edited, `sha256` of the record's canonical JSON."""

    version: int
    based_on: int | None
    saved: datetime
    saved_by: str
    sha256: str
    signed_by: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A record as lists show it: the newest version's patient and visit, and the newest version that is signed."""

    id: str
    dictation: str | None
    form: str
    created: datetime
    patient_iin: str | None
    patient_name: str | None
    visit: str | None
    practitioner: str | None
    version: int
    signed: int | None


@dataclass(frozen=True, slots=True)
class Search:
    """What to list: `patient` is an ИИН or a part of the name, the days are those of making, both included; `signed`
    is said of the newest version."""

    record: str | None = None
    patient: str | None = None
    since: date | None = None
    until: date | None = None
    form: str | None = None
    signed: bool | None = None
    limit: int = 100


class Records:
    """The records of one store."""

    def __init__(self, ground: Ground, audit: Audit) -> None:
        self._ground, self._audit = ground, audit

    def save(self, record: Record, based_on: int | None) -> int:
        with self._ground.writes.begin() as connection:
            return self.write(connection, record, None, based_on)

    def write(
        self, connection: Connection, record: Record, dictation: str | None, based_on: int | None = None
    ) -> int:
        """Within a transaction: the record's next version, or the newest one where nothing has changed."""
        self._audit.hold(connection)
        identifier = str(record.id)
        content = content_of(record)
        digest = hash_of(content)
        last = connection.execute(_newest(identifier)).first()
        if last and last.sha256 == digest:
            return int(last.version)
        if based_on is not None and (last is None or last.version != based_on):
            raise ChangedError(f"record {identifier}: version {based_on} was changed since; look at the newest one")
        version = last.version + 1 if last else 1
        row = _summary(record, version)
        if dictation:
            row["dictation"] = dictation
        if last:
            connection.execute(update(tables.records).where(tables.records.c.id == identifier).values(**row))
        else:
            connection.execute(insert(tables.records).values(id=identifier, **row))
        connection.execute(
            insert(tables.record_versions).values(
                record=identifier,
                version=version,
                based_on=last.version if last else None,
                saved=now(),
                saved_by=self._ground.actor,
                sha256=digest,
                content=content,
            )
        )
        self._audit.add(
            connection, "changed" if last else "saved", identifier, {"version": version, "sha256": digest}
        )
        return version

    def load(self, connection: Connection, identifier: str, version: int | None) -> tuple[int, Record, str]:
        """Within a transaction: a version, the newest if not named, and the hash that it was kept under. StoreError
        where there is none."""
        query = _newest(identifier)
        if version is not None:
            query = query.where(tables.record_versions.c.version == version)
        row = connection.execute(query).first()
        if row is None:
            of = "" if version is None else f"version {version} of "
            raise StoreError(f"no {of}record {identifier} in the store; it may have been deleted")
        if hash_of(row.content) != row.sha256:
            raise DamagedStoreError(
                f"{self._ground.name}: record {identifier} version {row.version} is not what was saved; "
                "restore the last backup"
            )
        try:
            return row.version, Record.model_validate_json(row.content), row.sha256
        except ValidationError as error:
            raise StoreError(
                f"record {identifier} version {row.version} was made by another version of this program, "
                "which this one cannot read; update the program"
            ) from error

    def open(self, identifier: str, version: int | None, why: str) -> Record:
        with self._ground.writes.begin() as connection:
            number, record, _ = self.load(connection, identifier, version)
            self._audit.add(connection, why, identifier, {"version": number})
        return record

    def versions(self, identifier: str) -> list[Version]:
        table, signed = tables.record_versions, tables.signatures
        query = (
            select(
                table.c.version, table.c.based_on, table.c.saved, table.c.saved_by, table.c.sha256, signed.c.doctor
            )
            .outerjoin(signed, (signed.c.record == table.c.record) & (signed.c.version == table.c.version))
            .where(table.c.record == identifier)
            .order_by(table.c.version)
        )
        with self._ground.engine.begin() as connection:
            return [Version(*row) for row in connection.execute(query)]

    def reviews(self, identifier: str) -> list[Review]:
        """What was done by hand, as each version has it, the first first."""
        table = tables.record_versions
        query = select(table.c.content).where(table.c.record == identifier).order_by(table.c.version)
        with self._ground.engine.begin() as connection:
            kept = [json.loads(content) for content in connection.execute(query).scalars()]
        return [Review.model_validate(record.get("review", {})) for record in kept]

    def search(self, wanted: Search) -> list[Listed]:
        columns = tables.records.c
        last_signed = (
            select(tables.signatures.c.version)
            .where(tables.signatures.c.record == columns.id)
            .order_by(tables.signatures.c.version.desc())
            .limit(1)
            .scalar_subquery()
        )
        query: Select[Any] = select(
            columns.id,
            columns.dictation,
            columns.form,
            columns.created,
            columns.patient_iin,
            columns.patient_name,
            columns.visit,
            columns.practitioner,
            columns.version,
            last_signed,
        ).order_by(columns.created.desc())
        if wanted.record:
            query = query.where(columns.id == wanted.record)
        if wanted.patient:
            named = columns.patient_folded.contains(wanted.patient.casefold(), autoescape=True)
            query = query.where((columns.patient_iin == wanted.patient) | named)
        if wanted.form:
            query = query.where(columns.form == wanted.form)
        if wanted.since:
            query = query.where(columns.created >= _midnight(wanted.since))
        if wanted.until:
            query = query.where(columns.created < _midnight(wanted.until + timedelta(days=1)))
        if wanted.signed is not None:
            newest_is_signed = func.coalesce(last_signed == columns.version, False)
            query = query.where(newest_is_signed if wanted.signed else ~newest_is_signed)
        with self._ground.engine.begin() as connection:
            return [Listed(*row) for row in connection.execute(query.limit(wanted.limit))]

    def delete(self, identifier: str) -> None:
        """Every version and signature, and the dictation it was made of."""
        with self._ground.engine.begin() as connection:
            row = connection.execute(
                select(tables.records.c.dictation).where(tables.records.c.id == identifier)
            ).first()
        if row is None:
            raise StoreError(f"no record {identifier} in the store; it may have been deleted")
        if row.dictation:
            erase_sound(self._ground, row.dictation)
        with self._ground.writes.begin() as connection:
            connection.execute(delete(tables.records).where(tables.records.c.id == identifier))
            connection.execute(delete(tables.dictations).where(tables.dictations.c.id == row.dictation))
            self._audit.add(connection, "deleted", identifier, {"what": "record", "dictation": row.dictation})


def content_of(record: Record) -> str:
    """The record as it is kept and hashed: its canonical JSON."""
    return canonical(record.model_dump(mode="json"))


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _newest(identifier: str) -> Any:
    table = tables.record_versions
    return select(table).where(table.c.record == identifier).order_by(table.c.version.desc()).limit(1)


def _summary(record: Record, version: int) -> dict[str, Any]:
    patient, visit = record.context.patient, record.context.visit
    return {
        "form": record.form,
        "language": record.language,
        "created": record.created,
        "patient_iin": patient.iin,
        "patient_name": patient.name,
        "patient_folded": patient.name.casefold() if patient.name else None,
        "visit": visit.id,
        "practitioner": visit.practitioner,
        "version": version,
    }


def erase_sound(ground: Ground, dictation: str) -> None:
    """A dictation's sound, a little at a time, so that a journal being written meanwhile never waits long."""
    table = tables.audio_chunks
    first = select(table.c.start).where(table.c.dictation == dictation).order_by(table.c.start).limit(_ERASED_AT_ONCE)
    while True:
        with ground.writes.begin() as connection:
            starts = list(connection.execute(first).scalars())
            connection.execute(delete(table).where(table.c.dictation == dictation, table.c.start.in_(starts)))
        if len(starts) < _ERASED_AT_ONCE:
            return
        pause(_ERASING_PAUSE)


def _midnight(day: date) -> datetime:
    """The start of a day by the clock of this machine."""
    return datetime.combine(day, time.min).astimezone()
