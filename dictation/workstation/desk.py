"""What is being worked on: records that are dictated at this moment, and records from the store."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise

from dictation.audio.blocks import Samples
from dictation.forms.context import Context
from dictation.forms.questionnaire import Form
from dictation.forms.record import Record, Review
from dictation.forms.review import reapplied, with_context
from dictation.session import Dictation
from dictation.store import Store
from dictation.workstation import shelf
from dictation.workstation.draft import Draft
from dictation.workstation.failures import Failure
from dictation.workstation.open_dictations import OpenDictations, Views
from dictation.workstation.settings import Settings
from dictation.workstation.setups import Setups

_MOST_UNDONE, _MOST_HISTORIES = 200, 500
# A dictation may be taking in what was kept of it.
_PATIENCE = 60.0

Change = Callable[[Record, Form], Record]
"""Something done to a record by hand: what it is afterwards, its review telling of it."""


@dataclass(slots=True)
class _History:
    """Reviews of a record that can be gone back to, and forward to again."""

    undone: list[Review] = field(default_factory=list)
    redone: list[Review] = field(default_factory=list)
    changing: threading.Lock = field(default_factory=threading.Lock)
    """One change at a time: of two windows the second builds on what the first did."""

    def remember(self, review: Review) -> None:
        """The review before a change."""
        self.undone, self.redone = [*self.undone, review][-_MOST_UNDONE:], []

    def back(self, now: Review) -> Review:
        """The review before the last change. Failure `nothing-to-undo`."""
        review, self.undone, self.redone = _moved(now, self.undone, self.redone)
        return review

    def forth(self, now: Review) -> Review:
        """The review that was gone back from. Failure `nothing-to-undo`."""
        review, self.redone, self.undone = _moved(now, self.redone, self.undone)
        return review


def _moved(now: Review, there: list[Review], here: list[Review]) -> tuple[Review, list[Review], list[Review]]:
    """The last review of `there`, the others, and `here` with the present one."""
    if not there:
        raise Failure("nothing-to-undo")
    *left, review = there
    return review, left, [*here, now]


class Desk:
    """The desk of one server. `store` in every method acts as the doctor who asks. Safe to use from several threads.

    Failure `not-found`, `unknown-dictation`, `unknown-form`, `busy`, `running`; StoreError.
    """

    def __init__(self, setups: Setups, settings: Settings) -> None:
        self._setups = setups
        self._histories: dict[str, _History] = {}
        self.dictations = OpenDictations(setups, settings, Views(self._running_draft, self.draft))

    def dictation(self, form: str, language: str | None = None) -> Dictation:
        """The set-up for a form: its items, and what reads a text that was typed."""
        return self._setups.get(form, language)

    def draft(self, store: Store, identifier: str, version: int | None = None) -> Draft:
        """A record that is being dictated or stands in the store: there the newest version if none is named."""
        if version is None and (running := self.dictations.of_record(identifier)):
            return self._running_draft(running.live.record, running.id)
        return self._stored_draft(store, shelf.record(store, identifier, version))

    def change(self, store: Store, identifier: str, change: Change, *, version: int | None = None) -> Draft:
        """Do something to a record by hand. One that is being dictated is changed on the spot, one in the store gets
        a new version; neither where nothing changes. `version` is the one that the doctor sees: Failure `changed`
        where another is the newest."""

        def remembered(record: Record, form: Form) -> Record:
            changed = change(record, form)
            if changed.review != record.review:
                self._history(identifier, store).remember(record.review)
            return changed

        return self._work(store, identifier, remembered, version)

    def undo(self, store: Store, identifier: str, *, version: int | None = None) -> Draft:
        """Take back what was done last. Failure `nothing-to-undo`, `changed`."""
        history = self._history(identifier, store)

        def undone(record: Record, form: Form) -> Record:
            return reapplied(record, history.back(record.review), form)

        return self._work(store, identifier, undone, version)

    def redo(self, store: Store, identifier: str, *, version: int | None = None) -> Draft:
        """Do it again. Failure `nothing-to-undo`, `changed`."""
        history = self._history(identifier, store)

        def redone(record: Record, form: Form) -> Record:
            return reapplied(record, history.forth(record.review), form)

        return self._work(store, identifier, redone, version)

    def set_context(
        self, store: Store, identifier: str, context: Context, at: datetime, *, version: int | None = None
    ) -> Draft:
        """Another patient or visit than was thought."""

        def told(record: Record, form: Form) -> Record:
            return with_context(record, form, context, store.actor, at)

        return self.change(store, identifier, told, version=version)

    def sound(self, store: Store, identifier: str, start: float, end: float | None) -> Iterator[Samples]:
        """The sound between two seconds of what a record was made of, also while it is dictated."""
        running = self.dictations.of_record(identifier)
        return store.audio(running.id if running else shelf.dictation_of(store, identifier), start, end)

    def recover(self, store: Store, identifier: str) -> Draft:
        """The record of a dictation that was broken off. Takes its time."""
        return self.draft(store, str(self.dictations.recover(store, identifier).id))

    def cancel(self, store: Store, identifier: str) -> None:
        """Delete a dictation that is not finished, its sound included."""
        self.dictations.cancel(store, identifier)

    def forget(self, identifier: str) -> None:
        """A record was deleted."""
        self._histories.pop(identifier, None)

    def close(self) -> None:
        """Suspend all that is being dictated."""
        self.dictations.close()

    def _work(self, store: Store, identifier: str, change: Change, version: int | None) -> Draft:
        history = self._history(identifier, store)
        with history.changing:
            before = history.undone, history.redone
            try:
                return self._changed(store, identifier, change, version)
            except BaseException:
                # What was not done is not to be undone.
                history.undone, history.redone = before
                raise

    def _changed(self, store: Store, identifier: str, change: Change, version: int | None) -> Draft:
        if running := self.dictations.of_record(identifier):
            form = running.dictation.form
            changing = running.change(lambda record: change(record, form))
            try:
                record = changing.result(_PATIENCE)
            except TimeoutError:
                if changing.cancel():
                    raise Failure("busy") from None
                record = changing.result()
            return self._running_draft(record, running.id)
        stored = shelf.record(store, identifier)
        if version not in (None, stored.version):
            raise Failure("changed")
        changed = change(stored.record, self._setups.get(stored.record.form).form)
        if changed != stored.record:
            stored = replace(stored, record=changed, version=store.save(changed, stored.version))
        return self._stored_draft(store, stored)

    def _running_draft(self, record: Record, dictation: str) -> Draft:
        running = self.dictations.find(dictation)
        history = self._history(str(record.id))
        return shelf.draft(
            record,
            dictation=dictation,
            running=True,
            can_undo=bool(history.undone),
            can_redo=bool(history.redone),
            has_audio=running is not None and running.samples > 0,
        )

    def _stored_draft(self, store: Store, stored: shelf.Stored) -> Draft:
        history = self._history(str(stored.record.id), store)
        return shelf.stored_draft(store, stored, can_undo=bool(history.undone), can_redo=bool(history.redone))

    def _history(self, identifier: str, store: Store | None = None) -> _History:
        """What was done to a record; of one that is opened from the store, what its versions tell."""
        if identifier in self._histories:
            return self._histories[identifier]
        reviews = store.reviews(identifier) if store else []
        if len(self._histories) >= _MOST_HISTORIES:
            # The oldest one: whoever worked on it has long gone on to others.
            free = (known for known, history in self._histories.items() if not history.changing.locked())
            self._histories.pop(next(free, ""), None)
        undone = [before for before, after in pairwise(reviews) if before != after]
        return self._histories.setdefault(identifier, _History(undone=undone[-_MOST_UNDONE:]))
