"""One open dictation in the database, as its journal writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy import Connection, func, insert, select, update

from dictation.errors import StoreError
from dictation.forms.record import Record
from dictation.store import tables
from dictation.store.audit import Audit
from dictation.store.claims import Claim
from dictation.store.ground import Ground, now
from dictation.store.journal import Entry, Happened, Said
from dictation.store.records import Records
from dictation.store.sound import chunks, encode


@dataclass(frozen=True, slots=True)
class _Counts:
    """How much of a dictation is kept."""

    samples: int
    events: int
    utterances: int


class Book:
    """Writes entries of a journal in order, each once, whatever became of a commit whose answer was lost."""

    def __init__(self, ground: Ground, audit: Audit, records: Records, dictation: str, claim: Claim) -> None:
        self._ground, self._audit, self._records = ground, audit, records
        self._dictation, self._claim, self._doubtful = dictation, claim, False
        with ground.engine.begin() as connection:
            self._turn = self._row(connection).turn
            self._kept = self._counts(connection)

    @property
    def samples(self) -> int:
        """Samples kept so far."""
        return self._kept.samples

    def append(self, entries: list[Entry]) -> None:
        """All of it, in order, in one transaction; StoreError where that fails or another has taken over."""
        if self._doubtful:
            entries = self._not_kept_yet(entries)
        self._doubtful = True
        self._write(entries)
        self._doubtful = False

    def finish(self, record: Record | None) -> None:
        """Mark the dictation as ended and store its record."""
        ended = update(tables.dictations).where(tables.dictations.c.id == self._dictation).values(ended=now())
        with self._ground.writes.begin() as connection:
            connection.execute(ended)
            self._audit.add(connection, "finished", self._dictation)
            if record:
                self._records.write(connection, record, self._dictation)

    def release(self, finished: bool) -> None:
        """Let go of the dictation; unless it is finished, another journal may go on with it."""
        self._claim.release(finished)

    def _not_kept_yet(self, entries: list[Entry]) -> list[Entry]:
        """After a failure: what of the entries did not reach the store after all."""
        renewed = self._claim.renew()
        with self._ground.engine.begin() as connection:
            row = self._row(connection)
            counts = self._counts(connection)
        if not renewed or row is None or row.ended is not None or row.turn != self._turn:
            raise StoreError(
                f"dictation {self._dictation} was taken over elsewhere while the store could not be reached; "
                "what was said since is in the memory of this program only"
            )
        left = _without(
            entries,
            counts.samples - self._kept.samples,
            counts.events - self._kept.events,
            counts.utterances - self._kept.utterances,
        )
        self._kept = counts
        return left

    def _write(self, entries: list[Entry]) -> None:
        samples, events, utterances = self._kept.samples, self._kept.events, self._kept.utterances
        rows: dict[str, list[dict[str, Any]]] = {"sound": [], "events": [], "utterances": []}
        for entry in entries:
            match entry:
                case np.ndarray():
                    for chunk in chunks(entry):
                        coding, data = encode(chunk)
                        sound = {"start": samples, "samples": len(chunk), "coding": coding, "data": data}
                        rows["sound"].append({"dictation": self._dictation, **sound})
                        samples += len(chunk)
                case Happened():
                    event = {"number": events, "at": entry.at, "kind": entry.kind, "data": dict(entry.data)}
                    rows["events"].append({"dictation": self._dictation, **event})
                    events += 1
                case Said():
                    said = {"number": utterances, "data": dict(entry.utterance)}
                    rows["utterances"].append({"dictation": self._dictation, **said})
                    utterances += 1
        with self._ground.writes.begin() as connection:
            for table, new in (
                (tables.audio_chunks, rows["sound"]),
                (tables.journal_events, rows["events"]),
                (tables.utterances, rows["utterances"]),
            ):
                if new:
                    connection.execute(insert(table), new)
        self._kept = _Counts(samples, events, utterances)

    def _row(self, connection: Connection) -> Any:
        columns = tables.dictations.c
        query = select(columns.turn, columns.ended).where(columns.id == self._dictation)
        return connection.execute(query).first()

    def _counts(self, connection: Connection) -> _Counts:
        return _Counts(
            kept_samples(connection, self._dictation),
            _count(connection, tables.journal_events, self._dictation),
            _count(connection, tables.utterances, self._dictation),
        )


def kept_samples(connection: Connection, dictation: str) -> int:
    """Samples of a dictation that are in the store."""
    table = tables.audio_chunks
    end = select(func.max(table.c.start + table.c.samples)).where(table.c.dictation == dictation)
    return connection.execute(end).scalar() or 0


def _count(connection: Connection, table: Any, dictation: str) -> int:
    query = select(func.count()).select_from(table).where(table.c.dictation == dictation)
    return int(connection.execute(query).scalar_one())


def _without(entries: list[Entry], samples: int, events: int, utterances: int) -> list[Entry]:
    """The entries less the first so many samples, events and utterances."""
    left: list[Entry] = []
    for entry in entries:
        match entry:
            case np.ndarray():
                if samples < len(entry):
                    left.append(entry[samples:])
                samples = max(samples - len(entry), 0)
            case Happened():
                if events <= 0:
                    left.append(entry)
                events -= 1
            case Said():
                if utterances <= 0:
                    left.append(entry)
                utterances -= 1
    return left
