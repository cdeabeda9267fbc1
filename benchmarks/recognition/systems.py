"""Those who listen: plain faster-whisper, and this product before and after it has put words right."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from faster_whisper import WhisperModel

from dictation.audio.blocks import RATE, Samples
from dictation.grammar.numerals import numerals
from dictation.grammar.orthography import orthography
from dictation.grammar.terms import terms
from dictation.language.agreement import Agreement
from dictation.language.glued import Glued
from dictation.language.inflection import inflection
from dictation.language.lexicon import lexicon
from dictation.language.mending import Mending
from dictation.language.numerals import Numerals
from dictation.language.respelling import Respeller
from dictation.language.tokens import Tokeniser
from dictation.language.written import Token, join
from dictation.speech import weights
from dictation.speech.catalogue import entries
from dictation.speech.engines import open_recogniser
from dictation.speech.processors import cores
from dictation.speech.transcript import Transcript, Utterance

LANGUAGE = "ru"
_BLOCK = RATE // 2


class System(Protocol):
    """Hears a recording; each of its texts goes into a column of its own."""

    def hear(self, samples: Samples) -> Iterator[tuple[str, str]]:
        """Column and text."""


class PlainWhisper:
    """faster-whisper with the embedded weights, as its documentation starts: beam 5, everything else by default."""

    def __init__(self) -> None:
        self._model = WhisperModel(
            str(weights.joined(entries()[0])), device="cpu", compute_type="int8", cpu_threads=cores()
        )

    def hear(self, samples: Samples) -> Iterator[tuple[str, str]]:
        segments, _ = self._model.transcribe(samples, language=LANGUAGE, beam_size=5)
        yield "faster-whisper", " ".join(segment.text.strip() for segment in segments)


class Product:
    """The recogniser of an engine, and the words after broken numbers and misheard terms have been put right."""

    def __init__(self, engine: str | None) -> None:
        self._recogniser = open_recogniser(engine, LANGUAGE)
        self._name = f"product, {self._recogniser.info.model}"
        words = Numerals(numerals(LANGUAGE))
        self._tokenise = Tokeniser(orthography(LANGUAGE), words.is_cardinal)
        self._part_glued = Glued(terms(LANGUAGE), lexicon(LANGUAGE), inflection(LANGUAGE))
        self._mend = Mending(numerals(LANGUAGE), words, inflection(LANGUAGE).known)
        self._respell = Respeller(LANGUAGE)
        self._agree = Agreement(LANGUAGE)

    def hear(self, samples: Samples) -> Iterator[tuple[str, str]]:
        transcript = Transcript.from_utterances(self._utterances(samples))
        yield self._name, transcript.text
        yield f"{self._name}, respelled", join(self._put_right(transcript))

    def _put_right(self, transcript: Transcript) -> list[Token]:
        """As the writer does, but for what it carries out (corrections, commands): the reference holds that."""
        tokens = self._part_glued(self._mend(self._tokenise(transcript)))
        return self._agree(self._respell(tokens, transcript), transcript)

    def _utterances(self, samples: Samples) -> Iterator[Utterance]:
        stream = self._recogniser.stream()
        for start in range(0, len(samples), _BLOCK):
            events = stream.accept(samples[start : start + _BLOCK])
            yield from (event for event in events if isinstance(event, Utterance))
        yield from stream.finish()
