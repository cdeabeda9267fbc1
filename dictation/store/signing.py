"""Signing: a doctor's name under one version of a record, which is thereby frozen.

It is an internal freeze and not an ЭЦП under the law: it shows inside this store who confirmed what, and that nothing
was changed since. An external CMS signature has its place beside it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version as installed_version
from typing import Any

from sqlalchemy import Connection, insert, select, update

from dictation.errors import DamagedStoreError, SigningError, StoreError
from dictation.forms.confirmed import confirmed_names, open_names
from dictation.forms.contents import ALLERGIES, FINDINGS, NOTICES
from dictation.forms.record import Record
from dictation.grammar.rules import language_dir
from dictation.store import tables
from dictation.store.audit import Audit
from dictation.store.canonical import canonical
from dictation.store.ground import Ground, now
from dictation.store.records import Records
from dictation.store.sound import decode

# Chunks read from the database at a time: a minute of sound.
_READ_AT_ONCE = 120


@dataclass(frozen=True, slots=True)
class Signature:
    """A signed version. `statement` is what was signed: who, when, what was confirmed, and the hashes."""

    record: str
    version: int
    signed: datetime
    doctor: str
    statement: Mapping[str, Any]
    cms: bytes | None

    @property
    def signed_bytes(self) -> bytes:
        """The statement's canonical JSON in UTF-8: what an external signature is made over."""
        return canonical(self.statement).encode()


def open_checks(record: Record) -> list[str]:
    """What a doctor must confirm before signing: keys of fields that need checking, and `findings`, `allergies`,
    `notices` where one of them does; what the record's review has confirmed is not among them."""
    return open_names(record)


class Signatures:
    """The signatures of one store."""

    def __init__(self, ground: Ground, audit: Audit, records: Records) -> None:
        self._ground, self._audit, self._records = ground, audit, records

    def sign(self, identifier: str, *, doctor: str, confirmed: tuple[str, ...], version: int | None) -> Signature:
        doctor = " ".join(doctor.split())
        if not doctor:
            raise SigningError("a signature needs the doctor's name")
        audio_hash = self.audio_hash(identifier)
        with self._ground.writes.begin() as connection:
            self._audit.hold(connection)
            newest, record, digest = self._records.load(connection, identifier, None)
            if version not in (None, newest):
                raise SigningError(
                    f"record {identifier}: version {version} was changed since, version {newest} is the newest; "
                    "look at it and sign that"
                )
            before = self._last(connection, identifier)
            if before and before.version == newest:
                raise SigningError(f"record {identifier}: version {newest} is signed already, by {before.doctor}")
            refuse_unconfirmed(record, confirmed)
            moment = now()
            statement = {
                "record": identifier,
                "version": newest,
                "replaces": before.version if before else None,
                "record_sha256": digest,
                "audio_sha256": audio_hash,
                "doctor": doctor,
                "signed": _moment(moment),
                "confirmed": sorted({*confirmed, *confirmed_names(record)}),
                "recogniser": record.recogniser.model_dump(mode="json") if record.recogniser else None,
                "program": installed_version("dictation"),
                "rules_sha256": rules_hash(record.language),
            }
            connection.execute(
                insert(tables.signatures).values(
                    record=identifier,
                    version=newest,
                    signed=moment,
                    doctor=doctor,
                    statement=statement,
                    seal=self._seal(statement),
                )
            )
            told = {"version": newest, "sha256": statement["record_sha256"], "doctor": doctor}
            self._audit.add(connection, "signed", identifier, told)
        return Signature(identifier, newest, moment, doctor, statement, None)

    def find(self, identifier: str, version: int | None) -> Signature | None:
        with self._ground.engine.begin() as connection:
            row = self._last(connection, identifier, version)
        if row is None:
            return None
        shown = {"record": row.record, "version": row.version, "doctor": row.doctor, "signed": _moment(row.signed)}
        sealed = hmac.compare_digest(self._seal(row.statement), row.seal)
        if not sealed or any(row.statement[name] != value for name, value in shown.items()):
            raise DamagedStoreError(
                f"{self._ground.name}: the signature of record {identifier} version {row.version} was altered; "
                "restore the last backup"
            )
        return Signature(row.record, row.version, row.signed, row.doctor, row.statement, row.cms)

    def attach(self, identifier: str, version: int, cms: bytes) -> None:
        table = tables.signatures
        with self._ground.writes.begin() as connection:
            self._audit.hold(connection)
            row = self._last(connection, identifier, version)
            if row is None:
                raise StoreError(f"record {identifier} version {version} is not signed; sign it first")
            if row.cms is not None:
                raise StoreError(f"record {identifier} version {version} has its external signature already")
            this = (table.c.record == identifier) & (table.c.version == version)
            connection.execute(update(table).where(this).values(cms=cms))
            detail = {"version": version, "cms_sha256": hashlib.sha256(cms).hexdigest()}
            self._audit.add(connection, "cms-attached", identifier, detail)

    def _last(self, connection: Connection, identifier: str, version: int | None = None) -> Any:
        table = tables.signatures
        query = select(table).where(table.c.record == identifier).order_by(table.c.version.desc()).limit(1)
        return connection.execute(query if version is None else query.where(table.c.version == version)).first()

    def _seal(self, statement: Mapping[str, Any]) -> str:
        return hmac.digest(self._ground.key.derive("signature"), canonical(statement).encode(), "sha256").hex()

    def audio_hash(self, identifier: str) -> str | None:
        """SHA-256 of the dictation's sound as 16-bit little-endian samples; None where there is none (any more)."""
        sound = tables.audio_chunks
        query = (
            select(sound)
            .join(tables.records, tables.records.c.dictation == sound.c.dictation)
            .where(tables.records.c.id == identifier)
            .order_by(sound.c.start)
        )
        digest, samples = hashlib.sha256(), 0
        with self._ground.engine.begin() as connection:
            for row in connection.execute(query.execution_options(yield_per=_READ_AT_ONCE)):
                digest.update(decode(row.coding, row.data, row.samples).astype("<i2").tobytes())
                samples += row.samples
        return digest.hexdigest() if samples else None


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")


def rules_hash(language: str) -> str:
    """One hash of all rule files of a language: SHA-256 over their names and contents in order."""
    folder, digest = language_dir(language), hashlib.sha256()
    for path in sorted(folder.rglob("*.yaml")):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        digest.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    return digest.hexdigest()


def refuse_unconfirmed(record: Record, confirmed: tuple[str, ...]) -> None:
    """SigningError where something needs checking and is not among `confirmed`, or that has names of nothing."""
    needed = open_checks(record)
    if unknown := sorted(set(confirmed) - {*record.fields, FINDINGS, ALLERGIES, NOTICES}):
        raise SigningError(f"record {record.id}: no field {', '.join(unknown)} to confirm")
    if left := [name for name in needed if name not in confirmed]:
        raise SigningError(f"record {record.id}: to be checked and confirmed first: {', '.join(left)}")
