"""Where segments begin and end: exactly on chunks made for it, and on real sound through the real detector."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.audio.endpointing import CHUNK, DEFAULT, Chunk, Endpointer, Endpointing, SpeechCutter, SpeechSegment
from tests.support import samples_of

SECOND = 16_000 / CHUNK  # chunks


def chunks(*runs: tuple[bool, int], loudness: float = 0.1) -> list[Chunk]:
    """Runs of (voiced, how many chunks)."""
    marks = [voiced for voiced, count in runs for _ in range(count)]
    return [
        Chunk(number, np.full(CHUNK, loudness if voiced else 0.0, dtype=np.float32), float(voiced), voiced)
        for number, voiced in enumerate(marks)
    ]


def cut(given_in: list[Chunk], how: Endpointing = DEFAULT) -> list[SpeechSegment]:
    cutter = SpeechCutter(how)
    return [segment for chunk in given_in for segment in cutter.add(chunk)] + list(cutter.finish())


def spans(segments: list[SpeechSegment]) -> list[tuple[int, int, int, int, bool]]:
    """Start, voice start, voice end, end in chunks, and whether a pause ended it."""
    return [
        (*(round(time * SECOND) for time in (s.start, s.voice_start, s.voice_end, s.end)), s.pause_follows)
        for s in segments
    ]


# 0.5 s of pre-roll are 16 chunks, 0.25 s of post-roll 8, 0.7 s of silence 22, 5 s are 156, 20 s are 625.


def test_pre_roll_post_roll_and_pause() -> None:
    made = chunks((False, 30), (True, 40), (False, 50), (True, 20), (False, 10))
    assert spans(cut(made)) == [(15, 30, 70, 78, True), (105, 120, 140, 148, True)]


def test_a_short_silence_does_not_end_it() -> None:
    assert spans(cut(chunks((True, 40), (False, 21), (True, 40), (False, 30)))) == [(0, 0, 101, 109, True)]


def test_pre_roll_never_repeats_what_was_given_out() -> None:
    made = chunks((True, 40), (False, 22), (True, 40))
    assert spans(cut(made)) == [(0, 0, 40, 48, True), (48, 62, 102, 102, True)]


def test_silence_that_ends_an_utterance_can_be_set() -> None:
    made = chunks((True, 40), (False, 21), (True, 40))
    assert [s[1:3] for s in spans(cut(made, Endpointing(silence=0.4)))] == [(0, 40), (61, 101)]


def test_what_is_open_can_be_ended_and_the_silence_that_ends_changed() -> None:
    cutter = SpeechCutter()
    said = [segment for chunk in chunks((True, 40), (False, 12)) for segment in cutter.add(chunk)]
    assert said == []
    assert spans(list(cutter.part(silence=0.4))) == [(0, 0, 40, 48, True)]
    # From here on 0.4 s of silence end an utterance: 12 chunks, not 22.
    after = [Chunk(52 + c.number, c.samples, c.probability, c.voiced) for c in chunks((True, 40), (False, 13))]
    assert spans([segment for chunk in after for segment in cutter.add(chunk)]) == [(48, 52, 92, 100, True)]


def test_what_a_silence_will_end_is_known_before_it_does() -> None:
    cutter = SpeechCutter()
    made = chunks((True, 40), (False, 22))
    told = {}
    for chunk in made:
        ended = list(cutter.add(chunk))
        told[chunk.number] = cutter.falling_silent()
        if ended:
            assert spans(ended) == [(0, 0, 40, 48, True)]
    # Eight chunks of silence are the post-roll; with the 22nd the segment is given out and nothing is open.
    assert [number for number, segment in told.items() if segment] == list(range(47, 61))
    assert all(spans([segment]) == [(0, 0, 40, 48, True)] for segment in told.values() if segment)


def test_long_speech_is_cut_at_a_dip() -> None:
    made = chunks((True, 146), (False, 5), (True, 20), (False, 8), (True, 50), (False, 40))
    # The first dip comes too early and is too short; the second is cut in its middle, six chunks having shown it.
    assert spans(cut(made)) == [(0, 0, 171, 174, False), (174, 179, 229, 237, True)]


def test_after_nine_seconds_a_shorter_dip_will_do() -> None:
    # 9 s are 281 chunks, 0.064 s two. The dip at 200 is too short for its place; that at 285 is cut behind its first.
    made = chunks((True, 200), (False, 3), (True, 82), (False, 2), (True, 60), (False, 40))
    assert spans(cut(made)) == [(0, 0, 285, 286, False), (286, 287, 347, 355, True)]


def test_endless_speech_is_cut_at_the_quietest_place() -> None:
    made = chunks((True, 700))
    quiet = made[600]
    made[600] = Chunk(quiet.number, quiet.samples / 10, 1.0, True)
    assert spans(cut(made)) == [(0, 0, 600, 600, False), (600, 600, 700, 700, True)]


def test_a_click_is_no_speech() -> None:
    assert cut(chunks((False, 20), (True, 2), (False, 60))) == []


def test_after_a_cut_nothing_but_silence_follows() -> None:
    assert spans(cut(chunks((True, 166), (False, 60)))) == [(0, 0, 166, 169, False)]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 400)), max_size=12))
def test_no_speech_is_lost_or_given_out_twice(runs: list[tuple[bool, int]]) -> None:
    made = chunks(*runs)
    segments = spans(cut(made))
    assert all(first[3] <= second[0] for first, second in pairwise(segments))
    assert all(end - start <= 625 for start, _, _, end, _ in segments)
    covered = {number for start, _, _, end, _ in segments for number in range(start, end)}
    lost = [chunk.number for chunk in made if chunk.voiced and chunk.number not in covered]
    # What may be left out: clicks, shorter than three chunks between cuts or pauses.
    assert all(not {number - 1, number, number + 1, number + 2} <= set(lost) for number in lost)


@pytest.fixture(scope="module")
def speech(recording: Path) -> np.ndarray:
    """Three seconds from the middle of a dictation."""
    return samples_of(recording)[16_000 * 10 : 16_000 * 13]


def through_detector(samples: np.ndarray, block: int = 1000) -> list[SpeechSegment]:
    endpointer = Endpointer()
    found = [s for i in range(0, len(samples), block) for s in endpointer.accept(samples[i : i + block])]
    return found + list(endpointer.finish())


def pause(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * 16_000), dtype=np.float32)


def test_real_speech_between_silences(speech: np.ndarray) -> None:
    found = through_detector(np.concatenate([pause(2), speech, pause(1.5), speech, pause(2)]))
    assert len(found) == 2
    assert found[0].voice_start == pytest.approx(2.0, abs=0.3)
    assert found[0].voice_end == pytest.approx(5.0, abs=0.3)
    assert found[1].voice_start == pytest.approx(6.5, abs=0.3)
    assert all(segment.pause_follows for segment in found)


def test_block_size_makes_no_difference(speech: np.ndarray) -> None:
    sound = np.concatenate([pause(1), speech, pause(1)])
    small, large = through_detector(sound, 137), through_detector(sound, 16_000)
    assert spans(small) == spans(large)
    assert [s.samples.tolist() for s in small] == [s.samples.tolist() for s in large]


@pytest.mark.parametrize("kind", ["silence", "white noise", "hum", "tone"])
def test_where_nobody_speaks_there_is_no_segment(kind: str) -> None:
    time = np.arange(16_000 * 20) / 16_000
    random = np.random.default_rng(7)
    sound = {
        "silence": np.zeros_like(time),
        "white noise": random.normal(0, 0.05, len(time)),
        "hum": 0.2 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 150 * time),
        "tone": 0.3 * np.sin(2 * np.pi * 1000 * time),
    }[kind].astype(np.float32)
    assert through_detector(sound) == []
