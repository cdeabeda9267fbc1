"""Which utterance was heard in which segment, when the sound comes again."""

from __future__ import annotations

import numpy as np

from dictation.audio.endpointing import SpeechSegment
from dictation.speech.remembered import Remembered
from dictation.speech.transcript import Utterance


def segment(start: float, end: float) -> SpeechSegment:
    """With a tenth of a second of silence at both ends."""
    samples = np.zeros(round((end - start + 0.2) * 16_000), dtype=np.float32)
    return SpeechSegment(samples, start - 0.1, start, end, pause_follows=True)


def said(text: str, start: float | None, end: float | None) -> Utterance:
    return Utterance(text, (), start, end)


def test_each_segment_gets_what_was_heard_in_it() -> None:
    remembered = Remembered()
    first, second = said("жалобы на кашель", 1.0, 2.5), said("давление", 4.01, 5.0)
    remembered.put([first, second])
    assert remembered.of(segment(1.0, 2.504)) == first
    assert remembered
    # Nothing was heard here, or it was not kept: to be heard anew, and nothing is used up.
    assert remembered.of(segment(2.9, 3.4)) is None
    assert remembered.of(segment(4.014, 5.0)) == second
    assert not remembered
    assert remembered.of(segment(6.0, 7.0)) is None


def test_sound_that_was_parted_otherwise_is_heard_anew() -> None:
    remembered = Remembered()
    remembered.put([said("кашель", 1.0, 2.0), said("и насморк", 2.2, 3.0), said("давление", 4.0, 5.0)])
    # Two utterances in one segment, and one that reaches beyond its segment.
    assert remembered.of(segment(1.0, 3.0)) is None
    assert remembered.of(segment(4.0, 4.6)) is None
    assert not remembered


def test_an_utterance_without_times_is_nowhere() -> None:
    remembered = Remembered()
    remembered.put([said("кашель", None, None), said("насморк", 1.0, None), said("давление", None, 2.0)])
    assert not remembered


def test_times_that_were_rounded_still_fit() -> None:
    """To a hundredth of a second, at either end."""
    for start, end, fits in ((0.99, 2.01, True), (0.98, 2.0, False), (1.0, 2.02, False)):
        remembered = Remembered()
        remembered.put([said("кашель", start, end)])
        assert (remembered.of(segment(1.0, 2.0)) is not None) == fits, (start, end)
