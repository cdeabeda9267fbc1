"""What every recogniser is to the rest of the program, whatever engine it runs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from dictation.audio.blocks import Samples
from dictation.speech.transcript import Utterance

FieldKind = Literal["number", "choice", "narrative", "other"]

END_OF_UTTERANCE: dict[FieldKind, float] = {"number": 0.4, "choice": 0.4, "narrative": 1.2, "other": 0.7}
"""Seconds of silence that end an utterance, by what is being dictated: a number is soon said, a story has pauses."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model heard it: kept in the record. `sha256` is the hash of the weights, None where they have none."""

    engine: str
    model: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class ActiveField:
    """The field of the form that is being dictated: its key, what kind of speech it takes, the section of the note it
    belongs to, and the only phrases that can be said in it (none: anything can)."""

    key: str
    kind: FieldKind = "other"
    section: str | None = None
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """What the open utterance sounds like so far; shown, never acted upon. The first `stable` words are not expected
    to change any more."""

    text: str
    start: float | None = None
    stable: int = 0


class RecognitionStream(Protocol):
    """One recording, or one session at the microphone. Finals come in the order of their times."""

    @property
    def behind(self) -> float:
        """Seconds for which the oldest stretch of speech that has ended has been waiting for its words."""

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        """Takes a block of 16 kHz mono sound. The block is taken in at the call, not while the result is read."""

    def focus(self, field: ActiveField | None) -> Iterator[Partial | Utterance]:
        """From here on `field` is dictated (None: anything). What was said before belongs to the field before."""

    def remember(self, utterances: Sequence[Utterance]) -> None:
        """What was heard in sound that is about to be given again: a stream may take it as it is."""

    def finish(self) -> Iterator[Utterance]:
        """Ends the stream: whatever has not been given out yet."""


class Recogniser(Protocol):
    """A loaded model, good for many streams."""

    @property
    def info(self) -> ModelInfo: ...

    def stream(self, live: bool = False) -> RecognitionStream:
        """A new stream. A live one gives partials and never waits for a decode to end before it takes more sound; the
        finals are the same in both."""
