"""The outbox: signed records on their way. What is in it survives a kill, a power cut and weeks without a network.

An entry waits until its end has said that it keeps the document (`sent`), or does not take it (`refused`: a person
must see why; what follows it goes on meanwhile). Entries of one patient for one place go in the order of their
submission.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, func, insert, select, update

from dictation.errors import StoreError, UsageError
from dictation.forms.iin import is_valid
from dictation.mis.document import Document, document_of, unsigned
from dictation.mis.profiles import Profile
from dictation.store import Store
from dictation.store.claims import FileClaims, ServerClaims
from dictation.store.database import damage
from dictation.store.ground import now as system_time
from dictation.store.tables import outbox

State = Literal["waiting", "sent", "refused"]

# Queues share so many locks, for none is ever removed; patients that share one wait for each other.
_LOCKS = 64
_SHOWN = [column for column in outbox.c if column.name != "content"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a record for one place. `answer` is what the other side said last, or why it could not be asked.

    It is tried again `pause` seconds after it was `tried`.
    """

    number: int
    record: str
    version: int
    destination: str
    queue: str
    state: State
    submitted: datetime
    attempts: int
    tried: datetime | None
    pause: float
    answer: str | None

    @property
    def lock(self) -> int:
        """Who sends from a queue holds its lock."""
        return int(self.queue[:8], 16) % _LOCKS

    def due(self, moment: datetime) -> bool:
        """Whether its pause is over. A clock that was set back ends it: nobody can tell how much of it is left."""
        return self.tried is None or not self.tried <= moment < self.tried + timedelta(seconds=self.pause)


