"""The store: everything that was dictated, encrypted, in one file or on a clinic's PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, Engine

from dictation.audio.blocks import Samples
from dictation.forms.context import Context
from dictation.forms.record import Record, Review
from dictation.speech.transcript import Utterance
from dictation.store import backup, retention, verification
from dictation.store.audit import Audit, Break, Head
from dictation.store.custody import Kept
from dictation.store.dictations import Dictations, Event, Unfinished
from dictation.store.ground import Ground
from dictation.store.journal import Journal, OnTrouble
from dictation.store.records import Listed, Records, Search, Version
from dictation.store.retention import Removed, Retention
from dictation.store.signing import Signature, Signatures


class Store:
    """An open store. Safe to use from several threads, and by several processes on the same file.

    Every method raises StoreError (WrongKeyError, DamagedStoreError) with one line for people. What is read, changed,
    signed, exported or deleted is written to the audit log under the name of who acts.
    """

    def __init__(self, ground: Ground, kept: Kept) -> None:
        self._ground, self._kept = ground, kept
        self.audit = Audit(ground)
        self._records = Records(ground, self.audit)
        self._dictations = Dictations(ground, self.audit, self._records)
        self._signatures = Signatures(ground, self.audit, self._records)

    @property
    def name(self) -> str:
        """The file, or the address without its password."""
        return self._ground.name

    @property
    def actor(self) -> str:
        """Who acts, as the audit log names them."""
        return self._ground.actor

    @property
    def kept(self) -> Kept:
        """The key and where it was found."""
        return self._kept

    @property
    def engine(self) -> Engine:
        """The database, to be read by the parts of the program that keep tables of their own in it."""
        return self._ground.engine

    def transaction(self) -> AbstractContextManager[Connection]:
        """A transaction that writes, for the same; `audit.add` within it stands or falls with it."""
        return self._ground.writes.begin()

    def acting_as(self, name: str) -> Store:
        """The same store for a named person."""
        return Store(replace(self._ground, actor=name), self._kept)

    def begin(
        self,
        form: str,
        language: str = "ru",
        context: Context | None = None,
        recogniser: str | None = None,
        on_trouble: OnTrouble | None = None,
    ) -> Journal:
        """A new live dictation; `on_trouble` hears when the journal cannot be written, and when it can again."""
        return self._dictations.begin(form, language, context or Context(), recogniser, on_trouble)

    def unfinished(self) -> list[Unfinished]:
        """Dictations whose program died or that were suspended, the oldest first; those being written are not."""
        return self._dictations.unfinished()

    def resume(self, dictation: str, on_trouble: OnTrouble | None = None) -> Journal:
        """Go on with an unfinished dictation after what is kept of it."""
        return self._dictations.resume(dictation, on_trouble)

    def audio(self, dictation: str, start: float = 0.0, end: float | None = None) -> Iterator[Samples]:
        """The sound of a dictation between two seconds of its clock, in blocks of at most half a second."""
        self._dictations.opened(dictation, "heard")
        return self._dictations.audio(dictation, start, end)

    def events(self, dictation: str) -> list[Event]:
        """What happened in a dictation, in the order in which it was given."""
        return self._dictations.events(dictation)

    def utterances(self, dictation: str) -> list[Utterance]:
        """The finals that were kept with a dictation, in order; the audit log tells that they were read."""
        self._dictations.opened(dictation, "opened")
        return self._dictations.utterances(dictation)

    def delete_dictation(self, dictation: str) -> None:
        """Sound, events and finals of a dictation that nobody is writing. Its record, if any, stays."""
        self._dictations.delete(dictation)
        retention.scrub(self._ground)

    def save(self, record: Record, based_on: int | None = None) -> int:
        """Keep a record; the number of its version: 1, the next, or the newest where nothing has changed.
        ChangedError where it was made of version `based_on` and another is the newest."""
        return self._records.save(record, based_on)

    def record(self, identifier: str, version: int | None = None) -> Record:
        """A record as it was saved, the newest version if none is named; the audit log tells that it was opened."""
        return self._records.open(identifier, version, "opened")

    def export(self, identifier: str, version: int | None = None) -> Record:
        """The same for handing it to somebody else; the audit log tells that it left."""
        return self._records.open(identifier, version, "exported")

    def versions(self, identifier: str) -> list[Version]:
        """The versions of a record, the first first."""
        return self._records.versions(identifier)

    def reviews(self, identifier: str) -> list[Review]:
        """What was done by hand in each version of a record, the first first: what can be undone."""
        return self._records.reviews(identifier)

    def records(self, search: Search | None = None) -> list[Listed]:
        """Records that match, the newest first."""
        return self._records.search(search or Search())

    def delete_record(self, identifier: str) -> None:
        """A record with every version and signature, and the dictation it was made of, beyond recovery."""
        self._records.delete(identifier)
        retention.scrub(self._ground)

    def sign(
        self, identifier: str, *, doctor: str, confirmed: tuple[str, ...] = (), version: int | None = None
    ) -> Signature:
        """Freeze the newest version (`version` says which one the doctor has seen). SigningError where values need
        checking and are not among `confirmed`."""
        return self._signatures.sign(identifier, doctor=doctor, confirmed=confirmed, version=version)

    def signature(self, identifier: str, version: int | None = None) -> Signature | None:
        """The signature of a version, the newest that is signed if none is named; checked against its seal."""
        return self._signatures.find(identifier, version)

    def attach_cms(self, identifier: str, version: int, cms: bytes) -> None:
        """Put an external CMS signature (DER, detached, over `Signature.signed_bytes`) beside ours."""
        self._signatures.attach(identifier, version, cms)

    @property
    def retention(self) -> Retention:
        """How long each kind is kept."""
        return retention.read(self._ground)

    def set_retention(self, wanted: Retention) -> None:
        """Change how long each kind is kept, for everybody who uses this store."""
        retention.write(self._ground, self.audit, wanted)

    def tidy(self, today: datetime | None = None) -> Removed:
        """Delete what has been kept long enough."""
        return retention.tidy(self._ground, self.audit, self._records, today)

    def verify(self, known: Head | None = None, *, sound: bool = False) -> list[Break]:
        """Every place where the audit log, a version or a signature was altered, removed or reordered; empty where
        all is as it was written. `known` is a head noted earlier; `sound` hashes the sound of signed records too."""
        broken = self.audit.verify(known)
        return broken or list(verification.breaks(self._ground, self.audit, self._signatures, sound=sound))

    def backup(self, target: Path) -> None:
        """A copy of the whole store in one file under the same key, while others go on writing."""
        self.tell("backed-up")
        backup.write(self._ground, target)

    def tell(self, action: str, detail: Mapping[str, Any] | None = None) -> None:
        """An entry in the audit log about the store as a whole."""
        with self._ground.writes.begin() as connection:
            self.audit.add(connection, action, "store", detail)

    def close(self) -> None:
        """Close the connections; journals must be closed first."""
        self._ground.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
