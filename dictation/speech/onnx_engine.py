"""Models of GigaAM, T-one and Vosk 0.5x through onnx-asr: a directory that the user put in place, never a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx_asr
import onnxruntime

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import DEFAULT, Endpointer, Endpointing, SpeechSegment
from dictation.errors import ModelError
from dictation.speech.onnx_directory import identify
from dictation.speech.onnx_words import SpokenToken, SpokenWord, words_of
from dictation.speech.processors import cores
from dictation.speech.recogniser import ModelInfo, Partial
from dictation.speech.transcript import Utterance, Word
from dictation.speech.utterances import UtteranceBuilder
from dictation.speech.windows import Window

# onnxruntime's own warnings and errors stay unprinted: what goes wrong is said by this program, in one line.
_FATAL = 4


class OnnxRecogniser:
    """A loaded ONNX model. Raises ModelError where the directory is not one that can be loaded and run."""

    def __init__(self, directory: Path, info: ModelInfo, endpointing: Endpointing = DEFAULT) -> None:
        self.info = info
        self._endpointing = endpointing
        model = identify(directory)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cores()
        options.log_severity_level = _FATAL
        try:
            # The name alone would be looked up in a hub; with the path of a directory that is there nothing is.
            self._model = onnx_asr.load_model(
                model.kind,
                directory,
                quantization=model.quantization,
                sess_options=options,
                providers=["CPUExecutionProvider"],
            ).with_timestamps()
            self.hear(np.zeros(RATE, dtype=np.float32))
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise ModelError(
                f"{directory}: the ONNX model ({model.kind}) cannot be run ({reason}); get its files again"
            ) from error

    def stream(self) -> OnnxStream:
        return OnnxStream(self, self._endpointing)

    def hear(self, samples: Samples) -> list[SpokenWord]:
        """The words of a stretch of speech of up to 25 s, with times from its start."""
        heard = self._model.recognize(samples)
        if heard.tokens is None or heard.timestamps is None or heard.logprobs is None:
            raise ModelError(f"{self.info.model}: the model gives no times or no probabilities of its words")
        return words_of(
            [SpokenToken(*token) for token in zip(heard.tokens, heard.timestamps, heard.logprobs, strict=True)]
        )


class OnnxStream:
    """One recording. A stretch of speech is decoded as soon as it has ended."""

    def __init__(self, recogniser: OnnxRecogniser, endpointing: Endpointing) -> None:
        self._recogniser = recogniser
        self._endpointer = Endpointer(endpointing)
        self._utterances = UtteranceBuilder(endpointing.silence)

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        return iter([final for segment in self._endpointer.accept(block) for final in self._decode(segment)])

    def finish(self) -> Iterator[Utterance]:
        finals = [final for segment in self._endpointer.finish() for final in self._decode(segment)]
        return iter([*finals, *self._utterances.finish()])

    def _decode(self, segment: SpeechSegment) -> Iterator[Utterance]:
        window = Window((segment,))
        words = [
            Word(
                word.text,
                round(window.to_recording(0, word.start), 2),
                round(window.to_recording(0, word.end), 2),
                round(word.confidence, 3),
            )
            for word in self._recogniser.hear(window.samples)
        ]
        yield from self._utterances.add(segment, words)