class Outbox:
    """The outbox of a store; `now` gives the time. Used by several threads and processes at once."""

    def __init__(self, store: Store, now: Callable[[], datetime] = system_time) -> None:
        self._store, self._now = store, now
        on_server = store.engine.dialect.name == "postgresql"
        self._claims = ServerClaims(store.engine) if on_server else FileClaims(Path(store.name))

    def now(self) -> datetime:
        """The time."""
        return self._now()

    def submit(self, record: str, profile: Profile, version: int | None = None) -> Entry:
        """Put a signed version, the newest if none is named, on its way. On return it is on disk.

        The same version for the same place again is the entry that is there already. SigningError where it is not
        signed, UsageError where a newer version was submitted.
        """
        signature = self._store.signature(record, version)
        if signature is None:
            raise unsigned(record)
        others = self._of(record, profile.url)
        if same := next((entry for entry in others if entry.version == signature.version), None):
            return same
        self._refuse_superseded(others, signature.version)
        sent = [entry.version for entry in others]
        document = document_of(self._store, record, signature.version, systems=profile.identifier_systems, sent=sent)
        with self._store.transaction() as connection:
            # Whoever submits the same meanwhile waits here.
            self._store.audit.hold(connection)
            there = outbox.c.record == record, outbox.c.destination == profile.url
            double = connection.execute(select(*_SHOWN).where(*there, outbox.c.version == document.version)).first()
            if double:
                return Entry(*double)
            last: int | None = connection.execute(select(func.max(outbox.c.number))).scalar_one()
            entry = Entry(
                number=(last or 0) + 1,
                record=record,
                version=document.version,
                destination=profile.url,
                queue=self._queue(document),
                state="waiting",
                submitted=self._now(),
                attempts=0,
                tried=None,
                pause=0.0,
                answer=None,
            )
            connection.execute(insert(outbox).values(**_row(entry), content=document.to_text()))
            self._tell(connection, "submitted", entry)
        return entry

    def retry(self, number: int, profile: Profile) -> Entry:
        """Make a refused entry wait again, its document made anew by what the program and the profile say now.

        UsageError where it was not refused, or a newer version of the record has been submitted.
        """
        entry = self.entry(number)
        if entry.state != "refused":
            raise UsageError(f"outbox entry {number} is {entry.state}; only what was refused is tried again")
        others = self._of(entry.record, entry.destination)
        self._refuse_superseded(others, entry.version)
        sent = [other.version for other in others]
        document = document_of(
            self._store, entry.record, entry.version, systems=profile.identifier_systems, sent=sent
        )
        return self._changed(
            entry, "resubmitted", expected="refused", state="waiting", pause=0.0, content=document.to_text()
        )

    def entries(self, *states: State) -> list[Entry]:
        """What is in the outbox, in the order of submission; only in these states if any are named."""
        query = select(*_SHOWN).order_by(outbox.c.number)
        return self._read(query.where(outbox.c.state.in_(states)) if states else query)

    def of(self, record: str) -> list[Entry]:
        """All that was submitted of a record, in the order of submission."""
        return self._read(select(*_SHOWN).where(outbox.c.record == record).order_by(outbox.c.number))

    def entry(self, number: int) -> Entry:
        """One entry. UsageError where there is none of that number."""
        found = self._read(select(*_SHOWN).where(outbox.c.number == number))
        if not found:
            raise UsageError(f"no entry {number} in the outbox; dictation outbox list shows them")
        return found[0]

    def heads(self) -> list[Entry]:
        """The first waiting entry of every patient for every place."""
        first = (
            select(func.min(outbox.c.number))
            .where(outbox.c.state == "waiting")
            .group_by(outbox.c.destination, outbox.c.queue)
        )
        return self._read(select(*_SHOWN).where(outbox.c.number.in_(first)).order_by(outbox.c.number))

    def next_after(self, head: Entry) -> Entry | None:
        """What is to go next in the queue of an entry, if anything."""
        same = outbox.c.destination == head.destination, outbox.c.queue == head.queue
        query = select(*_SHOWN).where(*same, outbox.c.state == "waiting").order_by(outbox.c.number).limit(1)
        return next(iter(self._read(query)), None)

    def document(self, entry: Entry) -> Document:
        """What is to be sent. StoreError where it has been sent, DamagedStoreError where it cannot be read."""
        with self._store.engine.begin() as connection:
            query = select(outbox.c.content).where(outbox.c.number == entry.number)
            text = connection.execute(query).scalar_one_or_none()
        if text is None:
            raise StoreError(f"outbox entry {entry.number} has been sent, or its record deleted")
        try:
            return Document.from_text(text)
        except ValueError as error:
            raise damage(self._store.name) from error

    @contextmanager
    def claimed(self, lock: int) -> Iterator[bool]:
        """Whether the queues of that `Entry.lock` are ours to send, until the block or this process ends."""
        claim = self._claims.take(f"outbox-{lock}")
        try:
            yield claim is not None
        finally:
            if claim:
                claim.release(for_good=False)

    def sent(self, entry: Entry, place: str) -> Entry:
        """It has arrived; what was sent goes from the outbox, the record stays."""
        return self._tried(entry, "sent", state="sent", answer=place, pause=0.0, content=None)

    def refused(self, entry: Entry, why: str) -> Entry:
        """It is not taken."""
        return self._tried(entry, "refused", state="refused", answer=why, pause=0.0)

    def postponed(self, entry: Entry, why: str, pause: float) -> Entry:
        """It could not be sent, or nobody knows; the next attempt is after `pause` seconds."""
        return self._tried(entry, None, answer=why, pause=pause)

    def _tried(self, entry: Entry, action: str | None, **values: Any) -> Entry:
        return self._changed(
            entry, action, expected="waiting", tried=self._now(), attempts=outbox.c.attempts + 1, **values
        )

    def _changed(self, entry: Entry, action: str | None, *, expected: State, **values: Any) -> Entry:
        """Change an entry that is still as expected, and tell of it; where another was first, theirs stands."""
        this = outbox.c.number == entry.number
        with self._store.transaction() as connection:
            if action:
                self._store.audit.hold(connection)
            done = connection.execute(update(outbox).where(this, outbox.c.state == expected).values(**values))
            if done.rowcount and action:
                self._tell(connection, action, entry)
        return self.entry(entry.number)

    def _tell(self, connection: Connection, action: str, entry: Entry) -> None:
        detail = {"version": entry.version, "destination": entry.destination, "entry": entry.number}
        self._store.audit.add(connection, action, entry.record, detail)

    def _of(self, record: str, destination: str) -> list[Entry]:
        there = outbox.c.record == record, outbox.c.destination == destination
        return self._read(select(*_SHOWN).where(*there).order_by(outbox.c.number))

    def _read(self, query: Any) -> list[Entry]:
        with self._store.engine.begin() as connection:
            return [Entry(*row) for row in connection.execute(query)]

    def _refuse_superseded(self, others: list[Entry], version: int) -> None:
        newest = max((entry.version for entry in others), default=0)
        if newest > version:
            raise UsageError(
                f"version {newest} of this record was submitted after version {version}; that one counts"
            )

    def _queue(self, document: Document) -> str:
        """The patient, by a name that tells nothing without the store's key."""
        patient = document.record["context"]["patient"]
        if is_valid(patient.get("iin") or ""):
            who = f"iin {patient['iin']}"
        elif patient.get("name"):
            who = f"person {patient['name'].casefold()} {patient.get('birth_date')}"
        else:
            who = f"record {document.id}"
        return hmac.digest(self._store.kept.key.derive("outbox"), who.encode(), "sha256").hex()


def _row(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__}
