"""Whether what stands in the store is what the audit log tells of: versions, signatures, on request the sound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from dictation.errors import DamagedStoreError
from dictation.store import tables
from dictation.store.audit import Audit, Break
from dictation.store.ground import Ground
from dictation.store.records import hash_of
from dictation.store.signing import Signatures


@dataclass(frozen=True, slots=True)
class _Told:
    """What the log tells of a version: the number of the entry, the hash of the record's content."""

    number: int
    sha256: str


def breaks(ground: Ground, audit: Audit, signatures: Signatures, *, sound: bool) -> Iterator[Break]:
    """Every version or signature that is missing or altered by what the log tells, or of which it does not tell."""
    saved: dict[tuple[str, int], _Told] = {}
    signed: dict[tuple[str, int], int] = {}
    for entry in audit.entries():
        version = (entry.subject, entry.detail.get("version", 0))
        if entry.action in {"saved", "changed"}:
            saved[version] = _Told(entry.number, entry.detail["sha256"])
        elif entry.action == "signed":
            signed[version] = entry.number
        elif entry.action == "deleted" and entry.detail["what"] == "record":
            saved = {key: told for key, told in saved.items() if key[0] != entry.subject}
            signed = {key: number for key, number in signed.items() if key[0] != entry.subject}
    yield from _versions(ground, saved)
    yield from _signatures(ground, signatures, signed, sound)


def _versions(ground: Ground, saved: dict[tuple[str, int], _Told]) -> Iterator[Break]:
    table = tables.record_versions
    with ground.engine.begin() as connection:
        query = select(table.c.record, table.c.version, table.c.content).execution_options(yield_per=50)
        for row in connection.execute(query):
            told = saved.pop((row.record, row.version), None)
            if told is None:
                yield Break(0, f"record {row.record} version {row.version} stands and is not in the log")
            elif hash_of(row.content) != told.sha256:
                yield Break(told.number, f"record {row.record} version {row.version} was altered")
    for (record, version), told in saved.items():
        yield Break(told.number, f"record {record} version {version} is missing")


def _signatures(
    ground: Ground, signatures: Signatures, signed: dict[tuple[str, int], int], sound: bool
) -> Iterator[Break]:
    with ground.engine.begin() as connection:
        standing = connection.execute(select(tables.signatures.c.record, tables.signatures.c.version)).all()
    for record, version in standing:
        number = signed.pop((record, version), 0)
        if not number:
            yield Break(0, f"a signature of record {record} version {version} stands and is not in the log")
        try:
            signature = signatures.find(record, version)
        except DamagedStoreError:
            yield Break(number, f"the signature of record {record} version {version} was altered")
            continue
        if sound and signature and (heard := signature.statement["audio_sha256"]):
            there = signatures.audio_hash(record)
            if there not in (None, heard):
                yield Break(number, f"the sound of record {record} was altered after it was signed")
    for (record, version), number in signed.items():
        yield Break(number, f"the signature of record {record} version {version} is missing")
