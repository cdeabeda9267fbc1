"""A stream over a recogniser that reads whole stretches of speech: what is decoded when, and what is shown meanwhile.

Finals depend on the sound and on the changes of the active field alone, so they are the same live and from a file.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from dictation.audio.blocks import Samples
from dictation.audio.endpointing import Endpointer, Endpointing, SpeechSegment
from dictation.speech.agreement import Agreement
from dictation.speech.phantoms import without_phantoms
from dictation.speech.recogniser import END_OF_UTTERANCE, ActiveField, Partial
from dictation.speech.remembered import Remembered
from dictation.speech.transcript import Utterance, Word
from dictation.speech.utterances import utterance
from dictation.speech.workers import Lane

# A partial is worth its work when so much more has been said since the last one, seconds.
_PARTIAL_STEP = 0.4
# After so much silence the final is near, and has the machine for itself.
_HUSH = 0.09


class HeardWord(Protocol):
    """A word with its times in the segment, in seconds, and how sure the recogniser is of it."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...
    @property
    def confidence(self) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Glimpse:
    """A quick reading of speech that goes on, and of how many words at its beginning the model is sure."""

    text: str
    sure: int


class SegmentReader(Protocol):
    """A model that reads stretches of speech of up to 20 s, from any thread."""

    def hear(self, samples: Samples, field: ActiveField | None) -> Sequence[HeardWord]:
        """The words of a stretch, as well as the model can."""

    def glimpse(self, samples: Samples, field: ActiveField | None) -> Glimpse:
        """A quick reading of a stretch that is not over."""


@dataclass(frozen=True, slots=True)
class _Decoding:
    """A segment on its way through the model."""

    segment: SpeechSegment
    field: ActiveField | None
    words: Future[Sequence[HeardWord]]
    since: float
    known: Utterance | None = None

    def same_sound(self, segment: SpeechSegment) -> bool:
        return self.segment.start == segment.start and len(self.segment.samples) == len(segment.samples)

    def final(self) -> Iterator[Utterance]:
        """The segment's utterance with times of the recording; none where no word was heard. Waits for the model."""
        if self.known:
            yield self.known
            return
        heard = without_phantoms([self._placed(word) for word in self.words.result()])
        if heard:
            yield utterance(heard, self.field.key if self.field else None)

    def _placed(self, word: HeardWord) -> Word:
        start, end = (round(self.segment.to_recording(time), 2) for time in (word.start, word.end))
        return Word(word.text, start, end, None if word.confidence is None else round(word.confidence, 3))


