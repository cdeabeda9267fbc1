"""Whisper as a recogniser: what it is told before it listens, and what it is not believed."""

from __future__ import annotations

from dataclasses import replace

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import DEFAULT, Endpointing
from dictation.grammar.prompts import Prompts
from dictation.speech import guard
from dictation.speech.attempt import Attempt
from dictation.speech.recogniser import ActiveField, ModelInfo
from dictation.speech.segment_stream import Glimpse, SegmentStream
from dictation.speech.whisper import HeardWord, Reading, WhisperDecoder
from dictation.speech.workers import DecodeWorkers

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
        self._workers = DecodeWorkers(decoder.side_by_side)

    def stream(self, live: bool = False) -> SegmentStream:
        return SegmentStream(self, self._workers.lane(), self._endpointing, live)

    def glimpse(self, samples: Samples, field: ActiveField | None) -> Glimpse:
        """What an open segment sounds like so far, in one quick reading; empty where that is nonsense."""
        prompt = self._told(field)[0]
        reading = self._decoder.read(self._decoder.encode(samples), prompt, quick=True)
        nonsense = guard.loops(reading.text) or (prompt is not None and guard.echoes(reading.text, prompt))
        return Glimpse("", 0) if nonsense or self._nobody_spoke(reading) else Glimpse(reading.text, reading.sure)

    def hear(self, samples: Samples, field: ActiveField | None = None) -> list[HeardWord]:
        """The words of a segment, with times from its start.

        A reading that seems to loop, to echo its prompt or to leave speech out is read again with another prompt;
        what two readings agree on stands. Speech that is still left out is read by itself. What remains at fault
        loses its confidence.
        """
        told = self._told(field)
        best = self._best_attempt(samples, told)
        if best is None or best.fault == 0:
            return best.words if best else []
        words = best.doubted()
        for hole in reversed([] if best.nonsense else best.holes):
            begin, end = round(hole.start * RATE), round(hole.end * RATE)
            alone = self._best_attempt(samples[begin:end], told)
            if alone and alone.fault == 0:
                words[hole.at :] = [*(word.later(hole.start) for word in alone.words), *words[hole.at :]]
                words[: hole.at] = [word.until(hole.start) for word in words[: hole.at]]
        return words

    def _best_attempt(self, samples: Samples, told: tuple[str | None, ...]) -> Attempt | None:
        """The first reading without fault, else the least faulty; None where nobody spoke, by every reading."""
        encoded = self._decoder.encode(samples)
        attempts: list[Attempt] = []
        for prompt in told:
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

    def _told(self, field: ActiveField | None) -> tuple[str | None, ...]:
        """The prompts to try, in order: of the section that is being dictated, of any, none."""
        own = self._prompts.sections.get(field.section or "") if field else None
        hot = "".join(f"{word}, " for word in self._prompts.hot_words)
        return (hot + (own or self._prompts.style), self._prompts.fallback, None)

    def _nobody_spoke(self, reading: Reading) -> bool:
        if reading.silence > _NO_SPEECH and reading.score < _UNSURE:
            return True
        return guard.is_phantom(reading.text, self._prompts.phantoms)
