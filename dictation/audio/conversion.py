"""A device's 16-bit sound as mono at 16 kHz, and how loud it is."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from dictation.audio.blocks import RATE, Samples, mix_down

_FULL_SCALE = 32768.0
QUIETEST = -96.0
"""The level of digital silence, dBFS: what 16 bits cannot hold."""


def from_int16(data: bytes, channels: int) -> Samples:
    """Interleaved 16-bit samples as shape (channels, n), −1…1."""
    return np.frombuffer(data, dtype=np.int16).reshape(-1, channels).T.astype(np.float32) / np.float32(_FULL_SCALE)


def decibels(amplitude: float) -> float:
    """An amplitude of 0…1 in dBFS, at least QUIETEST."""
    return max(20 * float(np.log10(amplitude)), QUIETEST) if amplitude > 0 else QUIETEST


class Converter:
    """One stretch of sound without a break, piece by piece; `rest` ends it."""

    def __init__(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._channels = channels
        self._resampler = AudioResampler(format="fltp", layout="mono", rate=RATE) if rate != RATE else None

    def convert(self, data: bytes) -> Samples:
        """What 16-bit interleaved samples add to the 16 kHz sound; the resampler keeps back a few milliseconds."""
        return self._resample(mix_down(from_int16(data, self._channels)))

    def silence(self, frames: int) -> Samples:
        """So many samples of the device's time in which nothing was heard."""
        return self._resample(np.zeros(frames, dtype=np.float32))

    def rest(self) -> Samples:
        """What the resampler kept back."""
        return _joined(self._resampler.resample(None)) if self._resampler else np.zeros(0, dtype=np.float32)

    def _resample(self, mono: Samples) -> Samples:
        if self._resampler is None or not len(mono):
            return mono
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(mono)[None, :], format="fltp", layout="mono")
        frame.sample_rate = self._rate
        return _joined(self._resampler.resample(frame))


def _joined(frames: Iterable[AudioFrame]) -> Samples:
    pieces = [np.asarray(frame.to_ndarray(), dtype=np.float32)[0] for frame in frames if frame.samples]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.float32)
