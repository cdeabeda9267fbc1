"""An open device."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import Any

from dictation.audio.devices import choose, named
from dictation.audio.intake import Intake, Opened, SoundQueue
from dictation.audio.portaudio import HostDevice, portaudio
from dictation.errors import DeviceError

# A device that gives more channels than this is a sound server, which gives as many as it is asked for.
_MOST_CHANNELS, _SERVER_CHANNELS = 8, 2


class Capture:
    """Listens from the start and puts what it hears into the queue.

    DeviceError or UsageError where it cannot be opened. `finished`: the sound system has ended the stream.
    """

    def __init__(self, name: str | None, queue: SoundQueue) -> None:
        self.finished = False
        device, self._stream = portaudio().open(
            lambda devices: choose(named(devices), name), _channels, self._hear, self._finish
        )
        self.name = device.name
        self.intake = Intake(Opened(device.name, round(device.rate), _channels(device)), queue)
        try:
            portaudio().start(self._stream)
        except DeviceError:
            self.close()
            raise

    def close(self) -> Future[None]:
        """Gives the device back; done when the sound system has taken it."""
        return portaudio().close(self._stream)

    def _hear(self, data: Any, _frames: int, _time: Any, status: Any) -> None:
        self.intake.hear(bytes(data), time.monotonic(), bool(status.input_overflow))

    def _finish(self) -> None:
        self.finished = True


def _channels(device: HostDevice) -> int:
    return device.channels if device.channels <= _MOST_CHANNELS else _SERVER_CHANNELS
