"""From what a device hears to what is dictated: even blocks at 16 kHz, events in their place, pauses left out."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

import numpy as np

from dictation.audio.blocks import RATE, BlockBuffer, Samples
from dictation.audio.conversion import Converter
from dictation.audio.events import Lost, MicrophoneEvent, Overflow, Regained, Silent
from dictation.audio.intake import Closed, Command, Gap, Item, Opened, Piece

BLOCK = 512
"""Samples of every block: 32 ms, what the voice detector judges at once."""

# Pressing a key takes time, and people begin to speak before they have pressed it.
_PRE_ROLL = 0.5
_SILENT_AFTER = 3.0
# A command whose moment has passed is obeyed without waiting for sound that may never come.
_PATIENCE = 0.25


class Feed:
    """Takes the items of the queue one by one and gives out blocks of 512 samples and events.

    The clock is the sound given out: what is paused and what passes while the microphone is away do not count,
    what was lost while it was there is silence. Where the sound breaks off (lost, stopped) the last block is
    filled up with silence.
    """

    def __init__(self) -> None:
        self.ended = False
        self._given = 0
        self._buffer = BlockBuffer(BLOCK)
        self._buffered = 0
        self._opened: Opened | None = None
        self._converter: Converter | None = None
        self._lost = False
        self._zeros: int | None = None
        self._pending: deque[Command] = deque()
        self._paused = False
        self._straddles = False
        self._ring: deque[Samples] = deque(maxlen=round(_PRE_ROLL * RATE / BLOCK))

    @property
    def clock(self) -> float:
        """Seconds of sound given out."""
        return self._given / RATE

    def accept(self, item: Item) -> Iterator[Samples | MicrophoneEvent]:
        match item:
            case Opened():
                yield from self._open(item)
            case Closed():
                yield from self._close(item)
            case Command():
                self._pending.append(item)
                if self._converter is None:
                    yield from self._obey(item.due)
            case Piece():
                yield from self._obey(item.arrived)
                yield from self._hear(item.data)
            case Gap():
                yield from self._miss(item)

    def idle(self, now: float) -> Iterator[Samples | MicrophoneEvent]:
        """Nothing has come; `now` is on the clock of the commands."""
        yield from self._obey(now - _PATIENCE)

    def rest(self) -> Iterator[Samples | MicrophoneEvent]:
        """The last block, after `ended`."""
        if self._converter is not None:
            yield from self._break_off(self._converter)

    def _open(self, opened: Opened) -> Iterator[MicrophoneEvent]:
        self._opened, self._converter, self._zeros = opened, Converter(opened.rate, opened.channels), 0
        if self._lost:
            yield Regained(self.clock, opened.name)
        self._lost = False

    def _close(self, closed: Closed) -> Iterator[Samples | MicrophoneEvent]:
        if self._converter is not None:
            yield from self._break_off(self._converter)
        if not self._lost:
            yield Lost(self.clock, closed.name)
        self._converter, self._lost = None, True
        yield from self._obey(float("inf"))

    def _break_off(self, converter: Converter) -> Iterator[Samples]:
        yield from self._sound(converter.rest())
        rest = self._buffer.rest()
        if self._buffered and (self._straddles or not self._paused):
            yield self._give(np.pad(rest, (0, BLOCK - len(rest))))
        self._buffered, self._straddles = 0, False
        self._ring.clear()

    def _obey(self, moment: float) -> Iterator[Samples]:
        """Carries out the commands that were due before the moment."""
        while self._pending and self._pending[0].due <= moment and not self.ended:
            yield from self._carry_out(self._pending.popleft())

    def _carry_out(self, command: Command) -> Iterator[Samples]:
        if command.kind == "stop":
            self.ended = True
        elif command.kind == "pause" and not self._paused:
            self._paused, self._straddles = True, self._buffered > 0
        elif command.kind == "resume" and self._paused:
            self._paused = self._straddles = False
            while self._ring:
                yield self._give(self._ring.popleft())

    def _hear(self, data: bytes) -> Iterator[Samples | MicrophoneEvent]:
        # What a device says after it was given up has no place on the clock any more.
        if self.ended or self._converter is None or self._opened is None:
            return
        yield from self._sound(self._converter.convert(data))
        if self._zeros is not None:
            self._zeros = None if any(data) else self._zeros + len(data) // (2 * self._opened.channels)
            if self._zeros is not None and self._zeros >= _SILENT_AFTER * self._opened.rate:
                self._zeros = None
                yield Silent(self.clock, self._opened.name)

    def _miss(self, gap: Gap) -> Iterator[Samples | MicrophoneEvent]:
        """A gap, parted where a command fell into it."""
        if self.ended or self._converter is None or self._opened is None:
            return
        frames = gap.frames
        while self._pending and self._pending[0].due < gap.ended and not self.ended:
            after = min(max(round((gap.ended - self._pending[0].due) * self._opened.rate), 0), frames)
            yield from self._fill(self._converter, frames - after, self._opened.rate)
            frames = after
            yield from self._carry_out(self._pending.popleft())
        if not self.ended:
            yield from self._fill(self._converter, frames, self._opened.rate)

    def _fill(self, converter: Converter, frames: int, rate: int) -> Iterator[Samples | MicrophoneEvent]:
        if frames and not self._paused:
            yield Overflow(self.clock, frames / rate)
        while frames:
            yield from self._sound(converter.silence(min(frames, rate)))
            frames -= min(frames, rate)

    def _sound(self, samples: Samples) -> Iterator[Samples]:
        self._buffered = (self._buffered + len(samples)) % BLOCK
        for block in self._buffer.add(samples):
            if self._straddles or not self._paused:
                self._straddles = False
                yield self._give(block)
            else:
                self._ring.append(block)

    def _give(self, block: Samples) -> Samples:
        self._given += len(block)
        return block
