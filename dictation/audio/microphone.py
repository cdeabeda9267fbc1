"""A microphone as a stream of blocks, for as long as somebody dictates: also when it is unplugged meanwhile."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, wait
from types import TracebackType

from dictation.audio.blocks import Samples
from dictation.audio.capture import Capture
from dictation.audio.conversion import QUIETEST
from dictation.audio.events import Lost, MicrophoneEvent, Overflow, Regained, Silent
from dictation.audio.feed import Feed
from dictation.audio.intake import Command, SoundQueue
from dictation.errors import DictationError

__all__ = ["Lost", "Microphone", "MicrophoneEvent", "Overflow", "Regained", "Silent"]

_TICK = 0.1
# Without a callback for so long the device is gone; a sound server may take longer to begin.
_GONE_AFTER, _BEGINS_WITHIN = 1.0, 4.0
_LOOK_EVERY = 0.5
# From the air to the callback; what is said until a key is released still arrives for so long.
_ON_ITS_WAY = 0.2
# A sound system that hangs must not keep the program from ending.
_HANGS = 2.0


class Microphone:
    """Sound of a microphone, given out as float32 mono blocks of 512 samples at 16 kHz.

    A context manager: entering opens the device and begins to listen. `name` is the exact name of `input_devices()`
    or a part that fits only one; None is the system's own choice. UsageError where no or several names fit,
    DeviceError where no microphone can be used. Iterate `blocks()` once. `pause`, `resume` and `stop` may be called
    from any thread and from a signal handler; called before entering, they hold from the beginning.
    """

    def __init__(self, name: str | None = None) -> None:
        self._wanted = name
        self._queue = SoundQueue()
        self._capture: Capture | None = None
        self._closing: Future[None] | None = None
        self._left = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="microphone", daemon=True)

    def __enter__(self) -> Microphone:
        self._capture = Capture(self._wanted, self._queue)
        # From now on this one is meant, also where the system's choice or a part of the name would fit another.
        self._wanted = self._capture.name
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._left.set()
        self._watcher.join(_HANGS)
        if self._closing is not None:
            wait([self._closing], _HANGS)

    @property
    def name(self) -> str | None:
        """The name of the device, once it is open; before that what was asked for."""
        return self._wanted

    @property
    def level(self) -> float:
        """Effective value of the last 100 ms, dBFS, −96 where nothing is heard; also while paused."""
        return self._levels()[0]

    @property
    def peak(self) -> float:
        """Peak of the last 100 ms, dBFS; at 0 the sound is clipped."""
        return self._levels()[1]

    def blocks(self) -> Iterator[Samples | MicrophoneEvent]:
        """The sound in order, events in their place, until `stop`; then what was heard up to then."""
        feed = Feed()
        while not feed.ended:
            item = self._queue.take(_TICK)
            yield from feed.idle(time.monotonic()) if item is None else feed.accept(item)
        yield from feed.rest()

    def stop(self) -> None:
        """Ends `blocks()` after all that has been said until now."""
        self._queue.put(Command("stop", time.monotonic() + _ON_ITS_WAY))

    def pause(self) -> None:
        """From now on nothing is given out."""
        self._queue.put(Command("pause", time.monotonic() + _ON_ITS_WAY))

    def resume(self) -> None:
        """Sound is given out again, beginning half a second ago, but nothing twice."""
        self._queue.put(Command("resume", time.monotonic()))

    def _levels(self) -> tuple[float, float]:
        capture = self._capture
        return capture.intake.level() if capture is not None else (QUIETEST, QUIETEST)

    def _watch(self) -> None:
        """On a thread of its own: notices that the device is gone, and looks for it until it is back."""
        heard, quiet = 0, 0.0
        while not self._left.wait(_TICK if self._capture else _LOOK_EVERY):
            if self._capture is None:
                self._look()
                heard, quiet = 0, 0.0
                continue
            # Counted in ticks of our own: a program that was asleep must not think that the device was.
            frames = self._capture.intake.frames
            heard, quiet = frames, quiet + _TICK if frames == heard else 0.0
            if self._capture.finished or quiet >= (_GONE_AFTER if heard else _BEGINS_WITHIN):
                lost, self._capture = self._capture, None
                lost.intake.close()
                self._closing = lost.close()
        if self._capture is not None:
            self._closing = self._capture.close()

    def _look(self) -> None:
        if self._closing is not None and not self._closing.done():
            return
        try:
            self._capture = Capture(self._wanted, self._queue)
        except DictationError:
            # Not there yet.
            return
