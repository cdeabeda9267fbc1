"""Recordings of every kind become the same stream of blocks; broken ones keep what was heard."""

from __future__ import annotations

import os
import re
import struct
import tracemalloc
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from dictation.audio.recording import Recording
from dictation.errors import InputError
from tests.audio.sounds import tone, truncate, write

NO_RECORDING = "not a recording this program can read; use wav, flac, opus, mp3, m4a or webm$"

FORMATS = [
    ("wav", "pcm_s16le", 8_000, 1),
    ("wav", "pcm_s16le", 48_000, 2),
    ("wav", "pcm_s16le", 16_000, 6),
    ("wav", "pcm_f32le", 44_100, 1),
    ("flac", "flac", 44_100, 2),
    ("opus", "libopus", 48_000, 1),
    ("ogg", "libopus", 48_000, 2),
    ("ogg", "flac", 44_100, 1),
    ("mp3", "libmp3lame", 44_100, 2),
    ("m4a", "aac", 44_100, 1),
    ("webm", "libopus", 48_000, 1),
    ("mkv", "flac", 22_050, 1),
]


def hear(path: Path) -> tuple[np.ndarray, Recording]:
    with Recording(path) as recording:
        return np.concatenate(list(recording.blocks())), recording


def loudest_frequency(samples: np.ndarray) -> float:
    middle = samples[8000:24000] * np.hanning(16000)
    return float(np.argmax(np.abs(np.fft.rfft(middle))))  # 16,000 samples at 16 kHz: one bin a hertz


@pytest.mark.parametrize(("suffix", "codec", "rate", "channels"), FORMATS)
def test_any_container_codec_rate_and_channels(
    tmp_path: Path, suffix: str, codec: str, rate: int, channels: int
) -> None:
    sound = np.repeat(tone(3.0, rate), channels, axis=0)
    samples, recording = hear(write(tmp_path / f"a.{suffix}", sound, rate, codec))
    assert samples.dtype == np.float32
    assert samples.ndim == 1
    assert len(samples) / 16_000 == pytest.approx(3.0, abs=0.1)
    assert loudest_frequency(samples) == pytest.approx(440, abs=1)
    assert np.abs(samples[8000:24000]).max() == pytest.approx(0.5, abs=0.05)
    assert recording.position == pytest.approx(len(samples) / 16_000)
    assert recording.duration == pytest.approx(3.0, abs=0.1)
    assert recording.damage is None


def test_blocks_are_half_a_second(tmp_path: Path) -> None:
    with Recording(write(tmp_path / "a.wav", tone(1.2), 16_000, "pcm_s16le")) as recording:
        positions = [(len(block), recording.position) for block in recording.blocks()]
    assert positions == [(8000, 0.5), (8000, 1.0), (3200, 1.2)]


def test_one_sided_voice_is_heard(tmp_path: Path) -> None:
    sides = np.concatenate([tone(2.0), np.zeros((1, 32_000), dtype=np.float32)])
    samples, _ = hear(write(tmp_path / "a.wav", sides, 16_000, "pcm_s16le"))
    assert np.abs(samples).max() == pytest.approx(0.25, abs=0.02)


def test_channels_in_opposite_phase_do_not_cancel(tmp_path: Path) -> None:
    sides = np.concatenate([tone(2.0), -tone(2.0)])
    samples, _ = hear(write(tmp_path / "a.wav", sides, 16_000, "pcm_s16le"))
    assert np.abs(samples).max() == pytest.approx(0.5, abs=0.02)


# Noise, because a tone compresses too unevenly for half of the bytes to be half of the time.
@pytest.mark.parametrize(
    ("suffix", "codec", "rate", "damage"),
    [
        ("wav", "pcm_s16le", 16_000, r"the sound ends at 10\.0 s, the file announces 20\.0 s"),
        ("flac", "flac", 16_000, r"a part near 9\.\d s cannot be decoded \(.*\)"),
        ("opus", "libopus", 48_000, r"the file was cut off: its last page is missing, the sound ends at \d+\.\d s"),
        ("mp3", "libmp3lame", 16_000, r"the sound ends at (9|10)\.\d s, the file announces 20\.\d s"),
        ("webm", "libopus", 48_000, r"the sound ends at (9|10)\.\d s, the file announces 20\.\d s"),
    ],
)
def test_a_cut_off_file_keeps_what_was_recorded(
    tmp_path: Path, suffix: str, codec: str, rate: int, damage: str
) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (1, 20 * rate)).astype(np.float32)
    samples, recording = hear(truncate(write(tmp_path / f"a.{suffix}", noise, rate, codec), 0.5))
    assert 8.0 < len(samples) / 16_000 < 11.0
    assert re.fullmatch(damage, str(recording.damage))


