"""A recogniser that hears nothing: its words come from texts, in their order, as many as the speech is long."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import DEFAULT
from dictation.speech.recogniser import ActiveField, ModelInfo
from dictation.speech.segment_stream import Glimpse, SegmentStream
from dictation.speech.whisper import HeardWord
from dictation.speech.workers import DecodeWorkers

# Words a second of voice, as in the dictations of the evaluation data.
_PACE = 2.0
_SPOKEN = 0.8
_SURE = 0.9


class ScriptedRecogniser:
    """Everything of a dictation is real but the model: sound, voice activity, segments, finals. No partials."""

    info = ModelInfo("scripted", "texts", None)

    def __init__(self, texts: Iterable[str]) -> None:
        self._words = itertools.cycle([word for text in texts for word in text.split()])
        self._workers = DecodeWorkers(1)

    def stream(self, live: bool = False) -> SegmentStream:
        return SegmentStream(self, self._workers.lane(), DEFAULT, live)

    def hear(self, samples: Samples, field: ActiveField | None) -> Sequence[HeardWord]:  # noqa: ARG002 - the protocol's
        seconds = len(samples) / RATE
        count = max(round(_PACE * seconds), 1)
        step = seconds / count
        return [HeardWord(next(self._words), n * step, (n + _SPOKEN) * step, _SURE) for n in range(count)]

    def glimpse(self, samples: Samples, field: ActiveField | None) -> Glimpse:  # noqa: ARG002 - the protocol's
        return Glimpse("", 0)
