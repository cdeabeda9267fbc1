"""Whisper as a recogniser: endpointing, windows, guards, and words put back on the recording's clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import DEFAULT, Endpointer, Endpointing
from dictation.grammar.prompts import Prompts
from dictation.speech import guard
from dictation.speech.attempt import Attempt
from dictation.speech.recogniser import ModelInfo, Partial
from dictation.speech.transcript import Utterance, Word
from dictation.speech.utterances import UtteranceBuilder
from dictation.speech.whisper import HeardWord, Reading, WhisperDecoder
from dictation.speech.windows import Window, WindowAssembler

WINDOW = 15.0
"""Seconds of speech decoded at once."""

# No speech, says the model, and it is unsure of every word (thresholds of OpenAI's reference decoder).
_NO_SPEECH, _UNSURE = 0.6, -1.0


class WhisperRecogniser:
    """A loaded Whisper model with what it is told before it listens."""

    def __init__(
        self, decoder: WhisperDecoder, info: ModelInfo, prompts: Prompts, endpointing: Endpointing = DEFAULT
    ) -> None:
        self.info = info
        self._decoder = decoder
        self._prompts = prompts
        self._endpointing = endpointing

    def stream(self) -> WhisperStream:
        return WhisperStream(self, self._endpointing)

    def hear(self, samples: Samples) -> list[HeardWord]:
        """The words of a window, with times from its start.

        A reading that seems to loop, to echo its prompt or to leave speech out is read again with another prompt;
        what two readings agree on stands. Speech that is still left out is read by itself. What remains at fault
        loses its confidence.
        """
        best = self._best_attempt(samples)
        if best is None or best.fault == 0:
            return best.words if best else []
        words = best.doubted()
        for hole in reversed([] if best.nonsense else best.holes):
            begin, end = round(hole.start * RATE), round(hole.end * RATE)
            alone = self._best_attempt(samples[begin:end])
            if alone and alone.fault == 0:
                words[hole.at :] = [*(word.later(hole.start) for word in alone.words), *words[hole.at :]]
                words[: hole.at] = [word.until(hole.start) for word in words[: hole.at]]
        return words

    def _best_attempt(self, samples: Samples) -> Attempt | None:
        """The first reading without fault, else the least faulty; None where nobody spoke, by every reading."""
        encoded = self._decoder.encode(samples)
        attempts: list[Attempt] = []
        for prompt in self._told:
            reading = self._decoder.read(encoded, prompt)
            if self._nobody_spoke(reading):
                continue
            attempt = Attempt(reading.text, prompt, self._decoder.words(encoded, reading, prompt), encoded.seconds)
            if any(attempt.text == earlier.text for earlier in attempts):
                return replace(attempt, agreed=True)
            attempts.append(attempt)
            # Without a prompt much is misread: that is for nonsense only.
            if attempt.fault == 0 or (len(attempts) > 1 and not all(found.nonsense for found in attempts)):
                break
        return min(attempts, key=lambda found: found.fault, default=None)

    @property
    def _told(self) -> tuple[str | None, ...]:
        hot = "".join(f"{word}, " for word in self._prompts.hot_words)
        return (hot + self._prompts.style, self._prompts.fallback, None)

    def _nobody_spoke(self, reading: Reading) -> bool:
        if reading.silence > _NO_SPEECH and reading.score < _UNSURE:
            return True
        return guard.is_phantom(reading.text, self._prompts.phantoms)


class WhisperStream:
    """One recording. Windows are decoded as soon as they are full."""

    def __init__(self, recogniser: WhisperRecogniser, endpointing: Endpointing) -> None:
        self._recogniser = recogniser
        self._endpointer = Endpointer(endpointing)
        self._windows = WindowAssembler(WINDOW)
        self._utterances = UtteranceBuilder(endpointing.silence)

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        finals: list[Utterance] = []
        for segment in self._endpointer.accept(block):
            for window in self._windows.add(segment):
                finals.extend(self._decode(window))
        return iter(finals)

    def finish(self) -> Iterator[Utterance]:
        finals: list[Utterance] = []
        windows = [window for segment in self._endpointer.finish() for window in self._windows.add(segment)]
        for window in [*windows, *self._windows.finish()]:
            finals.extend(self._decode(window))
        finals.extend(self._utterances.finish())
        return iter(finals)

    def _decode(self, window: Window) -> Iterator[Utterance]:
        heard: list[list[Word]] = [[] for _ in window.segments]
        reached = 0
        for word in self._recogniser.hear(window.samples):
            reached = max(reached, window.place(word.start, word.end))
            start, end = (window.to_recording(reached, time) for time in (word.start, word.end))
            heard[reached].append(Word(word.text, round(start, 2), round(end, 2), round(word.confidence, 3)))
        for segment, words in zip(window.segments, heard, strict=True):
            yield from self._utterances.add(segment, words)
