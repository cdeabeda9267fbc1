"""An open device: its callback puts what it hears into a bounded queue and counts what it could not put there."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any, Literal

import numpy as np

from dictation.audio.conversion import QUIETEST, decibels, from_int16
from dictation.audio.devices import choose, named
from dictation.audio.portaudio import HostDevice, portaudio
from dictation.errors import DeviceError

QUEUE_SECONDS = 10.0
"""How much sound waits for its reader before some is dropped."""

# After an overflow so much must be free again, or every second callback would be another overflow.
_ROOM = 1.0
# A device that gives more channels than this is a sound server, which gives as many as it is asked for.
_MOST_CHANNELS, _SERVER_CHANNELS = 8, 2
# Arrival is compared with the promptest of so many callbacks before; a gap beyond the second: the machine slept.
_RECENT, _LONGEST_GAP = 100, 60.0
_METERED = 0.1


@dataclass(frozen=True, slots=True)
class Opened:
    """A device begins: all that follows has its rate and channels."""

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


class Capture:
    """A device while it is open, listening from the start. DeviceError or UsageError where it cannot be opened."""

    def __init__(self, name: str | None, queue: SoundQueue) -> None:
        self._queue = queue
        self._alive = True
        self._finished = False
        self._frames = 0
        self._owed = 0
        self._delays: deque[float] = deque(maxlen=_RECENT)
        self._recent: deque[bytes] = deque(maxlen=50)
        device, self._stream = portaudio().open(
            lambda devices: choose(named(devices), name), _channels, self._hear, self._finish
        )
        self.name, self._rate, self._channels = device.name, round(device.rate), _channels(device)
        queue.put(Opened(self.name, self._rate, self._channels))
        try:
            self._stream.start()
        except Exception as error:
            self.close()
            raise DeviceError(f"the microphone {self.name!r} does not start ({error}); plug it in anew") from error

    @property
    def callbacks(self) -> int:
        """How many samples it has heard; where that stands still, so does the device."""
        return self._frames

    @property
    def finished(self) -> bool:
        """Whether the sound system has ended the stream."""
        return self._finished

    def level(self) -> tuple[float, float]:
        """Effective value and peak of the last 100 ms, dBFS."""
        wanted = round(_METERED * self._rate) * self._channels * 2
        data = b"".join(self._recent.copy())[-wanted:]
        if not data:
            return QUIETEST, QUIETEST
        samples = from_int16(data, self._channels)
        loudest = samples[int(np.square(samples).sum(axis=1).argmax())]
        return decibels(float(np.sqrt(np.square(loudest).mean()))), decibels(float(np.abs(loudest).max()))

    def abandon(self) -> None:
        """Nothing that arrives from now on counts."""
        self._alive = False
        if self._owed:
            self._queue.put(Gap(self._owed, time.monotonic()))
        self._queue.put(Closed(self.name))

    def close(self) -> None:
        """Gives the device back. May take as long as a sound system hangs."""
        self._alive = False
        portaudio().close(self._stream)

    def _finish(self) -> None:
        self._finished = True

    def _hear(self, data: Any, frames: int, _: Any, status: Any) -> None:
        """Called by PortAudio on its own thread: to copy and count, nothing else."""
        arrived = time.monotonic()
        if not self._alive:
            return
        if status.input_overflow and self._frames:
            missed = self._missed(frames, arrived)
            self._frames += missed
            self._owed += missed
        self._frames += frames
        self._delays.append(arrived - self._frames / self._rate)
        copied = bytes(data)
        self._recent.append(copied)
        seconds = frames / self._rate
        if self._queue.free() < (_ROOM if self._owed else seconds):
            self._owed += frames
            return
        if self._owed:
            self._queue.put(Gap(self._owed, arrived - seconds))
            self._owed = 0
        self._queue.offer(Piece(copied, arrived), seconds)

    def _missed(self, frames: int, arrived: float) -> int:
        """Samples the driver dropped before these: by how much they come later than the promptest of late.

        At least one, since the driver says that something is missing.
        """
        delay = arrived - (self._frames + frames) / self._rate - min(self._delays)
        return max(round(min(delay, _LONGEST_GAP) * self._rate), 1)


def _channels(device: HostDevice) -> int:
    return device.channels if device.channels <= _MOST_CHANNELS else _SERVER_CHANNELS
