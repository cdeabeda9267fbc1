"""Vosk (Kaldi): any model directory of that engine, streaming, with phrase lists where only some words are meant."""

from __future__ import annotations

import ctypes
import json
import sys
import threading
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import numpy as np
import vosk

from dictation.audio.blocks import RATE, BlockBuffer, Samples
from dictation.audio.endpointing import CHUNK, DEFAULT, Endpointing, VoiceDetector
from dictation.errors import ModelError
from dictation.speech.recogniser import END_OF_UTTERANCE, ActiveField, ModelInfo, Partial
from dictation.speech.transcript import Utterance, Word
from dictation.speech.utterances import utterance

# Below Kaldi's own errors: what goes wrong is said by this program, in one line.
_QUIET = -3
# What stands for any other word in a phrase list.
_UNKNOWN = "[unk]"
# Samples that Kaldi is given at once, 128 ms: always as many, so that the words do not depend on the source's blocks.
_STEP = 4 * CHUNK
# One at a time: whoever draws noise from the process's only generator would leave others another.
_DITHER = threading.Lock()
# Kaldi's word times may lie this far from the voice detector's, seconds.
_TOLERANCE = 0.25


class VoskRecogniser:
    """A loaded Vosk model. Raises ModelError where the directory is not one that can be loaded."""

    def __init__(self, directory: Path, info: ModelInfo, endpointing: Endpointing = DEFAULT) -> None:
        self.info = info
        self._endpointing = endpointing
        vosk.SetLogLevel(_QUIET)
        try:
            self._model = vosk.Model(str(directory))
        except Exception as error:
            raise ModelError(
                f"{directory}: the Vosk model is broken or incomplete; download it again and install it anew"
            ) from error
        self._narrows = any(directory.rglob("HCLr.fst"))

    def stream(self, live: bool = False) -> VoskStream:
        return VoskStream(self, self._endpointing, live)

    def kaldi(self, phrases: Sequence[str]) -> vosk.KaldiRecognizer:
        """A recogniser of these phrases alone, anything else left out; of all words where none are given, where the
        model knows the words of none, or where its vocabulary cannot be narrowed."""
        known = [
            phrase for phrase in phrases if all(self._model.vosk_model_find_word(w) >= 0 for w in phrase.split())
        ]
        if not (known and self._narrows):
            return vosk.KaldiRecognizer(self._model, RATE)
        return vosk.KaldiRecognizer(self._model, RATE, json.dumps([*known, _UNKNOWN], ensure_ascii=False))


