"""The level of a microphone as a bar."""

from __future__ import annotations

from rich.text import Text

# What sound engineers aim at for speech is a peak between −18 and −6 dBFS; far below, words drown in the noise.
TOO_QUIET = -30.0
CLIPPED = -0.1
_SHOWN_FROM, _WIDTH = -60.0, 30


def bar(level: float, peak: float) -> Text:
    """Level and peak in dBFS: red where the sound is clipped, yellow where it is too quiet."""
    filled = round((max(level, _SHOWN_FROM) / -_SHOWN_FROM + 1) * _WIDTH)
    style = "red" if peak >= CLIPPED else "yellow" if peak < TOO_QUIET else "green"
    return Text.assemble(
        ("█" * filled, style), ("░" * (_WIDTH - filled), "dim"), f" {level:4.0f} dB, peak {peak:4.0f} dB"
    )
