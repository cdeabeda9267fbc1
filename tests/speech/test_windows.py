"""Packing segments into windows, and the way back to the recording's clock."""

from __future__ import annotations

import numpy as np
import pytest

from dictation.audio.endpointing import SpeechSegment
from dictation.speech.transcript import Word
from dictation.speech.utterances import UtteranceBuilder
from dictation.speech.windows import Window, WindowAssembler


def segment(start: float, end: float, lead: float = 0.5, tail: float = 0.25, pause: bool = True) -> SpeechSegment:
    """Sound from start to end; the voice begins `lead` after it and ends `tail` before it."""
    samples = np.zeros(round((end - start) * 16_000), dtype=np.float32)
    return SpeechSegment(samples, start, start + lead, end - tail, pause)


# Two segments, 2 s each, joined: window 0–2 is 10–12 of the recording, window 2–4 is 20–22.
WINDOW = Window((segment(10, 12), segment(20, 22)))


def test_a_window_holds_its_segments_end_to_end() -> None:
    assert WINDOW.seconds == 4.0
    assert len(WINDOW.samples) == 64_000


@pytest.mark.parametrize(
    ("start", "end", "number", "on_recording"),
    [
        (0.6, 1.0, 0, (10.6, 11.0)),
        (0.0, 1.0, 0, (10.5, 11.0)),  # silence before the voice is not part of the word
        (1.5, 2.2, 0, (11.5, 11.75)),  # nor the silence after it
        (2.4, 3.0, 1, (20.5, 21.0)),
        (1.6, 2.6, 0, (11.6, 11.75)),  # 0.15 s in the first voice, 0.1 s in the second
        (1.9, 2.3, 0, (11.75, 11.75)),  # between the voices: 0.15 s from the first, 0.2 s from the second
    ],
)
def test_words_find_their_segment_and_time(
    start: float, end: float, number: int, on_recording: tuple[float, float]
) -> None:
    assert WINDOW.place(start, end) == number
    times = (WINDOW.to_recording(number, start), WINDOW.to_recording(number, end))
    assert times == pytest.approx(on_recording)


def test_windows_are_packed_up_to_the_limit() -> None:
    assembler = WindowAssembler(5.0)
    given = [segment(0, 2), segment(3, 6), segment(7, 8), segment(10, 20), segment(21, 22)]
    windows = [window for one in given for window in assembler.add(one)] + list(assembler.finish())
    assert [[one.start for one in window.segments] for window in windows] == [[0, 3], [7], [10], [21]]
    assert list(assembler.finish()) == []


def words(*texts: str) -> list[Word]:
    return [Word(text, 0.0, 1.0, 0.9) for text in texts]


def test_utterances_end_at_pauses_not_at_cuts() -> None:
    builder = UtteranceBuilder(0.7)
    # The first is cut while speech goes on, the third is cut and silence follows that nobody closed.
    given = [
        (segment(0, 8, pause=False), words("раз")),
        (segment(8, 12, lead=0.1), words("два")),
        (segment(13, 21, pause=False), words("три")),
        (segment(25, 26), words("четыре", "пять")),
    ]
    texts = [utterance.text for one, said in given for utterance in builder.add(one, said)]
    assert texts + [utterance.text for utterance in builder.finish()] == ["раз два", "три", "четыре пять"]


def test_a_segment_without_words_gives_no_utterance() -> None:
    builder = UtteranceBuilder(0.7)
    assert list(builder.add(segment(0, 2), [])) == []
    assert list(builder.finish()) == []
