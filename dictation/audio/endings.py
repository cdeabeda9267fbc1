"""Whether a file was closed properly: what the decoding library passes over without a word."""

from __future__ import annotations

import os
import struct
from pathlib import Path

# The end of an Ogg file in which its last page must begin (a page has at most 65,307 bytes).
_OGG_TAIL = 65_536
# From here on a data size stands for "not known": the header was written before the sound.
_WAV_UNKNOWN = 0x7FFF_0000


def wav_announced(path: Path) -> float | None:
    """Seconds of sound that the header of a RIFF wav announces, None where it does not say."""
    size, bytes_a_second = path.stat().st_size, 0
    with path.open("rb") as file:
        if file.read(12)[8:] != b"WAVE":
            return None
        while file.tell() < size:
            name, length = struct.unpack("<4sI", file.read(8).ljust(8, b"\0"))
            if name == b"data":
                return length / bytes_a_second if bytes_a_second and length < _WAV_UNKNOWN else None
            if name == b"fmt ":
                bytes_a_second = struct.unpack("<8xI", file.read(12).ljust(12, b"\0"))[0]
                length -= 12
            file.seek(length + length % 2, os.SEEK_CUR)
    return None


def ogg_is_closed(path: Path) -> bool:
    """Whether the last Ogg page carries the end-of-stream flag (RFC 3533, header type bit 0x04)."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, _OGG_TAIL), os.SEEK_END)
        tail = file.read()
    page = tail.rfind(b"OggS")
    return page >= 0 and len(tail) > page + 5 and bool(tail[page + 5] & 0x04)
