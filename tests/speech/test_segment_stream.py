"""When a stream reads what: partials rest, and keep out of the way of finals. The reader is told what to say."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from dictation.audio.blocks import RATE, Samples
from dictation.audio.endpointing import CHUNK, DEFAULT
from dictation.speech.recogniser import ActiveField, Partial
from dictation.speech.segment_stream import Glimpse, SegmentStream
from dictation.speech.transcript import Utterance
from dictation.speech.workers import DecodeWorkers
from tests.support import samples_of


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    start: float
    end: float
    confidence: float | None = 0.9


@dataclass
class Reader:
    """Says one word to every stretch, and notes the length of what it was given, in seconds, and when a glimpse of it
    began and ended."""

    takes: float = 0.0
    seen: Glimpse = field(default_factory=lambda: Glimpse("да", 1))
    finals: list[float] = field(default_factory=list)
    glimpses: list[float] = field(default_factory=list)
    times: list[tuple[float, float]] = field(default_factory=list)

    def hear(self, samples: Samples, _field: ActiveField | None) -> list[Said]:
        self.finals.append(len(samples) / RATE)
        return [Said("да", 0.6, 0.9)]

    def glimpse(self, samples: Samples, _field: ActiveField | None) -> Glimpse:
        begun = time.monotonic()
        self.glimpses.append(len(samples) / RATE)
        time.sleep(self.takes)
        self.times.append((begun, time.monotonic()))
        return self.seen


@pytest.fixture(scope="module")
def speech(recording: Path) -> Samples:
    """Three seconds from the middle of a dictation."""
    return samples_of(recording)[16_000 * 10 : 16_000 * 13]


def play(
    reader: Reader, sound: Samples, after_block: Callable[[], object] = lambda: time.sleep(0.004)
) -> list[Partial | Utterance]:
    stream = SegmentStream(reader, DecodeWorkers(2).lane(), DEFAULT, live=True)
    events: list[Partial | Utterance] = []
    for start in range(0, len(sound), CHUNK):
        events += stream.accept(sound[start : start + CHUNK])
        after_block()
    return [*events, *stream.finish()]


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def test_a_final_is_read_once_and_early(speech: Samples) -> None:
    """The reading that is begun when silence falls is the final; it holds the speech with what is kept around it."""
    reader = Reader()
    events = play(reader, np.concatenate([silence(1), speech, silence(2)]))
    (final,) = [event for event in events if isinstance(event, Utterance)]
    assert final.text == "да"
    # A dip within the speech may have been taken for its end, in vain.
    whole = [seconds for seconds in reader.finals if seconds == pytest.approx(0.5 + 3.0 + 0.25, abs=0.4)]
    assert len(whole) == 1


def test_partials_stop_when_silence_falls(speech: Samples) -> None:
    reader = Reader()
    play(reader, np.concatenate([silence(1), speech, silence(2)]))
    assert len(reader.glimpses) >= 3
    assert max(reader.glimpses) <= 0.5 + 3.0 + 0.15


@pytest.mark.parametrize("sure", [0, 2, 4])
def test_what_the_model_is_sure_of_becomes_stable(speech: Samples, sure: int) -> None:
    """Six seconds hold three readings that count; the last word never does."""
    reader = Reader(seen=Glimpse("жалобы на сухой кашель", sure))
    events = play(reader, np.concatenate([silence(1), speech, speech]))
    partials = [event for event in events if isinstance(event, Partial)]
    assert {partial.text for partial in partials} == {"жалобы на сухой кашель"}
    assert partials[0].stable == 0
    assert max(partial.stable for partial in partials) == min(sure, 3)


def test_after_a_partial_the_model_rests_as_long_as_it_took(speech: Samples) -> None:
    reader = Reader(takes=0.2)
    # Speech that is not parted: where a segment ends, what is being read of it is dropped and not rested from.
    play(reader, np.concatenate([silence(1), speech, silence(2)]), lambda: time.sleep(0.03))
    assert len(reader.times) >= 2
    for (begun, ended), (next_begun, _) in pairwise(reader.times):
        assert next_begun - ended >= 0.5 * (ended - begun)
