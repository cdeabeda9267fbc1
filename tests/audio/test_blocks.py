"""Mixing down and cutting into blocks."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dictation.audio.blocks import BlockBuffer, mix_down, silence


def channels(*rows: list[float]) -> np.ndarray:
    return np.array(rows, dtype=np.float32)


def test_mean_of_channels() -> None:
    assert mix_down(channels([0.4, -0.2], [0.2, 0.0])).tolist() == np.float32([0.3, -0.1]).tolist()


def test_a_silent_channel_halves_the_voice() -> None:
    assert mix_down(channels([0.5, -0.5], [0.0, 0.0])).tolist() == [0.25, -0.25]


def test_the_louder_one_of_cancelling_channels() -> None:
    assert mix_down(channels([0.5, -0.5], [0.25, -0.25])).tolist() == [0.375, -0.375]
    assert mix_down(channels([0.5, -0.5], [-0.45, 0.45])).tolist() == [0.5, -0.5]


def test_silence_stays_silence() -> None:
    assert mix_down(channels([0.0, 0.0], [0.0, 0.0])).tolist() == [0.0, 0.0]


def test_silence_of_a_given_length() -> None:
    assert [len(piece) for piece in silence(2.5)] == [16_000, 16_000, 8_000]
    assert list(silence(0.0)) == []


@given(st.lists(st.integers(0, 40), max_size=30), st.integers(1, 17))
def test_blocks_are_even_and_lose_nothing(lengths: list[int], size: int) -> None:
    buffer, given_in, out = BlockBuffer(size), [], []
    for length in lengths:
        piece = np.arange(sum(map(len, given_in)), sum(map(len, given_in)) + length, dtype=np.float32)
        given_in.append(piece)
        blocks = list(buffer.add(piece))
        assert all(len(block) == size for block in blocks)
        out.extend(blocks)
    rest = buffer.rest()
    assert len(rest) < size
    assert np.concatenate([*out, rest]).tolist() == list(range(sum(lengths)))
    assert len(buffer.rest()) == 0