class VoskStream:
    """One recording or session. Finals end where Kaldi's endpointer or a pause ends them, by the active field."""

    def __init__(self, recogniser: VoskRecogniser, endpointing: Endpointing, live: bool) -> None:
        self._recogniser = recogniser
        self._endpointing = endpointing
        self._live = live
        self._steps = BlockBuffer(_STEP)
        self._taken = 0
        self._shown = ""
        self._field: ActiveField | None = None
        self._ears: dict[tuple[str, ...], _Ear] = {}
        self._listen(endpointing.silence, ())

    @property
    def behind(self) -> float:
        """Never: whoever gives sound waits for Kaldi."""
        return 0.0

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        return iter([event for step in self._steps.add(block) for event in self._step(step)])

    def focus(self, field: ActiveField | None) -> Iterator[Partial | Utterance]:
        finals = self._end()
        self._field = field
        self._listen(END_OF_UTTERANCE[field.kind if field else "other"], field.phrases if field else ())
        return iter(finals)

    def remember(self, utterances: Sequence[Utterance]) -> None:
        """Nothing: Kaldi's words depend on all that it heard before them."""

    def finish(self) -> Iterator[Utterance]:
        return iter(self._end())

    def _listen(self, silence: float, phrases: Sequence[str]) -> None:
        """Begins anew on the same clock. A recogniser is kept for every phrase list: a new one takes a second of work
        at its first words."""
        self._silence = silence
        known = tuple(phrases)
        if known not in self._ears:
            self._ears[known] = _Ear(self._recogniser.kaldi(known))
        self._ear = self._ears[known]
        self._ear_began = (self._taken - self._ear.taken) / RATE
        self._began = self._taken / RATE
        self._voice = _VoiceTrace(self._endpointing)

    def _step(self, step: Samples) -> list[Partial | Utterance]:
        self._voice.accept(step)
        with _DITHER:
            _seed_dither(self._taken // _STEP)
            ended = self._ear.accept(step)
        self._taken += len(step)
        if ended:
            self._shown = ""
            return [*self._utterances(self._ear.kaldi.Result())]
        if self._shown and self._voice.silent_for() >= self._silence:
            self._shown = ""
            return [*self._utterances(self._ear.kaldi.FinalResult())]
        return [*self._partial()]

    def _end(self) -> list[Utterance]:
        rest = self._steps.rest()
        finals = [event for event in self._step(rest) if isinstance(event, Utterance)] if len(rest) else []
        self._voice.finish()
        self._shown = ""
        return [*finals, *self._utterances(self._ear.kaldi.FinalResult())]

    def _partial(self) -> list[Partial]:
        text = json.loads(self._ear.kaldi.PartialResult()).get("partial", "")
        if not text or text == self._shown:
            return []
        before, self._shown = self._shown.split(), text
        words = text.split()
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(before, words, strict=False)))
        return [Partial(text, stable=max(same - 1, 0))] if self._live else []

    def _utterances(self, result: str) -> list[Utterance]:
        """The words of a result, split at pauses, without those heard where nobody spoke."""
        groups: list[list[Word]] = []
        for heard in json.loads(result).get("result", []):
            start, end = heard["start"] + self._ear_began, heard["end"] + self._ear_began
            word = Word(heard["word"], round(start, 2), round(end, 2), round(heard["conf"], 3))
            if word.text == _UNKNOWN or not self._voice.spoken(start - self._began, end - self._began):
                continue
            previous = groups[-1][-1].end if groups else None
            if previous is None or start - previous >= self._silence:
                groups.append([])
            groups[-1].append(word)
        return [utterance(words, self._field.key if self._field else None) for words in groups]


class _Ear:
    """A Kaldi recogniser and the samples that it has taken: its times count from its own first one."""

    def __init__(self, kaldi: vosk.KaldiRecognizer) -> None:
        self.kaldi = kaldi
        self.kaldi.SetWords(True)
        self.taken = 0

    def accept(self, samples: Samples) -> bool:
        """Whether Kaldi takes the utterance to have ended."""
        self.taken += len(samples)
        return bool(self.kaldi.AcceptWaveform(_pcm(samples)))


class _VoiceTrace:
    """Which chunks of the stream the voice detector called speech."""

    def __init__(self, endpointing: Endpointing) -> None:
        self._detector = VoiceDetector(endpointing)
        self._voiced = bytearray()

    def accept(self, block: Samples) -> None:
        self._voiced.extend(chunk.voiced for chunk in self._detector.accept(block))

    def finish(self) -> None:
        self._voiced.extend(chunk.voiced for chunk in self._detector.finish())

    def silent_for(self) -> float:
        """Seconds since somebody spoke."""
        return (len(self._voiced) - 1 - self._voiced.rfind(1)) * CHUNK / RATE

    def spoken(self, start: float, end: float) -> bool:
        """Whether there was speech between two times, give or take the engines' disagreement."""
        first = max(int((start - _TOLERANCE) * RATE / CHUNK), 0)
        return any(self._voiced[first : int((end + _TOLERANCE) * RATE / CHUNK) + 1])


def _seed_dither(number: int) -> None:
    """Kaldi adds noise from the C library's generator to every block; seeded, the same sound gives the same words."""
    ctypes.CDLL("msvcrt" if sys.platform == "win32" else None).srand(number)


def _pcm(block: Samples) -> bytes:
    return (np.clip(block, -1.0, 1.0) * 32767).astype(np.int16).tobytes()
