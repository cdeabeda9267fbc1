"""Words of speech segments gathered into utterances: what lies between two pauses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dictation.audio.endpointing import SpeechSegment
from dictation.speech.transcript import Utterance, Word


def utterance(words: Iterable[Word]) -> Utterance:
    """Words in order as one utterance, from the first word's start to the last one's end."""
    held = tuple(words)
    return Utterance(" ".join(word.text for word in held), held, held[0].start, held[-1].end)


class UtteranceBuilder:
    """Joins segments that were cut only because they had grown long; a pause of `silence` seconds separates."""

    def __init__(self, silence: float) -> None:
        self._silence = silence
        self._words: list[Word] = []
        self._voice_end = 0.0

    def add(self, segment: SpeechSegment, words: Iterable[Word]) -> Iterator[Utterance]:
        if segment.voice_start - self._voice_end >= self._silence:
            yield from self.finish()
        self._words.extend(words)
        self._voice_end = segment.voice_end
        if segment.pause_follows:
            yield from self.finish()

    def finish(self) -> Iterator[Utterance]:
        if self._words:
            yield utterance(self._words)
        self._words = []
