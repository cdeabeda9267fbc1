"""The workstation's own microphone for a dictation: its sound, its level, what befalls it."""

from __future__ import annotations

import logging
import threading
from contextlib import ExitStack

from dictation.audio.microphone import Microphone
from dictation.console import describe
from dictation.workstation.failures import Failure
from dictation.workstation.running import Running

_LEVEL_EVERY = 0.1

_log = logging.getLogger(__name__)


class OwnMicrophone:
    """Listens from entering on until `close`. Failure `no-microphone` where the device cannot be opened."""

    def __init__(self, running: Running, device: str | None) -> None:
        self._running = running
        self._open = ExitStack()
        try:
            self._microphone = self._open.enter_context(Microphone(device))
        except Exception as error:
            raise Failure("no-microphone", detail=describe(error)) from error
        self._closed = threading.Event()
        self._feeder = threading.Thread(target=self._feed, name="microphone to dictation", daemon=True)
        self._meter = threading.Thread(target=self._measure, name="level", daemon=True)
        self._feeder.start()
        self._meter.start()

    def pause(self) -> None:
        """Nothing is heard from now on."""
        self._microphone.pause()

    def go_on(self) -> None:
        """Heard again."""
        self._microphone.resume()

    def close(self) -> None:
        """All that was said until now has been taken when this returns."""
        self._microphone.stop()
        self._feeder.join()
        self._closed.set()
        self._open.close()

    def _feed(self) -> None:
        try:
            for item in self._microphone.blocks():
                self._running.take(item)
        except Exception as error:  # noqa: BLE001 - the doctor must hear of it whatever it is
            _log.error("%s", describe(error))
            self._running.telling.notice("microphone-lost")

    def _measure(self) -> None:
        while not self._closed.wait(_LEVEL_EVERY):
            self._running.telling.level(self._microphone.level, self._microphone.peak)
