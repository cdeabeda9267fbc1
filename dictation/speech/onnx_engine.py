"""Models of GigaAM, T-one and Vosk 0.5x through onnx-asr: a directory that the user put in place, never a network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
from onnx_asr.loader import Manager

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import DEFAULT, Endpointing
from dictation.errors import ModelError
from dictation.speech.onnx_directory import identify
from dictation.speech.onnx_words import SpokenToken, SpokenWord, words_of
from dictation.speech.processors import cores
from dictation.speech.recogniser import ActiveField, ModelInfo
from dictation.speech.segment_stream import Glimpse, SegmentStream
from dictation.speech.workers import DecodeWorkers

# onnxruntime's own warnings and errors stay unprinted: what goes wrong is said by this program, in one line.
_FATAL = 4


class OnnxRecogniser:
    """A loaded ONNX model. Raises ModelError where the directory is not one that can be loaded and run."""

    def __init__(self, directory: Path, info: ModelInfo, endpointing: Endpointing = DEFAULT) -> None:
        self.info = info
        self._endpointing = endpointing
        self._workers = DecodeWorkers(1)
        model = identify(directory)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = cores()
        options.log_severity_level = _FATAL
        try:
            # Not onnx_asr.load_model: that asks a hub for the model where the directory is not there (any more).
            manager = Manager(options, ["CPUExecutionProvider"])
            loaded = manager.create_asr(model.kind, directory, quantization=model.quantization, offline=True)
            self._model = loaded.with_timestamps()
            self.hear(np.zeros(RATE, dtype=np.float32))
        except Exception as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise ModelError(
                f"{directory}: the ONNX model ({model.kind}) cannot be run ({reason}); get its files again"
            ) from error

    def stream(self, live: bool = False) -> SegmentStream:
        return SegmentStream(self, self._workers.lane(), self._endpointing, live)

    def glimpse(self, samples: Samples, field: ActiveField | None) -> Glimpse:
        """What an open segment sounds like so far, read as a final is."""
        words = [word.text for word in self.hear(samples, field)]
        return Glimpse(" ".join(words), sure=len(words))

    def hear(self, samples: Samples, _field: ActiveField | None = None) -> list[SpokenWord]:
        """The words of a stretch of speech of up to 25 s, with times from its start."""
        heard = self._model.recognize(samples)
        if heard.tokens is None or heard.timestamps is None or heard.logprobs is None:
            raise ModelError(f"{self.info.model}: the model gives no times or no probabilities of its words")
        return words_of(
            [SpokenToken(*token) for token in zip(heard.tokens, heard.timestamps, heard.logprobs, strict=True)]
        )