def test_damage_names_both_durations(tmp_path: Path) -> None:
    path = truncate(write(tmp_path / "a.wav", tone(4.0), 16_000, "pcm_s16le"), 0.5)
    _, recording = hear(path)
    assert recording.damage == "the sound ends at 2.0 s, the file announces 4.0 s"


def test_garbage_in_the_middle_costs_only_itself(tmp_path: Path) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, (1, 320_000)).astype(np.float32)
    path = write(tmp_path / "a.flac", noise, 16_000, "flac")
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 200] = bytes(200)
    path.write_bytes(data)
    samples, recording = hear(path)
    assert 18.0 < len(samples) / 16_000 <= 20.1
    # The middle of the bytes of noise is the middle of its 20 s, within a block.
    assert re.fullmatch(r"a part near (9\.\d|10\.[0-5]) s is damaged", str(recording.damage))


def test_a_gap_in_the_time_stamps_becomes_silence(tmp_path: Path) -> None:
    samples, _ = hear(write(tmp_path / "a.mka", tone(2.0), 16_000, "pcm_s16le", gap=3.0))
    assert len(samples) / 16_000 == pytest.approx(5.0, abs=0.05)
    assert np.abs(samples[round(1.2 * 16_000) : round(3.8 * 16_000)]).max() == 0.0
    assert np.abs(samples[round(4.2 * 16_000) :]).max() == pytest.approx(0.5, abs=0.05)


def wav_with_header(path: Path, rate: int, data_bytes: int) -> Path:
    """Two seconds of sound under a header that tells another rate and size."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes((tone(2.0)[0] * 32767).astype("<i2").tobytes())
    data = bytearray(path.read_bytes())
    data[24:28] = struct.pack("<I", rate)
    data[40:44] = struct.pack("<I", data_bytes)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("data_bytes", [0xFFFFFFFF, 0x7FFFFFFF, 2 * 16_000 * 2 * 100])
def test_a_wrong_size_in_the_header_does_no_harm(tmp_path: Path, data_bytes: int) -> None:
    samples, _ = hear(wav_with_header(tmp_path / "a.wav", 16_000, data_bytes))
    assert len(samples) == 32_000


@pytest.mark.parametrize(
    ("rate", "told"),
    [
        (0, NO_RECORDING),
        (1, "its header says 1 samples a second, which cannot be"),
        (100, "its header says 100 samples a second, which cannot be"),
        (0xFFFFFFFF, NO_RECORDING),
    ],
)
def test_an_impossible_rate_is_refused(tmp_path: Path, rate: int, told: str) -> None:
    with pytest.raises(InputError, match=rf"a\.wav: {told}"):
        hear(wav_with_header(tmp_path / "a.wav", rate, 64_000))


def test_not_a_number_becomes_silence_and_what_is_too_loud_the_loudest(tmp_path: Path) -> None:
    sound, whole = tone(1.0), tone(1.0)[0]
    sound[0, 4000:8000] = np.nan
    sound[0, 8000:9000] = 1e30
    samples, _ = hear(write(tmp_path / "a.wav", sound, 16_000, "pcm_f32le"))
    assert samples.tolist() == [*whole[:4000], *[0.0] * 4000, *[1.0] * 1000, *whole[9000:]]


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.wav: no such file"):
        Recording(tmp_path / "none.wav")


def test_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        Recording(tmp_path)


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    with pytest.raises(InputError, match="is empty"):
        Recording(tmp_path / "a.wav")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1.0), 16_000, "pcm_s16le")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be opened"):
        Recording(path)


@pytest.mark.parametrize(
    "content",
    [
        "Жалобы на головную боль.".encode(),
        b"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile 'http://127.0.0.1:9/a.wav'\n",
        bytes(range(256)) * 40,
        b"RIFF\x00\x00\x00\x00WAVE",
    ],
    ids=["text", "playlist", "concat", "bytes", "header only"],
)
def test_not_a_recording(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(InputError, match=rf"a\.wav: {NO_RECORDING}") as caught:
        hear(path)
    assert "\n" not in str(caught.value)


def test_a_film_without_sound(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    with pytest.raises(InputError, match="no audio stream"):
        Recording(path)


def test_memory_does_not_grow_with_length(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", np.zeros((1, 2 * 60 * 8000), dtype=np.float32), 8_000, "flac")
    tracemalloc.start()
    try:
        with Recording(path) as recording:
            seconds = sum(len(block) for block in recording.blocks()) / 16_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seconds == pytest.approx(120, abs=0.1)
    assert peak < 3_000_000  # the whole would be 8 MB
