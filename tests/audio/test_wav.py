"""Sound written as a WAV file, byte by byte as the format has it."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import numpy as np

from dictation.audio.wav import write_wav

# Half of the full scale, the lowest value, and one step above silence.
BLOCKS = [np.array([0.5, -1.0], np.float32), np.array([1 / 32768], np.float32)]
# RIFF WAVE: 36 bytes and the data follow; format 1 (PCM), one channel, 16 kHz, 32000 bytes a second, 2 bytes each.
HEADER = b"RIFF" + struct.pack("<I", 36 + 6) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 16000, 32000, 2, 16)
WRITTEN = HEADER + b"data" + struct.pack("<I3h", 6, 16384, -32768, 1)


def test_blocks_are_written_one_after_another_with_their_length_before_them(tmp_path: Path) -> None:
    file, path = io.BytesIO(), tmp_path / "heard.wav"
    write_wav(file, BLOCKS)
    write_wav(str(path), iter(BLOCKS))
    assert file.getvalue() == WRITTEN
    assert path.read_bytes() == WRITTEN


def test_no_sound_is_an_empty_file_of_the_format() -> None:
    file = io.BytesIO()
    write_wav(file, [])
    assert file.getvalue()[-8:] == b"data" + struct.pack("<I", 0)
