"""Sound as a WAV file: 16 kHz, mono, 16 bits."""

from __future__ import annotations

import wave
from collections.abc import Iterable
from typing import BinaryIO

from dictation.audio.blocks import RATE, Samples
from dictation.audio.pcm import to_pcm


def write_wav(to: str | BinaryIO, blocks: Iterable[Samples]) -> None:
    """Write blocks to a path or an open file as they come."""
    with wave.open(to, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for block in blocks:
            file.writeframesraw(to_pcm(block).astype("<i2").tobytes())
