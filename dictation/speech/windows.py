"""Neighbouring speech segments decoded in one go, and the way back from the window's clock to the recording's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import SpeechSegment


@dataclass(frozen=True)
class Window:
    """Segments in order, joined without what was cut away between them. Window times begin at 0."""

    segments: tuple[SpeechSegment, ...]

    @cached_property
    def samples(self) -> Samples:
        return np.concatenate([segment.samples for segment in self.segments])

    @property
    def seconds(self) -> float:
        return sum(len(segment.samples) for segment in self.segments) / RATE

    @cached_property
    def _offsets(self) -> tuple[float, ...]:
        """Window time at which each segment begins."""
        ends = np.cumsum([len(segment.samples) for segment in self.segments]) / RATE
        return (0.0, *(float(end) for end in ends[:-1]))

    def place(self, start: float, end: float) -> int:
        """The segment that a word between these window times was spoken in: the one whose voice it overlaps most,
        the nearest one where it overlaps none."""
        return max(range(len(self.segments)), key=lambda number: (self._overlap(number, start, end), -number))

    def to_recording(self, segment: int, time: float) -> float:
        """A window time on the recording's clock, held within the voice of its segment."""
        spoken, offset = self.segments[segment], self._offsets[segment]
        return min(max(spoken.start + time - offset, spoken.voice_start), spoken.voice_end)

    def _overlap(self, number: int, start: float, end: float) -> float:
        """Seconds of overlap with the segment's voice; negative is the distance from it."""
        spoken, offset = self.segments[number], self._offsets[number]
        voice_start, voice_end = spoken.voice_start - spoken.start + offset, spoken.voice_end - spoken.start + offset
        return min(end, voice_end) - max(start, voice_start)


class WindowAssembler:
    """Packs segments into windows of at most `limit` seconds (one segment alone may be longer)."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._held: list[SpeechSegment] = []

    def add(self, segment: SpeechSegment) -> Iterator[Window]:
        held = Window(tuple(self._held))
        if self._held and held.seconds + len(segment.samples) / RATE > self._limit:
            self._held = [segment]
            yield held
        else:
            self._held.append(segment)

    def finish(self) -> Iterator[Window]:
        if self._held:
            yield Window(tuple(self._held))
        self._held = []
