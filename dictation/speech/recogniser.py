"""What every recogniser is to the rest of the program, whatever engine it runs on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from dictation.audio.blocks import Samples
from dictation.speech.transcript import Utterance


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model heard it: kept in the record. `sha256` is the hash of the weights, None where they have none."""

    engine: str
    model: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class Partial:
    """What the open utterance sounds like so far; shown, never acted upon."""

    text: str
    start: float | None = None


class RecognitionStream(Protocol):
    """One recording, or one session at the microphone. Finals come in the order of their times."""

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        """Takes a block of 16 kHz mono sound. The block is taken in at the call, not while the result is read."""

    def finish(self) -> Iterator[Utterance]:
        """Ends the stream: whatever has not been given out yet."""


class Recogniser(Protocol):
    """A loaded model, good for many streams, one after the other."""

    @property
    def info(self) -> ModelInfo: ...

    def stream(self) -> RecognitionStream: ...
