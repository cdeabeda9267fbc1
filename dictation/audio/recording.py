"""A recording on disk as a stream of 16 kHz mono blocks, whatever its container, codec, rate and channels."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import av
import av.error
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer

from dictation.audio.blocks import RATE, BlockBuffer, Samples, mix_down, silence
from dictation.audio.endings import ogg_is_closed, wav_announced
from dictation.errors import InputError

# A jump of the time stamps shorter than this is jitter; one longer than the second is a broken clock.
_GAP_FROM, _GAP_TO = 0.1, 600.0
# How far the sound may fall short of the announced duration before something must be missing, seconds and share.
_SHORT_BY, _SHORT_SHARE = 1.0, 0.02
# Slower sampling than this holds no speech; a header that says so is broken.
_SLOWEST = 4000


class Recording:
    """An audio file, decoded as it is read: memory does not grow with its length.

    `blocks()` yields float32 arrays in −1…1 at 16 kHz; gaps in the file's own clock become silence, so that
    `position` (seconds given out so far) is the clock a player shows. `duration` is what the file announces, in
    seconds, None where it does not say. `damage` says in one line what could not be read, None where all could.
    Raises InputError where nothing can be heard at all.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.damage: str | None = None
        self._given_out = 0
        self._container, self._stream = _open(self.path)
        self._format = self._container.format.name
        self.duration = _announced(self.path, self._container, self._stream)

    def __enter__(self) -> Recording:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._container.close()

    @property
    def position(self) -> float:
        return self._given_out / RATE

    def blocks(self) -> Iterator[Samples]:
        """The sound in blocks of half a second, the last one shorter. To be iterated once."""
        buffer = BlockBuffer(RATE // 2)
        for samples in self._resampled():
            for block in buffer.add(samples):
                self._given_out += len(block)
                yield block
        rest = buffer.rest()
        if len(rest):
            self._given_out += len(rest)
            yield rest
        if not self._given_out:
            reason = self.damage or "its audio stream is empty"
            raise InputError(f"{self.path}: no sound could be decoded ({reason}); record it again or convert it")
        self._compare_with_announced()

    def _resampled(self) -> Iterator[Samples]:
        resampler, shape, clock = _resampler(), None, _Clock()
        for frame in self._frames():
            gap = clock.gap_before(frame)
            if gap:
                self._note_damage(f"{gap:.1f} s are missing near {self.position:.1f} s")
            if clock.lost_count(frame):
                self._note_damage(f"a part near {self.position:.1f} s is damaged")
            if (frame.format.name, frame.layout.name, frame.sample_rate) != shape or gap:
                if shape:
                    yield from _resample(resampler, None)
                resampler = _resampler()
                shape = (frame.format.name, frame.layout.name, frame.sample_rate)
                yield from silence(gap)
            try:
                yield from _resample(resampler, frame)
            except (av.error.FFmpegError, ValueError) as error:
                self._note_damage(_undecodable(error, self.position))
        if shape:
            yield from _resample(resampler, None)

    def _frames(self) -> Iterator[AudioFrame]:
        """Decoded frames; a packet that cannot be decoded is noted and passed over, the rest is kept."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets)
            except StopIteration:
                return
            except (av.error.FFmpegError, OSError) as error:
                self._note_damage(_undecodable(error, self.position))
                return
            try:
                yield from (frame for frame in packet.decode() if isinstance(frame, AudioFrame) and frame.sample_rate)
            except av.error.EOFError:
                return
            except (av.error.FFmpegError, ValueError) as error:
                self._note_damage(_undecodable(error, self.position))

    def _note_damage(self, what: str) -> None:
        self.damage = self.damage or what

    def _compare_with_announced(self) -> None:
        announced, heard = self.duration, self.position
        if announced and announced - heard > max(_SHORT_BY, _SHORT_SHARE * announced):
            self._note_damage(f"the sound ends at {heard:.1f} s, the file announces {announced:.1f} s")
        if self._format == "ogg" and not ogg_is_closed(self.path):
            self._note_damage(f"the file was cut off: its last page is missing, the sound ends at {heard:.1f} s")


class _Clock:
    """Compares time stamps of frames with the sound decoded so far."""

    def __init__(self) -> None:
        self._next: float | None = None
        self._stamped = False

    def lost_count(self, frame: AudioFrame) -> bool:
        """Whether the stamps cease: the decoder found its way back into damaged data."""
        self._stamped = self._stamped or frame.pts is not None
        return self._stamped and frame.pts is None

    def gap_before(self, frame: AudioFrame) -> float:
        """Seconds of sound that are missing before `frame`; 0 where the stamps agree or cannot be believed."""
        expected, stamp = self._next, frame.time
        start = stamp if stamp is not None else expected or 0.0
        self._next = start + frame.samples / frame.sample_rate
        gap = 0.0 if expected is None else start - expected
        return gap if _GAP_FROM < gap < _GAP_TO else 0.0


def _open(path: Path) -> tuple[InputContainer, AudioStream]:
    _check_readable(path)
    try:
        # Only local files: a playlist in disguise must not reach for the network.
        container = av.open(f"file:{path}", mode="r", options={"protocol_whitelist": "file"})
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise InputError(
            f"{path}: not a recording this program can read; use wav, flac, opus, mp3, m4a or webm"
        ) from (error)
    if not container.streams.audio:
        container.close()
        raise InputError(f"{path}: has no audio stream; give a recording with sound")
    stream = container.streams.audio[0]
    if 0 < stream.rate < _SLOWEST:
        container.close()
        raise InputError(f"{path}: its header says {stream.rate} samples a second, which cannot be; convert it anew")
    return container, stream


def _announced(path: Path, container: InputContainer, stream: AudioStream) -> float | None:
    if container.format.name == "wav":
        written = wav_announced(path)
        if written is not None:
            return written
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None


def _check_readable(path: Path) -> None:
    if path.is_dir():
        raise InputError(f"{path}: is a directory; give a recording")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file") from error
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be opened ({getattr(error, 'strerror', None) or error})") from error
    if empty:
        raise InputError(f"{path}: is empty; record it again")


def _resampler() -> AudioResampler:
    return AudioResampler(format="fltp", rate=RATE)


def _resample(resampler: AudioResampler, frame: AudioFrame | None) -> Iterator[Samples]:
    for out in resampler.resample(frame):
        if out.samples:
            yield mix_down(np.asarray(out.to_ndarray(), dtype=np.float32))


def _undecodable(error: Exception, position: float) -> str:
    return f"a part near {position:.1f} s cannot be decoded ({getattr(error, 'strerror', None) or error})"
