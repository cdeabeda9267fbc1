"""Sound as it is kept: lossless chunks of 16 bits, each of which can be read without the others.

Voices come out at about 0.6 of their size as FLAC (deltas with zlib: 0.75) for some 0.3 % of one core.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import av
import numpy as np

from dictation.audio.blocks import RATE
from dictation.audio.pcm import Pcm

CHUNK = RATE // 2
"""Samples in a chunk, at most."""

# FLAC has no blocks under 16 samples, and its frame outweighs a very short one.
_SHORTEST_FLAC = 256


def encode(pcm: Pcm) -> tuple[str, bytes]:
    """The coding's name and the bytes of one chunk."""
    if len(pcm) < _SHORTEST_FLAC:
        return "pcm", pcm.astype("<i2").tobytes()
    codec = av.CodecContext.create("flac", "w")
    assert isinstance(codec, av.AudioCodecContext)
    codec.sample_rate, codec.format, codec.layout = RATE, "s16", "mono"
    codec.time_base = Fraction(1, RATE)
    codec.options = {"frame_size": str(len(pcm))}
    frame = av.AudioFrame.from_ndarray(pcm.reshape(1, -1), format="s16", layout="mono")
    frame.sample_rate, frame.pts = RATE, 0
    return "flac", b"".join(bytes(packet) for packet in (*codec.encode(frame), *codec.encode(None)))


def decode(coding: str, data: bytes, samples: int) -> Pcm:
    """One chunk back. ValueError where the bytes are not `samples` samples of that coding."""
    if coding == "pcm":
        pcm = np.frombuffer(data, dtype="<i2").astype(np.int16)
    elif coding == "flac":
        pcm = _read_flac(data, samples)
    else:
        raise ValueError(f"unknown coding of sound: {coding}")
    if len(pcm) != samples:
        raise ValueError(f"a chunk of {samples} samples holds {len(pcm)}")
    return pcm


def _read_flac(data: bytes, samples: int) -> Pcm:
    codec = av.CodecContext.create("flac", "r")
    assert isinstance(codec, av.AudioCodecContext)
    codec.extradata = _stream_info(samples)
    codec.options = {"err_detect": "crccheck+explode"}
    try:
        frames = [frame for packet in (av.Packet(data), None) for frame in codec.decode(packet)]
    except av.error.FFmpegError as error:
        raise ValueError(f"a chunk of sound cannot be read: {error}") from error
    return np.concatenate([np.zeros(0, np.int16), *(frame.to_ndarray().ravel() for frame in frames)])


def _stream_info(samples: int) -> bytes:
    """FLAC's STREAMINFO (RFC 9639, 8.2) of a stream of one frame: 16 kHz, one channel, 16 bits, no checksum."""
    rate_channels_bits_length = (RATE << 44) | (0 << 41) | (15 << 36) | samples
    return samples.to_bytes(2, "big") * 2 + bytes(6) + rate_channels_bits_length.to_bytes(8, "big") + bytes(16)


def chunks(pcm: Pcm) -> Iterator[Pcm]:
    """A stretch of sound in pieces of at most a chunk."""
    for start in range(0, len(pcm), CHUNK):
        yield pcm[start : start + CHUNK]
