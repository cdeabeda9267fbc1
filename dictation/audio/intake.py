"""Between the device's callback and the reader: a bounded queue, and a count of what found no room in it."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Literal

import numpy as np

from dictation.audio.conversion import QUIETEST, decibels, from_int16

QUEUE_SECONDS = 10.0
"""How much sound waits for its reader before some is dropped."""

# After an overflow so much must be free again, or every second callback would be another overflow.
_ROOM = 1.0
# Arrival is compared with the promptest of so many callbacks before; a gap beyond the second: the machine slept.
_RECENT, _LONGEST_GAP = 100, 60.0
_METERED = 0.1


@dataclass(frozen=True, slots=True)
class Opened:
    """A device has begun to give sound: all that follows has its rate and channels."""

    name: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Interleaved 16-bit samples, and the moment of their arrival on the machine's monotonic clock."""

    data: bytes
    arrived: float


@dataclass(frozen=True, slots=True)
class Gap:
    """So many samples of the device's time were lost before the moment `ended`."""

    frames: int
    ended: float


@dataclass(frozen=True, slots=True)
class Closed:
    """The device is gone."""

    name: str


@dataclass(frozen=True, slots=True)
class Command:
    """What the user wants from the moment `due` on."""

    kind: Literal["pause", "resume", "stop"]
    due: float


Item = Opened | Piece | Gap | Closed | Command


class SoundQueue:
    """From the device to the reader, in order; sound is bounded in seconds, all else always finds room.

    No lock is held here, so that a signal handler may put a command while the same thread is taking an item:
    `SimpleQueue` allows that, and each of the two counts has one writer.
    """

    def __init__(self) -> None:
        self._items: SimpleQueue[tuple[Item, float]] = SimpleQueue()
        self._offered = 0.0
        self._taken = 0.0

    def free(self) -> float:
        """Seconds of sound that still find room."""
        return QUEUE_SECONDS - (self._offered - self._taken)

    def offer(self, piece: Piece, seconds: float) -> None:
        self._offered += seconds
        self._items.put((piece, seconds))

    def put(self, item: Item) -> None:
        self._items.put((item, 0.0))

    def take(self, timeout: float) -> Item | None:
        """The next item, None where none comes in time."""
        try:
            item, seconds = self._items.get(timeout=timeout)
        except Empty:
            return None
        self._taken += seconds
        return item


class Intake:
    """Takes what one device hears. `hear` runs on the device's own thread: it copies and counts, nothing else."""

    def __init__(self, opened: Opened, queue: SoundQueue) -> None:
        self._opened = opened
        self._queue = queue
        self._closed = False
        self._frames = 0
        self._owed = 0
        self._delays: deque[float] = deque(maxlen=_RECENT)
        self._recent: deque[bytes] = deque(maxlen=50)

    @property
    def frames(self) -> int:
        """Samples of the device's time until now; where this stands still, so does the device."""
        return self._frames

    def hear(self, data: bytes, arrived: float, overflowed: bool) -> None:
        """Interleaved 16-bit samples; `overflowed` where the driver says that it dropped some before them."""
        if self._closed:
            return
        frames = len(data) // (2 * self._opened.channels)
        seconds = frames / self._opened.rate
        if not self._frames:
            self._queue.put(self._opened)
        elif overflowed:
            missed = self._missed(frames, arrived)
            self._frames += missed
            self._owed += missed
        self._frames += frames
        self._delays.append(arrived - self._frames / self._opened.rate)
        self._recent.append(data)
        if self._queue.free() < (_ROOM if self._owed else seconds):
            self._owed += frames
            return
        if self._owed:
            self._queue.put(Gap(self._owed, arrived - seconds))
            self._owed = 0
        self._queue.offer(Piece(data, arrived), seconds)

    def close(self) -> None:
        """The device is gone: nothing that still arrives counts."""
        self._closed = True
        if self._owed:
            self._queue.put(Gap(self._owed, time.monotonic()))
        self._queue.put(Closed(self._opened.name))

    def level(self) -> tuple[float, float]:
        """Effective value and peak of the last 100 ms of the loudest channel, dBFS."""
        wanted = round(_METERED * self._opened.rate) * self._opened.channels * 2
        data = b"".join(self._recent.copy())[-wanted:]
        if not data:
            return QUIETEST, QUIETEST
        samples = from_int16(data, self._opened.channels)
        loudest = samples[int(np.square(samples).sum(axis=1).argmax())]
        return decibels(float(np.sqrt(np.square(loudest).mean()))), decibels(float(np.abs(loudest).max()))

    def _missed(self, frames: int, arrived: float) -> int:
        """Samples the driver dropped before these: by how much they come later than the promptest of late.

        At least one, since the driver says that something is missing.
        """
        delay = arrived - (self._frames + frames) / self._opened.rate - min(self._delays)
        return max(round(min(delay, _LONGEST_GAP) * self._opened.rate), 1)
