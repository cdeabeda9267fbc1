"""PortAudio in this process: loaded when first needed, its device list read anew, its streams opened and closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from queue import SimpleQueue
from types import ModuleType
from typing import Any, TypeVar

from dictation.errors import DeviceError

Answer = TypeVar("Answer")

# One callback of so many seconds: short enough for a live text, long enough to leave the processor to recognition.
_CALLBACK = 0.02
# What the driver keeps for us while the callback has to wait, in seconds.
_DRIVER_BUFFER = 0.3


@dataclass(frozen=True, slots=True)
class HostDevice:
    """An input as PortAudio lists it; `index` holds only until the list is read again."""

    index: int
    name: str
    channels: int
    rate: float
    default: bool


class PortAudio:
    """PortAudio's state belongs to the process, and so does the one instance of this class (`portaudio()`).

    PortAudio reads the list of devices once, when it is initialised. So it is initialised anew whenever the list
    is wanted and no stream of ours is open: an application that keeps sounddevice streams of its own in the same
    process would lose them.

    All calls are made on one thread, as Windows wants it; where the sound system hangs, that thread hangs, and
    whoever waits for it can still be interrupted.
    """

    def __init__(self) -> None:
        self._thread = _Thread()
        self._sounddevice = self._thread.call(_load).result()
        self._streams = 0

    def devices(self) -> list[HostDevice]:
        """Inputs that are there now; the list of the last opening while a stream is open."""
        return self._thread.call(self._inputs).result()

    def open(
        self,
        choose: Callable[[list[HostDevice]], HostDevice],
        channels: Callable[[HostDevice], int],
        heard: Callable[[Any, int, Any, Any], None],
        finished: Callable[[], None],
    ) -> tuple[HostDevice, Any]:
        """Opens the chosen input as 16-bit sound at its own rate, not yet started. DeviceError where it refuses."""

        def work() -> tuple[HostDevice, Any]:
            device = choose(self._inputs())
            try:
                stream = self._sounddevice.RawInputStream(
                    device=device.index,
                    samplerate=device.rate,
                    channels=channels(device),
                    dtype="int16",
                    blocksize=round(device.rate * _CALLBACK),
                    latency=_DRIVER_BUFFER,
                    callback=heard,
                    finished_callback=finished,
                )
            except self._sounddevice.PortAudioError as error:
                raise DeviceError(
                    f"the microphone {device.name!r} cannot be opened ({error.args[0]}); "
                    "see whether another program holds it, or choose another"
                ) from error
            self._streams += 1
            return device, stream

        return self._thread.call(work).result()

    def start(self, stream: Any) -> None:
        """Lets a stream begin. DeviceError where it does not."""
        try:
            self._thread.call(stream.start).result()
        except self._sounddevice.PortAudioError as error:
            raise DeviceError(f"the microphone does not start ({error.args[0]}); plug it in anew") from error

    def close(self, stream: Any) -> Future[None]:
        """Ends a stream; not waited for, since a sound system that hangs lets go when it pleases."""

        def work() -> None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)
            self._streams -= 1

        return self._thread.call(work)

    def _inputs(self) -> list[HostDevice]:
        try:
            if not self._streams:
                self._start_anew()
            return self._listed()
        except self._sounddevice.PortAudioError as error:
            raise DeviceError(f"no microphone can be used: PortAudio does not start ({error.args[0]})") from error

    def _start_anew(self) -> None:
        if self._sounddevice._initialized:
            self._sounddevice._terminate()
        self._sounddevice._initialize()

    def _listed(self) -> list[HostDevice]:
        sounddevice = self._sounddevice
        hosts = [host for host in sounddevice.query_hostapis() if host["default_input_device"] >= 0]
        # Windows lists a microphone once for each of its driver models; only WASAPI has the names in full.
        hosts.sort(key=lambda host: host["name"] != "Windows WASAPI")
        return [
            HostDevice(
                index=index,
                name=device["name"],
                channels=device["max_input_channels"],
                rate=device["default_samplerate"],
                default=index == host["default_input_device"],
            )
            for host in hosts[:1]
            for index in host["devices"]
            if (device := sounddevice.query_devices(index))["max_input_channels"] > 0
        ]


class _Thread:
    """Does what it is given, one after the other, on a thread that does not keep the program from ending."""

    def __init__(self) -> None:
        self._work: SimpleQueue[Callable[[], None]] = SimpleQueue()
        threading.Thread(target=self._run, name="portaudio", daemon=True).start()

    def call(self, function: Callable[[], Answer]) -> Future[Answer]:
        future: Future[Answer] = Future()

        def work() -> None:
            try:
                future.set_result(function())
            except BaseException as error:  # noqa: BLE001 - it is raised where the answer is awaited
                future.set_exception(error)

        self._work.put(work)
        return future

    def _run(self) -> None:
        while True:
            self._work.get()()


@cache
def portaudio() -> PortAudio:
    """Loads PortAudio. DeviceError, with what to install, where the library is missing or does not start."""
    return PortAudio()


def _load() -> ModuleType:
    try:
        import sounddevice
    except OSError as error:
        raise DeviceError(
            "no microphone can be used: the PortAudio library is not installed; "
            "on Debian or Ubuntu: apt-get install libportaudio2"
        ) from error
    except Exception as error:
        # The import starts PortAudio, and defines the error that it raises.
        raise DeviceError(f"no microphone can be used: PortAudio does not start ({error})") from error
    module: ModuleType = sounddevice
    return module
