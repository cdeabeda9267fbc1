"""Whisper through CTranslate2: windows of speech in, words with times and confidences out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as Vocabulary

from dictation.audio.blocks import RATE, Samples
from dictation.speech.processors import cores
from dictation.speech.reduced import Tokens, files, unusable
from dictation.speech.vocabulary import needed_tokens, suppressed_tokens

_HOP = 160  # samples between two frames of the spectrogram
_TOKENS_PER_SECOND = 50  # one position of the encoder is 20 ms
# A quick reading's word is believed where each of its tokens is more likely than all others together.
_SURE = 0.5
_MAX_FRAMES = 3000  # the encoder knows 30 s and no more


@dataclass(frozen=True, slots=True)
class WhisperSettings:
    """How Whisper decodes. At least `padding` seconds of silence follow the speech: without them short windows loop.
    A window is a whole number of `grid` seconds, for oneDNN compiles for every length it meets, and keeps of it a
    megabyte (see `memory`)."""

    beam_size: int = 5
    padding: float = 3.0
    grid: float = 1.0
    patience: float = 1.0
    tokens_per_second: float = 12.0


DEFAULT = WhisperSettings()


@dataclass(frozen=True, slots=True)
class Reading:
    """One way a window was read. `score` is the mean log probability of its tokens; `sure`, of a quick reading only,
    counts the words at its beginning that the model is sure of."""

    tokens: tuple[int, ...]
    text: str
    score: float
    silence: float
    sure: int = 0


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word with its times in the window and the probability of its tokens."""

    text: str
    start: float
    end: float
    confidence: float

    def later(self, seconds: float) -> HeardWord:
        """The same word on a clock that began earlier."""
        return replace(self, start=self.start + seconds, end=self.end + seconds)

    def until(self, time: float) -> HeardWord:
        """The same word, at an end where another begins."""
        return replace(self, end=min(self.end, time))


@dataclass(frozen=True, slots=True)
class Encoded:
    """A window after the encoder: decoded as often as needed."""

    features: Any
    seconds: float


