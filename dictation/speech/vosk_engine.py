"""Vosk (Kaldi): any model directory of that engine, streaming, with phrase lists where only some words are meant."""

from __future__ import annotations

import ctypes
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import vosk

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import CHUNK, DEFAULT, Endpointing, VoiceDetector
from dictation.errors import ModelError, UsageError
from dictation.speech.recogniser import ModelInfo, Partial
from dictation.speech.transcript import Utterance, Word
from dictation.speech.utterances import utterance

# Below Kaldi's own errors: what goes wrong is said by this program, in one line.
_QUIET = -3
# What stands for any other word in a phrase list.
_UNKNOWN = "[unk]"
# Kaldi's word times may lie this far from the voice detector's, seconds.
_TOLERANCE = 0.25


class VoskRecogniser:
    """A loaded Vosk model. Raises ModelError where the directory is not one that can be loaded."""

    def __init__(self, directory: Path, info: ModelInfo, endpointing: Endpointing = DEFAULT) -> None:
        self.info = info
        self._directory = directory
        self._endpointing = endpointing
        vosk.SetLogLevel(_QUIET)
        try:
            self._model = vosk.Model(str(directory))
        except Exception as error:
            raise ModelError(
                f"{directory}: the Vosk model is broken or incomplete; download it again and install it anew"
            ) from error

    def stream(self, phrases: Sequence[str] = ()) -> VoskStream:
        """A new stream. Where `phrases` are given only they can be heard, anything else is left out.

        Raises UsageError where the model has no word for a phrase, or its vocabulary cannot be narrowed.
        """
        if not phrases:
            return VoskStream(vosk.KaldiRecognizer(self._model, RATE), self._endpointing)
        self._check_phrases(phrases)
        grammar = json.dumps([*phrases, _UNKNOWN], ensure_ascii=False)
        return VoskStream(vosk.KaldiRecognizer(self._model, RATE, grammar), self._endpointing)

    def _check_phrases(self, phrases: Sequence[str]) -> None:
        if not any(self._directory.rglob("HCLr.fst")):
            raise UsageError(f"{self.info.model}: this model cannot be narrowed to a list of phrases")
        words = {word for phrase in phrases for word in phrase.split()}
        unknown = sorted(word for word in words if self._model.vosk_model_find_word(word) < 0)
        if unknown:
            raise UsageError(f"{self.info.model}: the model does not know these words: {', '.join(unknown)}")


class VoskStream:
    """One recording or session. Finals end where Kaldi's endpointer or a pause ends them."""

    def __init__(self, kaldi: vosk.KaldiRecognizer, endpointing: Endpointing) -> None:
        kaldi.SetWords(True)
        self._kaldi = kaldi
        self._silence = endpointing.silence
        self._voice = _VoiceTrace(endpointing)
        self._shown = ""
        self._blocks = 0

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        self._voice.accept(block)
        _seed_dither(self._blocks)
        self._blocks += 1
        if self._kaldi.AcceptWaveform(_pcm(block)):
            self._shown = ""
            return iter(self._utterances(self._kaldi.Result()))
        return iter(self._partial())

    def finish(self) -> Iterator[Utterance]:
        self._voice.finish()
        return iter(self._utterances(self._kaldi.FinalResult()))

    def _partial(self) -> list[Partial]:
        text = json.loads(self._kaldi.PartialResult()).get("partial", "")
        if not text or text == self._shown:
            return []
        self._shown = text
        return [Partial(text)]

    def _utterances(self, result: str) -> list[Utterance]:
        """The words of a result, split at pauses, without those heard where nobody spoke."""
        groups: list[list[Word]] = []
        for heard in json.loads(result).get("result", []):
            word = Word(heard["word"], round(heard["start"], 2), round(heard["end"], 2), round(heard["conf"], 3))
            if word.text == _UNKNOWN or not self._voice.spoken(heard["start"], heard["end"]):
                continue
            previous = groups[-1][-1].end if groups else None
            if previous is None or heard["start"] - previous >= self._silence:
                groups.append([])
            groups[-1].append(word)
        return [utterance(words) for words in groups]


class _VoiceTrace:
    """Which chunks of the stream the voice detector called speech."""

    def __init__(self, endpointing: Endpointing) -> None:
        self._detector = VoiceDetector(endpointing)
        self._voiced = bytearray()

    def accept(self, block: Samples) -> None:
        self._voiced.extend(chunk.voiced for chunk in self._detector.accept(block))

    def finish(self) -> None:
        self._voiced.extend(chunk.voiced for chunk in self._detector.finish())

    def spoken(self, start: float, end: float) -> bool:
        """Whether there was speech between two times, give or take the engines' disagreement."""
        first = max(int((start - _TOLERANCE) * RATE / CHUNK), 0)
        return any(self._voiced[first : int((end + _TOLERANCE) * RATE / CHUNK) + 1])


def _seed_dither(number: int) -> None:
    """Kaldi adds noise from the C library's generator to every block; seeded, the same sound gives the same words."""
    ctypes.CDLL("msvcrt" if sys.platform == "win32" else None).srand(number)


def _pcm(block: Samples) -> bytes:
    return (np.clip(block, -1.0, 1.0) * 32767).astype(np.int16).tobytes()
