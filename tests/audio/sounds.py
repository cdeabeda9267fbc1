"""Small recordings made for a test: tones and noises, written by PyAV in any container and codec."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

Channels = npt.NDArray[np.float32]


def tone(seconds: float, rate: int = 16_000, hertz: float = 440.0, level: float = 0.5) -> Channels:
    """One channel, shape (1, n)."""
    time = np.arange(round(seconds * rate)) / rate
    return (level * np.sin(2 * np.pi * hertz * time)).astype(np.float32)[None, :]


def write(path: Path, channels: Channels, rate: int, codec: str, gap: float = 0.0) -> Path:
    """Writes the channels; with `gap`, time stamps jump by so many seconds half way."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(channels)]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate, layout=layout)
        resampler = av.AudioResampler(format=stream.format, layout=layout, rate=rate, frame_size=stream.frame_size)
        half = channels.shape[1] // 2
        for start in range(0, channels.shape[1], 1000):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(channels[:, start : start + 1000]), format="fltp", layout=layout
            )
            frame.sample_rate = rate
            frame.pts = start + (round(gap * rate) if start >= half else 0)
            for out in [frame] if gap else resampler.resample(frame):
                container.mux(stream.encode(out))
        for out in [] if gap else resampler.resample(None):
            container.mux(stream.encode(out))
        container.mux(stream.encode(None))
    return path


def truncate(path: Path, share: float) -> Path:
    """Cuts a file to a share of its bytes, as a crash or a full disk does."""
    data = path.read_bytes()
    path.write_bytes(data[: round(len(data) * share)])
    return path