class WhisperDecoder:
    """The model itself. The same window gives the same words: nothing is sampled. `side_by_side` windows can be read
    at a time, each from a thread of its own, and one more for a quick look."""

    def __init__(self, directory: Path, language: str, alphabet: str, settings: WhisperSettings = DEFAULT) -> None:
        self._settings = settings
        self.side_by_side = cores()
        self._tokenizer = Tokenizer(_vocabulary(directory), True, task="transcribe", language=language)
        self._tokens = Tokens(needed_tokens(self._tokenizer, alphabet))
        self._suppressed = self._tokens.reduced(suppressed_tokens(self._tokenizer, alphabet))
        try:
            self._model = WhisperModel(
                str(directory),
                device="cpu",
                compute_type="int8",
                # A thread a window: reading does not gain from more, and windows are read side by side.
                cpu_threads=1,
                num_workers=cores() + 1,
                local_files_only=True,
                files=files(directory, self._tokens),
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise unusable(directory, error) from error

    def encode(self, samples: Samples) -> Encoded:
        """The window's spectrogram, followed by silence, through the encoder. At most 30 s."""
        seconds = len(samples) / RATE + self._settings.padding
        frames = min(round(math.ceil(seconds / self._settings.grid) * self._settings.grid * RATE / _HOP), _MAX_FRAMES)
        padded = np.pad(samples[: frames * _HOP], (0, max(frames * _HOP - len(samples), 0)))
        spectrogram = self._model.feature_extractor(padded, padding=_HOP)
        return Encoded(self._model.encode(spectrogram[:, :frames]), len(samples) / RATE)

    def read(self, window: Encoded, prompt: str | None, quick: bool = False) -> Reading:
        """Decodes with a prompt; `quick` takes the likeliest token at each step."""
        start = self._start(prompt)
        limit = len(start) + round(window.seconds * self._settings.tokens_per_second) + 10
        result = self._model.model.generate(
            window.features,
            [self._tokens.reduced(start)],
            beam_size=1 if quick else self._settings.beam_size,
            patience=self._settings.patience,
            max_length=min(limit, self._model.max_length),
            suppress_blank=True,
            suppress_tokens=self._suppressed,
            return_scores=True,
            return_no_speech_prob=True,
            return_logits_vocab=quick,
        )[0]
        tokens = tuple(self._tokens.full(result.sequences_ids[0]))
        text = self._tokenizer.decode(tokens).strip()
        sure = self._sure(tokens, result.logits[0]) if quick else 0
        return Reading(tokens, text, result.scores[0], result.no_speech_prob, sure)

    def words(self, window: Encoded, reading: Reading, prompt: str | None) -> list[HeardWord]:
        """Where in the window each word of a reading was spoken, from the decoder's attention."""
        text = [token for token in reading.tokens if token < self._tokenizer.eot]
        if not text:
            return []
        frames = min(round(window.seconds * RATE / _HOP) + 50, _MAX_FRAMES)
        start, said = self._tokens.reduced(self._start(prompt)[:-1]), self._tokens.reduced(text)
        aligned = self._model.model.align(window.features, start, [said], frames)[0]
        starts = _token_starts(aligned.alignments)
        return [_heard_word(pieces, starts, aligned.text_token_probs) for pieces in self._words_of(text)]

    def _sure(self, tokens: tuple[int, ...], logits: list[Any]) -> int:
        text = [token for token in tokens if token < self._tokenizer.eot]
        # Behind the last token of the text is the one that ends it.
        numbers = zip(logits, self._tokens.reduced(text), strict=False)
        likely = [_probability(np.array(row), number) for row, number in numbers]
        words = self._words_of(text)
        unsure = (at for at, pieces in enumerate(words) if min(likely[slice(*_spoken(pieces))]) < _SURE)
        return next(unsure, len(words))

    def _words_of(self, tokens: list[int]) -> list[list[tuple[str, int, int]]]:
        """Tokens grouped into words: what lies between two spaces. Each piece is (text, first token, end token)."""
        texts, groups = self._tokenizer.split_tokens_on_unicode(tokens)
        words: list[list[tuple[str, int, int]]] = []
        position = 0
        for text, group in zip(texts, groups, strict=True):
            piece = (text, position, position + len(group))
            position += len(group)
            if not words or text.startswith(" "):
                words.append([piece])
            else:
                words[-1].append(piece)
        return [word for word in words if any(text.strip() for text, _, _ in word)]

    def _start(self, prompt: str | None) -> list[int]:
        tokens: list[int] = []
        if prompt:
            spoken = self._tokenizer.encode(" " + prompt.strip())
            tokens = [self._tokenizer.sot_prev, *spoken[-(self._model.max_length // 2 - 1) :]]
        return [*tokens, *self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]


def _vocabulary(directory: Path) -> Vocabulary:
    try:
        return Vocabulary.from_file(str(directory / "tokenizer.json"))
    except Exception as error:  # the library raises nothing narrower
        raise unusable(directory, error) from error


def _token_starts(alignments: list[tuple[int, int]]) -> list[float]:
    """Seconds at which the attention first reaches each text token; one more entry ends the last token."""
    starts: list[float] = []
    for token, position in alignments:
        if token == len(starts):
            starts.append(position / _TOKENS_PER_SECOND)
    return starts


def _spoken(pieces: list[tuple[str, int, int]]) -> tuple[int, int]:
    """First and end token of a word without the marks around it."""
    spoken = [piece for piece in pieces if any(sign.isalnum() for sign in piece[0])] or pieces
    return spoken[0][1], spoken[-1][2]


def _probability(logits: npt.NDArray[np.float32], number: int) -> float:
    """Of one token, among all that could stand there."""
    powers = np.exp(logits.ravel() - logits.max())
    return float(powers[number] / powers.sum())


def _heard_word(pieces: list[tuple[str, int, int]], starts: list[float], probabilities: list[float]) -> HeardWord:
    first, end = _spoken(pieces)
    return HeardWord(
        text="".join(text for text, _, _ in pieces).strip(),
        start=starts[first],
        end=starts[min(end, len(starts) - 1)],
        confidence=float(np.mean(probabilities[first:end])),
    )