class SegmentStream:
    """One recording or session. Segments are decoded side by side as they end, and given out in their order.

    A live stream starts on a segment as soon as silence falls, and shows what the open one sounds like so far. One
    that is not live waits where sound comes faster than it is decoded.
    """

    def __init__(self, reader: SegmentReader, workers: Lane, endpointing: Endpointing, live: bool) -> None:
        self._reader = reader
        self._workers = workers
        self._endpointer = Endpointer(endpointing)
        self._live = live
        self._field: ActiveField | None = None
        self._decoding: deque[_Decoding] = deque()
        self._ahead: _Decoding | None = None
        self._glimpses = _Glimpses(reader, workers)
        self._remembered = Remembered()

    @property
    def behind(self) -> float:
        return time.monotonic() - self._decoding[0].since if self._decoding else 0.0

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        self._decode(self._endpointer.accept(block))
        if not self._live:
            return iter(self._finals(most_behind=2 * self._workers.count))
        if self._remembered:
            return iter(self._finals(most_behind=None))
        self._decode_ahead()
        return iter([*self._finals(most_behind=None), *self._partials()])

    def focus(self, field: ActiveField | None) -> Iterator[Partial | Utterance]:
        self._decode(self._endpointer.part(END_OF_UTTERANCE[field.kind if field else "other"]))
        self._field = field
        return iter(())

    def remember(self, utterances: Sequence[Utterance]) -> None:
        self._remembered.put(utterances)

    def finish(self) -> Iterator[Utterance]:
        self._decode(self._endpointer.finish())
        self._glimpses.forget()
        return iter(self._finals(most_behind=0))

    def _decode(self, segments: list[SpeechSegment]) -> None:
        for segment in segments:
            if self._ahead and self._ahead.same_sound(segment):
                self._decoding.append(self._ahead)
            else:
                self._decoding.append(self._start(segment))
            self._ahead = None
            self._glimpses.forget()

    def _start(self, segment: SpeechSegment) -> _Decoding:
        field = self._field
        if self._remembered and (known := self._remembered.of(segment)):
            nothing: Future[Sequence[HeardWord]] = Future()
            nothing.set_result(())
            return _Decoding(segment, field, nothing, time.monotonic(), known)
        words = self._workers.final(lambda: self._reader.hear(segment.samples, field))
        return _Decoding(segment, field, words, time.monotonic())

    def _decode_ahead(self) -> None:
        """Starts on the open segment once silence falls; in vain where speech goes on."""
        silent = self._endpointer.falling_silent()
        if silent is None:
            if self._ahead:
                self._ahead.words.cancel()
            self._ahead = None
        elif self._ahead is None:
            self._ahead = self._start(silent)

    def _finals(self, most_behind: int | None) -> list[Utterance]:
        """What is decoded, in order; waits only while more than `most_behind` segments are not (None: never)."""
        finals: list[Utterance] = []
        while self._decoding:
            must_wait = most_behind is not None and len(self._decoding) > most_behind
            if not (must_wait or self._decoding[0].words.done()):
                break
            finals.extend(self._decoding.popleft().final())
        return finals

    def _partials(self) -> list[Partial]:
        if self._decoding or self._ahead:
            return []
        return self._glimpses.look(self._endpointer, self._field)


@dataclass(frozen=True, slots=True)
class _Look:
    """What was read of an open segment, the end of the sound it was read from, and the seconds that took."""

    glimpse: Glimpse
    end: float
    took: float


class _Glimpses:
    """Partials of the open segment: one at a time, of the latest sound only. After each the model rests as long as it
    took, and none is begun once silence has fallen: no final shall wait for a partial."""

    def __init__(self, reader: SegmentReader, workers: Lane) -> None:
        self._reader = reader
        self._workers = workers
        self._agreement = Agreement()
        self._reading: Future[_Look] | None = None
        self._start = 0.0
        self._reached = 0.0
        self._rested_at = 0.0

    def look(self, endpointer: Endpointer, field: ActiveField | None) -> list[Partial]:
        """The partial that has become ready, if one has; the next one is begun where there is enough new sound."""
        shown: list[Partial] = []
        if self._reading and self._reading.done():
            look = self._reading.result()
            shown = self._agreement.partials(look.glimpse.text, look.glimpse.sure, self._start, look.end)
            self._reading = None
            self._rested_at = time.monotonic() + look.took
        if self._reading is None and (speech := endpointer.open_speech()) is not None:
            if speech.start != self._start:
                self._start, self._reached = speech.start, speech.voice_start
            if speech.end - self._reached >= _PARTIAL_STEP and self._may_begin(speech):
                self._reached = speech.end
                self._reading = self._workers.partial(lambda: self._look(speech, field))
        return shown

    def forget(self) -> None:
        """The segment has ended: what is being read of it is not shown any more."""
        if self._reading:
            self._reading.cancel()
        self._reading = None
        self._agreement = Agreement()

    def _may_begin(self, speech: SpeechSegment) -> bool:
        silent = speech.end - speech.voice_end >= _HUSH
        return not silent and not self._workers.crowded and time.monotonic() >= self._rested_at

    def _look(self, speech: SpeechSegment, field: ActiveField | None) -> _Look:
        begun = time.monotonic()
        glimpse = self._reader.glimpse(speech.samples, field)
        return _Look(glimpse, speech.end, time.monotonic() - begun)
