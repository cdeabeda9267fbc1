"""What stands in the store, as drafts: records with signatures and deliveries, dictations that were broken off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from dictation.forms.context import Context
from dictation.forms.record import Record
from dictation.forms.review import confirmed_names, open_names
from dictation.live import newest_review
from dictation.mis.outbox import Outbox
from dictation.store import Listed, Search, Store, Unfinished
from dictation.store.tables import audio_chunks, dictations
from dictation.workstation.draft import Delivered, Draft, Signed
from dictation.workstation.failures import Failure


@dataclass(frozen=True, slots=True)
class Stored:
    """A version of a record, and how lists show its newest."""

    record: Record
    version: int
    listed: Listed


def canonical_id(identifier: str) -> str:
    """An id in the one spelling of a UUID, however it was written. Failure `not-found` where it is none."""
    try:
        return str(UUID(identifier))
    except ValueError:
        raise Failure("not-found") from None


def listed(store: Store, identifier: str) -> Listed:
    """A record as lists show it. Failure `not-found`."""
    found = store.records(Search(record=canonical_id(identifier)))
    if not found:
        raise Failure("not-found")
    return found[0]


def record(store: Store, identifier: str, version: int | None = None) -> Stored:
    """A version of a record, the newest if none is named. Failure `not-found`."""
    shown = listed(store, identifier)
    wanted = shown.version if version is None else version
    if not 1 <= wanted <= shown.version:
        raise Failure("not-found")
    return Stored(store.record(shown.id, wanted), wanted, shown)


def dictation_of(store: Store, identifier: str) -> str:
    """The dictation that a record was made of. Failure `not-found` where its sound is not kept."""
    dictation = listed(store, identifier).dictation
    if dictation is None or not _has_sound(store, dictation):
        raise Failure("not-found")
    return dictation


def all_unfinished(store: Store) -> list[Unfinished]:
    """Dictations that were broken off, each with the patient and visit that a doctor last said it is of."""
    return [replace(one, context=_context(store, one)) for one in store.unfinished()]


def _context(store: Store, one: Unfinished) -> Context:
    review = newest_review(store.events(one.id))
    told = next((change.value for change in review.changes if change.of == "context"), None) if review else None
    return one.context if told is None else Context.model_validate(told)


def unfinished(store: Store, identifier: str) -> Unfinished:
    """A dictation that was broken off. Failure `unknown-dictation`; `busy` where another program is writing it."""
    wanted = canonical_id(identifier)
    found = next((one for one in store.unfinished() if one.id == wanted), None)
    if found is None:
        with store.engine.begin() as connection:
            query = select(dictations.c.id).where(dictations.c.id == wanted, dictations.c.ended.is_(None))
            raise Failure("busy" if connection.execute(query).first() else "unknown-dictation")
    return found


def draft(
    record: Record, *, dictation: str | None, running: bool, can_undo: bool, can_redo: bool, has_audio: bool
) -> Draft:
    """A record that is being dictated."""
    return Draft(
        record=record,
        version=None,
        dictation=dictation,
        running=running,
        open_checks=open_names(record),
        confirmed=confirmed_names(record),
        can_undo=can_undo,
        can_redo=can_redo,
        has_audio=has_audio,
    )


def stored_draft(store: Store, stored: Stored, *, can_undo: bool, can_redo: bool) -> Draft:
    """A record from the store, with the newest signature and all that was submitted of it."""
    identifier, dictation = stored.listed.id, stored.listed.dictation
    signature = store.signature(identifier)
    base = draft(
        stored.record,
        dictation=dictation,
        running=False,
        can_undo=can_undo,
        can_redo=can_redo,
        has_audio=dictation is not None and _has_sound(store, dictation),
    )
    entries = Outbox(store).of(identifier)
    return base.model_copy(
        update={
            "version": stored.version,
            "signature": Signed.model_validate(signature) if signature else None,
            "deliveries": [Delivered.model_validate(entry) for entry in entries],
        }
    )


def _has_sound(store: Store, dictation: str) -> bool:
    with store.engine.begin() as connection:
        query = select(audio_chunks.c.start).where(audio_chunks.c.dictation == dictation).limit(1)
        return connection.execute(query).first() is not None
