"""Samples in memory: what a block is, mixing channels down, cutting a stream into even blocks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

RATE = 16_000
"""Samples a second everywhere after the source."""

Samples = npt.NDArray[np.float32]
"""Mono sound, shape (n,), −1…1."""

# Channels that cancel each other (a balanced microphone in a stereo socket) keep less than this of their power.
_CANCELLED = 0.1


def mix_down(channels: Samples) -> Samples:
    """Shape (channels, n) to mono: the mean, or the loudest channel where the mean would cancel the voice.

    Not-a-number samples become silence, samples out of range are clipped.
    """
    clean: Samples = np.clip(np.nan_to_num(channels, nan=0.0), -1.0, 1.0)
    if len(clean) == 1:
        only: Samples = clean[0]
        return only
    mean: Samples = clean.mean(axis=0)
    power = np.square(clean).sum(axis=1)
    active = max(int((power > 0.01 * power.max()).sum()), 1)
    # One voice on one of n channels rightly keeps 1/n² of its power in the mean.
    expected = power.max() * (active / len(clean)) ** 2
    if np.square(mean).sum() < _CANCELLED * expected:
        loudest: Samples = clean[int(power.argmax())]
        return loudest
    return mean


def silence(seconds: float) -> Iterator[Samples]:
    """That much silence in pieces of at most a second."""
    left = round(seconds * RATE)
    while left > 0:
        yield np.zeros(min(left, RATE), dtype=np.float32)
        left -= RATE


class BlockBuffer:
    """Cuts pieces of any length into blocks of `size` samples."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pieces: list[Samples] = []
        self._held = 0

    def add(self, samples: Samples) -> Iterator[Samples]:
        self._pieces.append(samples)
        self._held += len(samples)
        if self._held < self._size:
            return
        joined = np.concatenate(self._pieces)
        whole = len(joined) - len(joined) % self._size
        self._pieces, self._held = [joined[whole:]], len(joined) - whole
        for start in range(0, whole, self._size):
            yield joined[start : start + self._size]

    def rest(self) -> Samples:
        """What is left over, shorter than a block; the buffer is empty afterwards."""
        left = np.concatenate(self._pieces) if self._pieces else np.zeros(0, dtype=np.float32)
        self._pieces, self._held = [], 0
        return left
