"""The microphones of this machine, and how one is chosen by name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dictation.audio.portaudio import HostDevice, portaudio
from dictation.errors import DeviceError, UsageError

# ALSA appends the card's number, which is another one after replugging.
_CARD = re.compile(r" \(hw:\d+,\d+\)$")


@dataclass(frozen=True, slots=True)
class InputDevice:
    """A microphone. `name` survives replugging; `rate` is its own, in samples a second."""

    name: str
    channels: int
    rate: float
    default: bool


def input_devices() -> list[InputDevice]:
    """The microphones that can be chosen; DeviceError where there is none or no way to use one."""
    return [
        InputDevice(device.name, device.channels, device.rate, device.default)
        for device in named(portaudio().devices())
    ]


def named(devices: Sequence[HostDevice]) -> list[HostDevice]:
    """The devices under names that last: without the card's number where they are distinct without it.

    DeviceError where there is no device.
    """
    if not devices:
        raise DeviceError("no microphone found; plug one in and see that the system's sound settings show it")
    lasting = [_CARD.sub("", device.name) for device in devices]
    count = Counter(lasting)
    return [
        HostDevice(
            device.index, name if count[name] == 1 else device.name, device.channels, device.rate, device.default
        )
        for device, name in zip(devices, lasting, strict=True)
    ]


def choose(devices: Sequence[HostDevice], name: str | None) -> HostDevice:
    """The device of that name, else the only one whose name holds it; the default one without a name.

    UsageError, listing what there is, where none or several fit.
    """
    if name is None:
        return next((device for device in devices if device.default), devices[0])
    wanted = name.casefold()
    for fits in (
        [device for device in devices if device.name == name],
        [device for device in devices if device.name.casefold() == wanted],
        [device for device in devices if wanted in device.name.casefold()],
    ):
        if len(fits) == 1:
            return fits[0]
        if fits:
            raise UsageError(f"{name!r} fits several microphones: {_listed(fits)}; give more of the name")
    raise UsageError(f"no microphone is called {name!r}; there are: {_listed(devices)}")


def _listed(devices: Sequence[HostDevice]) -> str:
    return ", ".join(device.name for device in devices)
