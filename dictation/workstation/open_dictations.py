"""The dictations that are being spoken at one server: begun, gone on with, ended."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from dictation.forms.context import Context
from dictation.forms.record import Record
from dictation.live import LiveDictation, LiveEvent, recovered
from dictation.session import Dictation
from dictation.store import Journal, Store, Unfinished
from dictation.workstation import shelf
from dictation.workstation.draft import Draft
from dictation.workstation.failures import Failure
from dictation.workstation.running import Running
from dictation.workstation.settings import Settings
from dictation.workstation.setups import Setups
from dictation.workstation.telling import Telling

_MOST = 32
# A shutdown, or a deletion, waits so long for a dictation to be on disk.
_LEAVING = 15.0


@dataclass(frozen=True, slots=True)
class Views:
    """How clients see the record of a dictation: while it runs, and when it is kept."""

    running: Callable[[Record, str], Draft]
    kept: Callable[[Store, str], Draft]


class OpenDictations:
    """Every dictation that this server runs. Safe to use from several threads."""

    def __init__(self, setups: Setups, settings: Settings, views: Views) -> None:
        self._setups, self._settings, self._views = setups, settings, views
        self._lock = threading.Lock()
        self._running: dict[str, Running] = {}
        self._closed = False

    def start(self, store: Store, form: str, language: str | None, context: Context | None) -> Running:
        """A new one; it runs once `begin` is called on it. Failure `unknown-form`, `too-many`, `not-ready`."""
        dictation = self._setups.get(form, language)
        self._refuse_more()
        model = dictation.recogniser.info.model
        line = _Line()
        journal = store.begin(form, dictation.language, context, model, line.trouble)
        with _suspended_on_error(journal):
            live = LiveDictation(dictation, context, journal)
            return self._run(store, dictation, live, journal, line)

    def resume(self, store: Store, identifier: str) -> Running:
        """One that runs already, or one that was broken off: that one takes in what is kept of it once `begin` is
        called on it. Failure `unknown-dictation`, `busy`."""
        if running := self.find(identifier):
            return running
        self._wait_for_end(identifier)
        kept = shelf.unfinished(store, identifier)
        dictation = self._setups.get(kept.form, kept.language)
        self._refuse_more()
        line = _Line()
        journal = store.resume(identifier, line.trouble)
        with _suspended_on_error(journal):
            live = LiveDictation(dictation, kept.context, journal)
            events = store.events(identifier)
            live.become(events)
            return self._run(
                store,
                dictation,
                live,
                journal,
                line,
                lambda: live.recall(store.audio(identifier), events, store.utterances(identifier)),
            )

    def find(self, identifier: str) -> Running | None:
        """One that is running, by its own id."""
        with self._lock:
            found = self._running.get(identifier)
        return None if found is None or found.ending else found

    def of_record(self, record: str) -> Running | None:
        """One that is running, by the id of its record."""
        with self._lock:
            return next((one for one in self._running.values() if one.record_id == record and not one.over), None)

    def unfinished(self, store: Store) -> list[Unfinished]:
        """What was broken off, and what still runs here though its client is gone."""
        with self._lock:
            left = [one.left() for one in self._running.values() if one.is_deserted]
        found = {one.id: one for one in (*left, *shelf.all_unfinished(store))}
        return list(found.values())

    def recover(self, store: Store, identifier: str) -> Record:
        """The record of one that was broken off, from the sound that was kept. Takes its time."""
        kept = self._left(store, identifier)
        return recovered(self._setups.get(kept.form, kept.language), store, kept)

    def cancel(self, store: Store, identifier: str) -> None:
        """Delete one that is not finished, its sound included. Failure `running` while a client is there."""
        store.delete_dictation(self._left(store, identifier).id)

    def close(self) -> None:
        """Suspend all; nothing is begun any more."""
        with self._lock:
            self._closed = True
            left = list(self._running.values())
        for running in left:
            running.suspend()
        for running in left:
            running.join(_LEAVING)

    def _run(
        self,
        store: Store,
        dictation: Dictation,
        live: LiveDictation,
        journal: Journal,
        line: _Line,
        begin_with: Callable[[], Iterable[LiveEvent]] | None = None,
    ) -> Running:
        telling = Telling(
            lambda record: self._views.running(record, journal.id),
            lambda record: self._views.kept(store, str(record.id)),
        )
        line.telling = telling
        new = Running(
            dictation,
            live,
            journal,
            telling,
            patience=self._settings.without_client,
            ended=self._ended,
            begin_with=begin_with,
        )
        with self._lock:
            if self._closed:
                raise Failure("going-down")
            self._running[new.id] = new
        return new

    def _left(self, store: Store, identifier: str) -> Unfinished:
        """One that nobody dictates any more; one without a client is suspended. Failure `running`."""
        if running := self.find(identifier):
            if not running.is_deserted:
                raise Failure("running")
            running.suspend()
        self._wait_for_end(identifier)
        return shelf.unfinished(store, identifier)

    def _wait_for_end(self, identifier: str) -> None:
        """One that is being suspended at this moment is still held by its journal."""
        with self._lock:
            ending = self._running.get(identifier)
        if ending:
            ending.join(_LEAVING)

    def _ended(self, running: Running) -> None:
        with self._lock:
            self._running.pop(running.id, None)

    def _refuse_more(self) -> None:
        with self._lock:
            if self._closed:
                raise Failure("going-down")
            if len(self._running) >= _MOST:
                raise Failure("too-many")


@dataclass(slots=True)
class _Line:
    """From a journal to whom it tells of its troubles, who is there a little later."""

    telling: Telling | None = None

    def trouble(self, trouble: str | None) -> None:
        if self.telling:
            self.telling.journal(trouble)


@contextmanager
def _suspended_on_error(journal: Journal) -> Iterator[None]:
    """A journal whose dictation could not be set up must not be held."""
    try:
        yield
    except BaseException:
        journal.suspend()
        raise
