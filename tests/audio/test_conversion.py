"""16-bit sound of any rate and channels becomes 16 kHz mono, however it is cut into pieces."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dictation.audio.conversion import Converter, decibels, from_int16


def interleaved(*channels: list[int]) -> bytes:
    return np.array(channels, dtype="<i2").T.tobytes()


def test_samples_of_the_channels_are_told_apart() -> None:
    samples = from_int16(interleaved([16384, -32768], [0, 8192]), channels=2)
    assert samples.tolist() == [[0.5, -1.0], [0.0, 0.25]]
    assert samples.dtype == np.float32


@pytest.mark.parametrize(
    ("amplitude", "level"), [(1.0, 0.0), (0.5, -6.0206), (0.1, -20.0), (1e-3, -60.0), (1e-6, -96.0), (0.0, -96.0)]
)
def test_amplitudes_in_decibels(amplitude: float, level: float) -> None:
    assert decibels(amplitude) == pytest.approx(level, abs=1e-4)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 44_100, 48_000, 96_000, 192_000])
@pytest.mark.parametrize("channels", [1, 2, 6, 7])
def test_a_tone_keeps_its_length_pitch_and_loudness(rate: int, channels: int) -> None:
    tone = np.round(10_000 * np.sin(2 * np.pi * 500 * np.arange(rate) / rate)).astype("<i2")
    converter = Converter(rate, channels)
    data = np.repeat(tone[:, None], channels, axis=1).tobytes()
    step = rate // 50 * 2 * channels
    pieces = [converter.convert(data[start : start + step]) for start in range(0, len(data), step)]
    heard = np.concatenate([*pieces, converter.rest()])
    assert len(heard) == pytest.approx(16_000, abs=2)
    assert int(np.abs(np.fft.rfft(heard, 16_000)).argmax()) == 500
    assert np.abs(heard[1000:-1000]).max() == pytest.approx(10_000 / 32_768, rel=0.01)


@given(cuts=st.lists(st.integers(1, 4000), max_size=10), rate=st.sampled_from([44_100, 48_000, 8_000, 16_000]))
def test_where_the_sound_is_cut_makes_no_difference(cuts: list[int], rate: int) -> None:
    noise = np.random.default_rng(7).integers(-20_000, 20_000, 4001).astype("<i2")
    whole, parted = Converter(rate, 1), Converter(rate, 1)
    at_once = np.concatenate([whole.convert(noise.tobytes()), whole.rest()])
    pieces = [parted.convert(part.tobytes()) for part in np.split(noise, sorted(cuts))]
    assert np.allclose(np.concatenate([*pieces, parted.rest()]), at_once, atol=1e-6)


def test_silence_lasts_as_long_as_what_is_missing() -> None:
    converter = Converter(48_000, 2)
    heard = np.concatenate([converter.silence(48_000), converter.silence(0), converter.rest()])
    assert len(heard) == pytest.approx(16_000, abs=2)
    assert not heard.any()
