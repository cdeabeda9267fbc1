"""Sound as 16 bits: what is kept is what is recognised."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dictation.audio.blocks import Samples

Pcm = npt.NDArray[np.int16]
"""Mono sound at 16 kHz, shape (n,)."""

_FULL_SCALE = 32768


def to_pcm(block: Samples | Pcm) -> Pcm:
    """A block, −1…1 or 16 bits already, as 16 bits in memory of its own. ValueError for any other kind of number."""
    if block.dtype == np.int16:
        return block.astype(np.int16).ravel()
    if block.dtype != np.float32:
        raise ValueError(f"samples must be float32 or int16, not {block.dtype}")
    scaled = np.rint(np.nan_to_num(block.ravel(), nan=0.0) * _FULL_SCALE)
    pcm: Pcm = np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int16)
    return pcm


def to_samples(pcm: Pcm) -> Samples:
    """16 bits as −1…1; `to_pcm` gives the same 16 bits back."""
    return pcm.astype(np.float32) / np.float32(_FULL_SCALE)
