"""Dictations in the store: begun, written by a journal, gone on with, read back."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from dictation.audio.blocks import RATE, Samples
from dictation.audio.pcm import Pcm, to_samples
from dictation.errors import DamagedStoreError, StoreError
from dictation.forms.context import Context
from dictation.speech.transcript import Utterance, Word
from dictation.store import tables
from dictation.store.audit import Audit
from dictation.store.book import Book, kept_samples
from dictation.store.claims import Claim
from dictation.store.ground import Ground, now
from dictation.store.journal import Journal, OnTrouble
from dictation.store.records import Records, erase_sound
from dictation.store.sound import CHUNK, decode

# Chunks read from the database at a time: a minute of sound.
_READ_AT_ONCE = 120
_CLAIM_TRIES, _CLAIM_PAUSE = 5, 0.05


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A dictation that was not closed and that nobody is writing: its process died, or it was suspended."""

    id: str
    begun: datetime
    seconds: float
    form: str
    language: str
    context: Context


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened `at` seconds of the audio clock."""

    at: float
    kind: str
    data: Mapping[str, Any]


class Dictations:
    """The dictations of one store."""

    def __init__(self, ground: Ground, audit: Audit, records: Records) -> None:
        self._ground, self._audit, self._records = ground, audit, records

    def begin(
        self, form: str, language: str, context: Context, recogniser: str | None, on_trouble: OnTrouble | None
    ) -> Journal:
        dictation = str(uuid.uuid4())
        new = {
            "id": dictation,
            "begun": now(),
            "form": form,
            "language": language,
            "context": context.model_dump(mode="json"),
            "recogniser": recogniser,
            "turn": 0,
            "audio_removed": False,
        }

        def enter(connection: Connection) -> None:
            connection.execute(insert(tables.dictations).values(**new))
            self._audit.add(connection, "begun", dictation)

        return self._journal(dictation, enter, on_trouble)

    def resume(self, dictation: str, on_trouble: OnTrouble | None) -> Journal:
        def enter(connection: Connection) -> None:
            if self._row(connection, dictation).ended is not None:
                raise StoreError(f"dictation {dictation} is finished; begin another")
            columns = tables.dictations.c
            turn = update(tables.dictations).where(columns.id == dictation).values(turn=columns.turn + 1)
            connection.execute(turn)
            self._audit.add(connection, "resumed", dictation)

        return self._journal(dictation, enter, on_trouble)

    def _journal(self, dictation: str, enter: Callable[[Connection], None], on_trouble: OnTrouble | None) -> Journal:
        claim = self._claim(dictation)
        try:
            with self._ground.writes.begin() as connection:
                enter(connection)
            book = Book(self._ground, self._audit, self._records, dictation, claim)
        except BaseException:
            claim.release(False)
            raise
        return Journal(dictation, book, book.samples, on_trouble)

    def unfinished(self) -> list[Unfinished]:
        query = (
            select(tables.dictations).where(tables.dictations.c.ended.is_(None)).order_by(tables.dictations.c.begun)
        )
        found = []
        with self._ground.engine.begin() as connection:
            for row in connection.execute(query).all():
                seconds = kept_samples(connection, row.id) / RATE
                context = Context.model_validate(row.context)
                found.append(Unfinished(row.id, row.begun, seconds, row.form, row.language, context))
        return [dictation for dictation in found if self._is_free(dictation.id)]

    def audio(self, dictation: str, start: float, end: float | None) -> Iterator[Samples]:
        first = max(round(start * RATE), 0)
        last = None if end is None else round(end * RATE)
        table = tables.audio_chunks
        while True:
            query = (
                select(table)
                .where(table.c.dictation == dictation, table.c.start > first - CHUNK)
                .where(table.c.start + table.c.samples > first)
                .order_by(table.c.start)
                .limit(_READ_AT_ONCE)
            )
            with self._ground.engine.begin() as connection:
                rows = connection.execute(query).all()
            for row in rows:
                if last is not None and row.start >= last:
                    return
                pcm = _decoded(self._ground.name, row)
                yield to_samples(pcm[max(first - row.start, 0) : None if last is None else last - row.start])
                first = row.start + row.samples
            if len(rows) < _READ_AT_ONCE:
                return

    def opened(self, dictation: str, what: str) -> None:
        """Tell the audit log that a dictation was listened to or read."""
        with self._ground.writes.begin() as connection:
            self._row(connection, dictation)
            self._audit.add(connection, what, dictation)

    def events(self, dictation: str) -> list[Event]:
        table = tables.journal_events
        query = select(table.c.at, table.c.kind, table.c.data).where(table.c.dictation == dictation)
        with self._ground.engine.begin() as connection:
            self._row(connection, dictation)
            return [Event(*row) for row in connection.execute(query.order_by(table.c.number))]

    def utterances(self, dictation: str) -> list[Utterance]:
        table = tables.utterances
        query = select(table.c.data).where(table.c.dictation == dictation).order_by(table.c.number)
        with self._ground.engine.begin() as connection:
            self._row(connection, dictation)
            return [_utterance(data) for data in connection.execute(query).scalars()]

    def delete(self, dictation: str) -> None:
        """Sound, events and utterances; a record made of it stays."""
        claim = self._claim(dictation)
        try:
            with self._ground.engine.begin() as connection:
                self._row(connection, dictation)
            erase_sound(self._ground, dictation)
            with self._ground.writes.begin() as connection:
                connection.execute(delete(tables.dictations).where(tables.dictations.c.id == dictation))
                self._audit.add(connection, "deleted", dictation, {"what": "dictation"})
        finally:
            claim.release(True)

    def _claim(self, dictation: str) -> Claim:
        for _ in range(_CLAIM_TRIES):
            if claim := self._ground.claims.take(dictation):
                return claim
            # Whoever lists unfinished dictations holds each of them for a moment.
            time.sleep(_CLAIM_PAUSE)
        raise StoreError(f"dictation {dictation} is being written by another window or program; close it there")

    def _is_free(self, dictation: str) -> bool:
        claim = self._ground.claims.take(dictation)
        if claim:
            claim.release(False)
        return claim is not None

    def _row(self, connection: Connection, dictation: str) -> Any:
        row = connection.execute(select(tables.dictations).where(tables.dictations.c.id == dictation)).first()
        if row is None:
            raise StoreError(f"no dictation {dictation} in the store; it may have been deleted")
        return row


def _decoded(name: str, row: Any) -> Pcm:
    try:
        return decode(row.coding, row.data, row.samples)
    except ValueError as error:
        raise DamagedStoreError(
            f"{name}: sound of dictation {row.dictation} at {row.start / RATE:.1f} s is damaged; restore a backup"
        ) from error


def _utterance(data: Mapping[str, Any]) -> Utterance:
    words = tuple(Word(**word) for word in data["words"])
    return Utterance(data["text"], words, data["start"], data["end"], data.get("field"))
