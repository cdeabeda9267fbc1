"""A dictation while it is spoken: sound in, what to show out, the record at the end.

Live, from a file and from what a journal kept is all the same way: the finals depend on the sound and on the events
(the active field, pauses) at their place on the audio clock, and on nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from uuid import UUID, uuid4

import numpy as np

from dictation.audio.blocks import RATE, BlockBuffer, Samples
from dictation.audio.endpointing import CHUNK
from dictation.audio.events import Lost, MicrophoneEvent, Overflow
from dictation.audio.pcm import to_pcm, to_samples
from dictation.filling import Filling
from dictation.forms.context import Context
from dictation.forms.focus import active_field
from dictation.forms.navigation import Step, spoken_steps, target
from dictation.forms.record import Record, Review
from dictation.forms.review import reapplied
from dictation.session import Dictation, Heard
from dictation.speech.recogniser import ActiveField, Partial
from dictation.speech.transcript import Transcript, Utterance

if TYPE_CHECKING:
    from dictation.store import Event, Journal, Store, Unfinished

By = Literal["hand", "voice"]

FOCUS, PAUSE, OVERFLOW, LOST, REVIEW, IDENTITY = "focus", "pause", "overflow", "lost", "review", "identity"
"""Kinds of events in a journal that a replay takes in."""

_WAIT = 0.02


@dataclass(frozen=True, slots=True)
class Final:
    """An utterance that will not change any more."""

    utterance: Utterance


@dataclass(frozen=True, slots=True)
class Filled:
    """The record as it stands with the finals so far."""

    record: Record


@dataclass(frozen=True, slots=True)
class FieldChanged:
    """`key` is dictated from `at` seconds on (None: no field in particular)."""

    key: str | None
    at: float
    by: By


@dataclass(frozen=True, slots=True)
class Stopped:
    """The doctor said that the dictation is over."""

    at: float


LiveEvent = Partial | Final | Filled | FieldChanged | Stopped


@dataclass(frozen=True, slots=True)
class Identity:
    """Which record a dictation becomes, and when it was begun: the same for one that is gone on with."""

    id: UUID
    created: datetime

    @classmethod
    def new(cls) -> Identity:
        return cls(uuid4(), datetime.now().astimezone())


class LiveDictation:
    """One dictation, from its first block of sound to its record.

    Give it sound with `accept`, changes of the field with `focus`, pauses with `pause`; each returns what there is to
    show. `finish` ends it. With a `journal` everything is kept on disk as it comes; `recall` takes in what one kept.
    One that is not `live` waits for the recogniser and shows no partials.
    """

    def __init__(
        self,
        dictation: Dictation,
        context: Context | None = None,
        journal: Journal | None = None,
        *,
        live: bool = True,
        source: str = "microphone",
        identity: Identity | None = None,
    ) -> None:
        self._dictation = dictation
        self._context = context or Context()
        self._journal = journal
        self._obey = True
        self._unobeyed: list[Utterance] = []
        self._source = source
        self._stream = dictation.recogniser.stream(live)
        self._blocks = BlockBuffer(CHUNK)
        self._chunks = 0
        self._utterances: list[Utterance] = []
        self._field: ActiveField | None = None
        self._damage: list[str] = []
        self._identity = identity or Identity.new()
        self._review = Review()
        self._filling = Filling()
        self._beside = live
        self._stale = False
        if journal and not journal.seconds:
            self._note(IDENTITY, {"id": str(self._identity.id), "created": self._identity.created.isoformat()})
        self.record = self._fill()

    @property
    def clock(self) -> float:
        """Seconds of sound taken in."""
        return self._chunks * CHUNK / RATE

    @property
    def field(self) -> str | None:
        """The key of the active field."""
        return self._field.key if self._field else None

    @property
    def behind(self) -> float:
        """Seconds for which the oldest words that were said have been waiting for the recogniser."""
        return self._stream.behind

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """The finals so far."""
        return tuple(self._utterances)

    def accept(self, block: Samples | MicrophoneEvent) -> list[LiveEvent]:
        """Sound, 16 kHz mono, in pieces of any length, and what befell the microphone between them. What a block
        brings may come with a later one; what an utterance commands comes after it was shown, and holds from the next
        sound on."""
        if not isinstance(block, np.ndarray):
            self._happened(block)
            return []
        # What is recognised is what is kept: 16 bits.
        pcm = to_pcm(block)
        if self._journal:
            self._journal.audio(pcm)
        events: list[LiveEvent] = []
        for chunk in self._blocks.add(to_samples(pcm)):
            events += self._obeyed()
            self._chunks += 1
            events += self._show(self._stream.accept(chunk))
        return [*events, *self._refill()]

    def poll(self) -> list[LiveEvent]:
        """What has become ready while no sound comes."""
        obeyed = self._obeyed()
        return [*obeyed, *self._show(self._stream.accept(np.zeros(0, dtype=np.float32))), *self._refill()]

    def focus(self, key: str | None, by: By = "hand") -> list[LiveEvent]:
        """From here on the field `key` is dictated. UsageError where the form has no such field."""
        field = self._active(key)
        return [*self._obeyed(), *self._turn_to(field, by)]

    def _active(self, key: str | None) -> ActiveField | None:
        return active_field(self._dictation.form, key, self._dictation.language) if key else None

    def _turn_to(self, field: ActiveField | None, by: By) -> list[LiveEvent]:
        key = field.key if field else None
        self._note(FOCUS, {"field": key, "by": by})
        ended = self._show(self._stream.focus(field))
        self._field = field
        return [*ended, FieldChanged(key, self.clock, by)]

    def pause(self) -> list[LiveEvent]:
        """Nobody speaks for a while and no sound will come: what was said so far is complete."""
        obeyed = self._obeyed()
        self._note(PAUSE, {})
        return [*obeyed, *self._show(self._stream.focus(self._field))]

    def review(self, review: Review) -> list[LiveEvent]:
        """What was done with the record by hand, all of it: kept, and laid over every later filling too."""
        self._note(REVIEW, review.model_dump(mode="json", exclude={"dictated"}))
        self._review = review
        self.record = reapplied(self.record, review, self._dictation.form)
        return [Filled(self.record)]

    def finish(self) -> Record:
        """The record of all that was said. The journal, if there is one, is closed with it."""
        self._obeyed()
        rest = self._blocks.rest()
        last = [event for event in self._stream.accept(rest) if isinstance(event, Utterance)] if len(rest) else []
        for final in [*last, *self._stream.finish()]:
            self._take(final)
        self._filling.end()
        self.record = self._fill()
        if self._journal:
            self._journal.close(self.record)
        return self.record

    def recall(
        self, blocks: Iterable[Samples], events: Iterable[Event], heard: Sequence[Utterance] = ()
    ) -> Iterator[LiveEvent]:
        """Takes in what a journal kept, each event at its place on the clock, while it is iterated to its end.

        Nothing of it is kept again, and no command in it is obeyed: the events tell what came of them. Of the finals
        that were kept (`heard`) the recogniser need not find the words again.
        """
        journal, obey = self._journal, self._obey
        self._journal, self._obey = None, False
        kept = list(events)
        self.become(kept)
        waiting = [event for event in kept if event.kind in {FOCUS, PAUSE, OVERFLOW, LOST}]
        pieces = BlockBuffer(CHUNK)
        self._stream.remember(heard)
        try:
            for block in blocks:
                for chunk in pieces.add(block):
                    yield from self._due(waiting)
                    yield from self.accept(chunk)
            yield from self._due(waiting)
            yield from self.accept(pieces.rest())
            # Words that come later would be taken for new ones: kept twice, and obeyed.
            while self._stream.behind:
                time.sleep(_WAIT)
                yield from self.poll()
        finally:
            self._stream.remember(())
            self._journal, self._obey = journal, obey

    def become(self, kept: Sequence[Event]) -> None:
        """The record is the one that it was when the dictation was begun, with what was done to it by hand since."""
        if review := newest_review(kept):
            self._review = review
            self.record = self._with_review(self.record)
        told = next((event.data for event in kept if event.kind == IDENTITY), None)
        if told:
            self._identity = Identity(UUID(told["id"]), datetime.fromisoformat(told["created"]))
            self.record = self.record.model_copy(update=asdict(self._identity))

    def _due(self, waiting: list[Event]) -> Iterator[LiveEvent]:
        while waiting and waiting[0].at < self.clock + CHUNK / RATE / 2:
            event = waiting.pop(0)
            match event.kind:
                case "pause":
                    yield from self.pause()
                case "focus":
                    yield from self.focus(event.data.get("field"), event.data.get("by", "hand"))
                case "overflow":
                    self._happened(Overflow(event.at, event.data["seconds"]))
                case _:
                    self._happened(Lost(event.at, event.data["name"]))

    def _happened(self, event: MicrophoneEvent) -> None:
        """Something befell the microphone; what was lost is told in the record."""
        self._note(type(event).__name__.lower(), {k: v for k, v in asdict(event).items() if k != "at"})
        if isinstance(event, Overflow):
            self._damage.append(f"{event.seconds:.1f} s of sound near {event.at:.1f} s could not be kept")
        elif isinstance(event, Lost):
            self._damage.append(f"the microphone was gone at {event.at:.1f} s")

    def _show(self, events: Iterator[Partial | Utterance]) -> list[LiveEvent]:
        shown: list[LiveEvent] = []
        for event in events:
            if isinstance(event, Partial):
                shown.append(event)
                continue
            self._take(event)
            shown.append(Final(event))
            if self._obey:
                self._unobeyed.append(event)
        return shown

    def _take(self, final: Utterance) -> None:
        if self._journal:
            self._journal.utterance(final)
        self._utterances.append(final)
        self._stale = True

    def _obeyed(self) -> list[LiveEvent]:
        """Obeys what was said in the finals that were shown. Whether they hold a command takes a moment to find out:
        nobody shall wait for their words meanwhile."""
        shown: list[LiveEvent] = []
        while self._unobeyed:
            shown += self._carry_out(self._unobeyed.pop(0))
        return shown

    def _carry_out(self, final: Utterance) -> list[LiveEvent]:
        """Obeys the commands of an utterance."""
        shown: list[LiveEvent] = []
        for step in spoken_steps(self._dictation.writer(Transcript.from_utterances([final]))):
            if step.kind is Step.STOP:
                shown.append(Stopped(self.clock))
                continue
            key = target(self._dictation.form, self._dictation.language, self.field, step)
            if key is not None:
                shown += self._turn_to(self._active(key), "voice")
        return shown

    def _refill(self) -> list[LiveEvent]:
        """Fills the form anew where there are new finals, unless a long dictation would spend its time on that. While
        somebody speaks it is done beside the dictation: an hour takes seconds to fill, and sound must not wait."""
        if self._stale and self._filling.may_begin():
            self._stale = False
            self._filling.begin(self._job())
            if not self._beside:
                self._filling.wait()
        filled = self._filling.result()
        if filled is None:
            return []
        self.record = self._with_review(filled)
        return [Filled(self.record)]

    def _fill(self) -> Record:
        self._stale = False
        return self._with_review(self._job()())

    def _with_review(self, record: Record) -> Record:
        return reapplied(record, self._review, self._dictation.form)

    def _job(self) -> Callable[[], Record]:
        """How the record of what was said so far is made."""
        heard = Heard(
            source=self._source,
            transcript=Transcript.from_utterances(tuple(self._utterances)),
            recogniser=self._dictation.recogniser.info,
            seconds=self.clock,
            elapsed=0.0,
            damage="; ".join(self._damage) or None,
        )
        identity, context = self._identity, self._context
        return lambda: self._dictation.record(heard, context, identifier=identity.id, created=identity.created)

    def _note(self, kind: str, data: dict[str, object]) -> None:
        if self._journal:
            self._journal.event(self.clock, kind, data)


def recovered(dictation: Dictation, store: Store, left: Unfinished) -> Record:
    """The record of a dictation that was broken off, from the sound that was kept. Takes its time."""
    with store.resume(left.id) as journal:
        live = LiveDictation(dictation, left.context, journal, live=False)
        for _ in live.recall(store.audio(left.id), store.events(left.id), store.utterances(left.id)):
            pass
        return live.finish()


def newest_review(kept: Sequence[Event]) -> Review | None:
    """What was done by hand, of the events that were kept: each review holds all of it."""
    reviews = [event.data for event in kept if event.kind == REVIEW]
    return Review.model_validate(reviews[-1]) if reviews else None
