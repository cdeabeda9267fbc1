"""What can happen to a microphone while somebody dictates, told in its place between the blocks of sound."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Overflow:
    """`seconds` of sound could not be kept; silence of that length follows, so that the clock stays true."""

    at: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Lost:
    """The microphone is gone: unplugged, switched off, or its driver hangs. All that it heard has been given out."""

    at: float
    name: str


@dataclass(frozen=True, slots=True)
class Regained:
    """The microphone is back. The time it was away is no part of the clock: the sound goes on at `at`."""

    at: float
    name: str


@dataclass(frozen=True, slots=True)
class Silent:
    """Since it was opened the microphone has given nothing but zeros: it is muted, or we may not listen."""

    at: float
    name: str


MicrophoneEvent = Overflow | Lost | Regained | Silent
"""`at` is the clock of the dictation: the seconds of sound given out before the event."""
