"""Sound as it is kept: lossless at 16 bits, every chunk alone, damage noticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dictation.audio.pcm import to_pcm, to_samples
from dictation.store.sound import CHUNK, chunks, decode, encode
from tests.support import samples_of


@given(arrays(np.int16, st.integers(1, CHUNK), elements=st.integers(-32768, 32767)))
def test_any_chunk_comes_back_to_the_bit(pcm: np.ndarray) -> None:
    coding, data = encode(pcm)
    assert np.array_equal(decode(coding, data, len(pcm)), pcm)


@pytest.mark.parametrize("samples", [1, 15, 16, 255, 256, 257, 4096, 7999, 8000])
@pytest.mark.parametrize("kind", ["silence", "square", "noise"])
def test_lengths_and_kinds_at_the_edges(samples: int, kind: str) -> None:
    pcm = {
        "silence": np.zeros(samples, np.int16),
        "square": np.where(np.arange(samples) % 80 < 40, 32767, -32768).astype(np.int16),
        "noise": np.random.default_rng(samples).integers(-32768, 32768, samples).astype(np.int16),
    }[kind]
    assert np.array_equal(decode(*encode(pcm), samples), pcm)


def test_all_16_bit_values_survive_the_way_to_float_and_back() -> None:
    every = np.arange(-32768, 32768, dtype=np.int32).astype(np.int16)
    assert np.array_equal(to_pcm(to_samples(every)), every)


def test_a_voice_takes_less_than_two_thirds_of_its_size(recording: Path) -> None:
    pcm = to_pcm(samples_of(recording))
    stored = sum(len(encode(chunk)[1]) for chunk in chunks(pcm))
    assert stored < 0.66 * pcm.nbytes


def test_damaged_and_foreign_bytes_are_an_error_and_never_other_sound() -> None:
    pcm = np.random.default_rng(3).integers(-9000, 9000, 8000).astype(np.int16)
    coding, data = encode(pcm)
    broken = bytearray(data)
    broken[3000] ^= 0x10
    for wrong in (bytes(broken), data[:-20], b"", b"text"):
        with pytest.raises(ValueError, match=r"chunk"):
            decode(coding, wrong, 8000)
    with pytest.raises(ValueError, match="chunk"):
        decode("flac", data, 4000)
    with pytest.raises(ValueError, match="a chunk of 3 samples holds 2"):
        decode("pcm", b"\0\0\0\0", 3)
    with pytest.raises(ValueError, match="unknown coding"):
        decode("opus", data, 8000)
