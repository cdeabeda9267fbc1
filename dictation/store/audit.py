"""The audit log: who did what to which record or dictation, as a chain that shows every change to it.

Each entry is linked to the one before by an HMAC over both under a key derived from the store's, and the head (how
many entries, the last link) is sealed the same way. Entries name records and dictations by id and hold nothing that
was dictated.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from dictation.store import tables
from dictation.store.canonical import canonical
from dictation.store.ground import Ground, now
from dictation.store.keys import Key

_START = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done. `subject` is the id of a record or dictation, or the store itself."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    link: str


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain. Written down elsewhere, it later shows that nothing before it was taken back."""

    number: int
    link: str


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the log is not what was written; `number` is the entry's."""

    number: int
    problem: str


class Audit:
    """The log of one store."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def add(self, connection: Connection, action: str, subject: str, detail: Mapping[str, Any] | None = None) -> None:
        """Write an entry within the transaction of what it tells of: both stand or neither."""
        last = _locked_head(connection)
        number, at, actor, given = (last.number if last else 0) + 1, now(), self._ground.actor, dict(detail or {})
        previous = last.link if last else _START
        entry = Entry(number, at, actor, action, subject, given, "")
        link = _link(self._ground.key, entry, previous)
        connection.execute(insert(tables.audit).values(asdict(replace(entry, link=link))))
        head = {"number": number, "link": link, "seal": _seal(self._ground.key, number, link)}
        if last:
            connection.execute(update(tables.audit_head).values(**head))
        else:
            connection.execute(insert(tables.audit_head).values(id=1, **head))

    def hold(self, connection: Connection) -> None:
        """Until this transaction ends nobody else writes to the log: what it finds, stays as it is."""
        _locked_head(connection)

    def entries(self, subject: str | None = None) -> list[Entry]:
        """The log from its start, of one record or dictation if named."""
        query = select(tables.audit).order_by(tables.audit.c.number)
        if subject:
            query = query.where(tables.audit.c.subject == subject)
        with self._ground.engine.begin() as connection:
            return [Entry(*row) for row in connection.execute(query)]

    def head(self) -> Head | None:
        """The end of the chain, None while nothing was done."""
        with self._ground.engine.begin() as connection:
            row = connection.execute(select(tables.audit_head.c.number, tables.audit_head.c.link)).first()
        return Head(*row) if row else None

    def verify(self, known: Head | None = None) -> list[Break]:
        """Every place where the log was altered, removed, reordered or cut; empty where it is whole.

        `known` is a head that was noted earlier: the log must still contain it.
        """
        with self._ground.engine.begin() as connection:
            rows = connection.execute(select(tables.audit).order_by(tables.audit.c.number))
            head = connection.execute(select(tables.audit_head)).first()
            return list(self._breaks((Entry(*row) for row in rows), head, known))

    def _breaks(self, entries: Iterator[Entry], head: Any, known: Head | None) -> Iterator[Break]:
        key, expected, previous, known_found = self._ground.key, 1, _START, known is None
        for entry in entries:
            if entry.number != expected:
                last = entry.number - 1
                yield Break(expected, "missing" if last == expected else f"missing, and so are all up to {last}")
            link = _link(key, entry, previous)
            # After a gap the link cannot be followed; the gap itself is what is told.
            if entry.number == expected and not hmac.compare_digest(link, entry.link):
                yield Break(entry.number, "altered, or not the entry that stood here")
            known_found |= known is not None and (entry.number, entry.link) == (known.number, known.link)
            expected, previous = entry.number + 1, entry.link
        if head is None:
            if expected > 1:
                yield Break(expected, "the sealed end of the log is missing")
        elif not hmac.compare_digest(_seal(key, head.number, head.link), head.seal):
            yield Break(head.number, "the seal of the log's end is not this store's")
        elif (head.number, head.link) != (expected - 1, previous):
            yield Break(
                expected, f"the log was cut or extended: {head.number} entries were sealed, {expected - 1} stand"
            )
        if known is not None and not known_found:
            yield Break(known.number, "the entry that was noted is not in the log")


def _locked_head(connection: Connection) -> Head | None:
    """The end of the chain; whoever else writes waits until this transaction ends."""
    query = select(tables.audit_head.c.number, tables.audit_head.c.link).with_for_update()
    row = connection.execute(query).first()
    return Head(*row) if row else None


def _link(key: Key, entry: Entry, previous: str) -> str:
    moment = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    content = canonical(
        [entry.number, moment, entry.actor, entry.action, entry.subject, dict(entry.detail), previous]
    )
    return hmac.digest(key.derive("audit"), content.encode(), "sha256").hex()


def _seal(key: Key, number: int, link: str) -> str:
    return hmac.digest(key.derive("audit head"), canonical([number, link]).encode(), "sha256").hex()
