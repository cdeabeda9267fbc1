"""One dictation that is being spoken: on a thread of its own, heard of by one client at a time."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, Protocol, TypeVar

import numpy as np

from dictation.audio.blocks import RATE, Samples, silence
from dictation.audio.events import MicrophoneEvent, Overflow
from dictation.audio.pcm import Pcm, to_samples
from dictation.console import describe
from dictation.errors import DictationError, StoreError, UsageError
from dictation.forms.navigation import SpokenStep, Step, target
from dictation.forms.record import Record
from dictation.live import FieldChanged, Filled, Final, LiveDictation, LiveEvent, Stopped
from dictation.session import Dictation
from dictation.speech.recogniser import Partial
from dictation.store import Journal, Unfinished
from dictation.workstation.failures import Failure, failure_of
from dictation.workstation.job import Job
from dictation.workstation.progress import Progress
from dictation.workstation.protocol import Kept, Started
from dictation.workstation.seat import Seat
from dictation.workstation.telling import Telling

Result = TypeVar("Result")

# With nothing to do, what has become ready is looked for so often, seconds.
_TICK = 0.05
# A client that lost more than this has lost its count.
_LONGEST_GAP = 600 * RATE
_RETRY = 1.0
_COMPLAIN_EVERY = 10.0

_log = logging.getLogger(__name__)


class Source(Protocol):
    """A microphone of this machine that a dictation listens to."""

    def close(self) -> None:
        """Listen no more; all that was said until now has been taken when this returns."""


class Running:
    """A dictation, its journal and its client. Every method may be called from any thread.

    It ends by `finish`, `cancel` or `suspend`, or suspends itself once it has had no client for `patience` seconds;
    `ended` is called then, on its thread.
    """

    def __init__(
        self,
        dictation: Dictation,
        live: LiveDictation,
        journal: Journal,
        telling: Telling,
        *,
        patience: float,
        ended: Callable[[Running], None],
        begin_with: Callable[[], Iterable[LiveEvent]] | None = None,
    ) -> None:
        self.dictation, self.live, self.journal, self.telling = dictation, live, journal, telling
        self._patience, self._ended = patience, ended
        self._begin_with = begin_with
        self.source: Source | None = None
        self._inbox: queue.SimpleQueue[Samples | MicrophoneEvent | Job[Any]] = queue.SimpleQueue()
        self._taking = threading.Lock()
        self._taken = self._done = round(journal.seconds * RATE)
        self._alone_since: float | None = time.monotonic()
        self._over, self._left = threading.Event(), threading.Event()
        self._finished = False
        self._recalled = begin_with is None
        self._next_complaint = 0.0
        self._stopping = threading.Event()
        self._progress = Progress(telling)
        self._thread = threading.Thread(target=self._run, name=f"dictation {journal.id}", daemon=True)

    def begin(self) -> None:
        """From now on what is taken is dictated."""
        with self._taking:
            if not self._thread.is_alive() and not self.over:
                self._thread.start()

    @property
    def id(self) -> str:
        """Of the dictation."""
        return self.journal.id

    @property
    def record_id(self) -> str:
        """Of the record that it becomes."""
        return str(self.live.record.id)

    @property
    def samples(self) -> int:
        """How many samples were taken; the client's sound goes on from there."""
        return self._taken

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self._over.is_set()

    @property
    def ending(self) -> bool:
        """Whether it has ended or is about to be suspended: nobody can sit down any more."""
        return self._stopping.is_set() or self.over

    @property
    def is_deserted(self) -> bool:
        """Whether it goes on without a client."""
        return self.telling.seat is None and not self.over

    def left(self) -> Unfinished:
        """How it stands, for a client that may go on with it."""
        record, seconds = self.live.record, self._taken / RATE
        return Unfinished(
            self.id, record.created, seconds, self.dictation.form.name, self.dictation.language, record.context
        )

    @property
    def waiting(self) -> float:
        """Seconds of sound that were taken and have not been dictated yet."""
        return (self._taken - self._done) / RATE

    def sit(self, seat: Seat) -> None:
        """A client is there and told where the dictation stands; the one before is told what was taken of its sound,
        lest it comes again, and that another window has taken over. A client that is gone by now is not sat down."""
        with self._taking:
            if seat.gone.is_set():
                return
            before = self.telling.seat
            started = Started(
                dictation=self.id,
                record_id=self.record_id,
                form=self.dictation.form.name,
                field=self.live.field,
                samples=self._taken,
            )
            seat.tell(started)
            self.telling.seat, self._alone_since = seat, None
        if before is not None and before is not seat:
            before.tell(Kept(samples=started.samples))
            before.fail(Failure("another-window"), fatal=True)

    def show(self) -> None:
        """Tell the client the record as it stands, after what it knows already."""
        self.do(lambda: self.telling.record(self.live.record))

    def close_source(self) -> None:
        """Listen to no microphone of this machine any more."""
        source, self.source = self.source, None
        if source is not None:
            source.close()

    def leave(self, seat: Seat) -> None:
        """A client is gone."""
        seat.gone.set()
        with self._taking:
            if self.telling.seat is seat:
                self.telling.seat, self._alone_since = None, time.monotonic()

    def hear(self, seat: Seat, first: int, pcm: Pcm) -> None:
        """Sound of the client from its sample `first` on; what is there already is left out. Where some is missing
        silence takes its place, the record tells of it, and Failure `gap` is raised after taking the rest."""
        with self._taking:
            if self.telling.seat is not seat:
                return
            if self.source is not None:
                raise Failure("bad-message", detail="the workstation's own microphone is listened to")
            missing = first - self._taken
            if missing > _LONGEST_GAP:
                raise Failure("bad-message", detail="sound from far after the last sample that was taken")
            if missing > 0:
                self._put(Overflow(self._taken / RATE, missing / RATE))
                for piece in silence(missing / RATE):
                    self._put(piece)
            self._put(to_samples(pcm[max(-missing, 0) :]))
        if missing > 0:
            self.telling.notice("overflow", missing / RATE)
            raise Failure("gap")

    def take(self, item: Samples | MicrophoneEvent) -> None:
        """Sound of the workstation's microphone, and what befalls it."""
        with self._taking:
            self._put(item)

    def do(self, work: Callable[[], Result]) -> Future[Result]:
        """Have something done on the dictation's thread, after the sound taken so far."""
        job = Job(work)
        self._inbox.put(job)
        if self._over.is_set():
            job.refuse()
        return job.done

    def focus(self, key: str | None) -> Future[None]:
        """From here on this field is dictated. Failure `unknown-field`."""

        def work() -> None:
            try:
                self._show(self.live.focus(key))
            except UsageError as error:
                raise Failure("unknown-field") from error

        return self.do(work)

    def step(self, direction: str) -> Future[None]:
        """To the field after or before the present one; nothing where there is none."""

        def work() -> None:
            step = SpokenStep(Step.NEXT if direction == "next" else Step.PREVIOUS, 0)
            key = target(self.dictation.form, self.dictation.language, self.live.field, step)
            if key is not None:
                self._show(self.live.focus(key))

        return self.do(work)

    def pause(self) -> Future[None]:
        """No sound will come for a while."""
        return self.do(lambda: self._show(self.live.pause()))

    def change(self, work: Callable[[Record], Record]) -> Future[Record]:
        """Change the record by hand: what was reviewed is journaled, and kept over what is dictated from now on."""

        def changed() -> Record:
            self._show(self.live.review(work(self.live.record).review))
            return self.live.record

        return self.do(changed)

    def finish(self) -> Future[Record]:
        """End it; the record is in the store when the result is there."""
        return self.do(self._finish)

    def suspend(self) -> None:
        """End it here, to be gone on with another time. Does not wait; `join` does."""
        self._stopping.set()

    def join(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; whether it has."""
        return self._left.wait(timeout)

    def _put(self, item: Samples | MicrophoneEvent) -> None:
        if self._over.is_set():
            return
        if isinstance(item, np.ndarray):
            self._taken += len(item)
        self._inbox.put(item)

    def _run(self) -> None:
        try:
            if self._begin_with:
                self._recall(self._begin_with())
            while not self._over.is_set() and not self._stopping.is_set():
                self._turn()
        except Exception as error:  # noqa: BLE001 - what was said is in the journal; the others go on
            _log.error("dictation %s: %s", self.id, describe(error))
            self.telling.fail(Failure("internal"), fatal=True)
        finally:
            self._end()

    def _recall(self, events: Iterable[LiveEvent]) -> None:
        self.telling.notice("recalling")
        for event in events:
            self._show([event])
            if self._stopping.is_set():
                return
        self.telling.record(self.live.record, recalled=True)
        self._recalled = True
        self.telling.notice("recalled")

    def _turn(self) -> None:
        try:
            item = self._inbox.get(timeout=_TICK)
        except queue.Empty:
            self._guarded(lambda: self._show(self.live.poll()))
        else:
            if isinstance(item, Job):
                item.perform()
            else:
                self._accept(item)
        self._progress.tell(self.journal.kept, max(self.waiting, self.live.behind))
        alone = self._alone_since
        if alone is not None and time.monotonic() - alone > self._patience:
            self._stopping.set()

    def _accept(self, item: Samples | MicrophoneEvent) -> None:
        if not isinstance(item, np.ndarray):
            self.telling.microphone(item)
        self._guarded(lambda: self._show(self.live.accept(item)))
        if isinstance(item, np.ndarray):
            self._done += len(item)

    def _guarded(self, work: Callable[[], None]) -> None:
        """Sound is in the journal before anything is made of it: what fails then must not end the dictation."""
        try:
            work()
        except StoreError as error:
            # Ten minutes could not be written: no more can be promised.
            self.telling.fail(failure_of(error), fatal=True)
            self._stopping.set()
        except Exception as error:  # noqa: BLE001 - see above
            # Whatever fails with one block may fail with each: told once in a while.
            if time.monotonic() >= self._next_complaint:
                self._next_complaint = time.monotonic() + _COMPLAIN_EVERY
                _log.error("dictation %s: %s", self.id, describe(error))
                self.telling.fail(Failure("internal"))

    def _finish(self) -> Record:
        try:
            record = self.live.finish()
        except StoreError:
            record = self._close_after_trouble()
        self._finished = True
        self._over.set()
        self.telling.finished(record)
        return record

    def _close_after_trouble(self) -> Record:
        """The record is made and only waits for the store."""
        while not self._stopping.wait(_RETRY):
            with suppress(StoreError):
                self.journal.close(self.live.record)
                return self.live.record
        raise Failure("store")

    def _show(self, events: Iterable[LiveEvent]) -> None:
        for event in events:
            match event:
                case Partial():
                    self.telling.partial(event)
                case Final():
                    self.telling.final(event.utterance)
                case Filled():
                    self.telling.record(event.record, recalled=not self._recalled)
                case FieldChanged():
                    self.telling.field(event)
                case Stopped():
                    self.telling.obeyed("stop")

    def _keep(self, item: Samples | MicrophoneEvent) -> None:
        """The last sound. Where not all before it was recalled, it is kept for the next time only."""
        if self._recalled:
            self._accept(item)
        elif isinstance(item, np.ndarray):
            self._guarded(lambda: self.journal.audio(item))

    def _end(self) -> None:
        self.close_source()
        with self._taking:
            self._over.set()
        while True:
            try:
                item = self._inbox.get_nowait()
            except queue.Empty:
                break
            if isinstance(item, Job):
                item.refuse()
            elif not self._finished:
                self._keep(item)
        try:
            self.journal.suspend()
        except DictationError as error:
            _log.error("dictation %s: %s", self.id, error)
        self._ended(self)
        self.telling.fail(Failure("going-down"), fatal=True)
        self._left.set()
