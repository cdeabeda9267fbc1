"""What a recogniser heard: words with times and confidences, grouped into utterances."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Word:
    """One word as the recogniser printed it, punctuation attached. Times in seconds of the recording's clock;
    times and confidence (0–1) are None for text that was never sound."""

    text: str
    start: float | None = None
    end: float | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Utterance:
    """What was said between two pauses, or a part of it where speech went on for long; `text` holds the words in
    order. `field` is the key of the form's field that was active while it was said, None where none was."""

    text: str
    words: tuple[Word, ...]
    start: float | None = None
    end: float | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class PlacedWord:
    """A word with its place in `Transcript.text` (code points), the number of its utterance and the field that it was
    said into."""

    word: Word
    start_char: int
    end_char: int
    utterance: int
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """All that was heard. `text` is what every offset in a record refers to."""

    text: str
    utterances: tuple[Utterance, ...]

    @classmethod
    def from_text(cls, text: str) -> Transcript:
        """A text that was never sound: one utterance, words between white space, no times."""
        words = tuple(Word(match.group()) for match in _WORD.finditer(text))
        return cls(text, (Utterance(text, words),) if words else ())

    @classmethod
    def from_utterances(cls, utterances: Iterable[Utterance]) -> Transcript:
        """Finals of a recogniser in the order of their times, joined by a space."""
        kept = tuple(utterance for utterance in utterances if utterance.words)
        return cls(" ".join(utterance.text for utterance in kept), kept)

    @property
    def was_sound(self) -> bool:
        """Whether any of it was heard by a recogniser that tells how sure it is."""
        return any(word.confidence is not None for utterance in self.utterances for word in utterance.words)

    def placed_words(self) -> Iterator[PlacedWord]:
        """The words in order with their characters in `text`."""
        position = 0
        for number, utterance in enumerate(self.utterances):
            for word in utterance.words:
                start = self.text.index(word.text, position)
                position = start + len(word.text)
                yield PlacedWord(word, start, position, number, utterance.field)
