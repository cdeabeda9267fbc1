"""A microphone on a real sound stack: PulseAudio, ALSA, PortAudio. What is played into it must come out, whole."""

from __future__ import annotations

import ctypes
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from dictation.audio.blocks import RATE
from dictation.audio.conversion import Converter
from dictation.audio.devices import choose, input_devices
from dictation.audio.intake import QUEUE_SECONDS
from dictation.audio.microphone import Lost, Microphone, MicrophoneEvent, Overflow, Regained, Silent
from dictation.audio.portaudio import portaudio
from dictation.errors import DeviceError, UsageError
from tests.audio.sound_server import MICROPHONE, SoundServer, sound_server
from tests.support import samples_of

Sound = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def server() -> Iterator[SoundServer]:
    with sound_server() as server, pytest.MonkeyPatch.context() as environment:
        environment.setenv("ALSA_CONFIG_PATH", str(server.alsa_config))
        yield server


@pytest.fixture
def plugged(server: SoundServer) -> Iterator[SoundServer]:
    server.plug()
    yield server
    server.unplug()


@pytest.fixture(scope="module")
def speech(recording: Path) -> Sound:
    """Three seconds of speech."""
    return samples_of(recording)[RATE : 4 * RATE]


class Listener(threading.Thread):
    """Reads a microphone to its end and keeps what it gave, in order."""

    def __init__(self, microphone: Microphone) -> None:
        super().__init__(daemon=True)
        self._microphone = microphone
        self.items: list[Sound | MicrophoneEvent] = []
        self.start()

    def run(self) -> None:
        for item in self._microphone.blocks():
            self.items.append(item)

    @property
    def events(self) -> list[MicrophoneEvent]:
        return [item for item in self.items if not isinstance(item, np.ndarray)]

    @property
    def sound(self) -> Sound:
        return np.concatenate(
            [item for item in self.items if isinstance(item, np.ndarray)] or [np.zeros(0, np.float32)]
        )

    def wait_for_sound(self, seconds: float) -> None:
        """Until so much more has come."""
        wanted = len(self.sound) + seconds * RATE
        self._wait(lambda: len(self.sound) >= wanted, f"{seconds} s of sound")

    def wait_for(self, kind: type[MicrophoneEvent]) -> None:
        self._wait(lambda: any(isinstance(event, kind) for event in self.events), kind.__name__)

    def _wait(self, condition: object, what: str) -> None:
        assert callable(condition)
        until = time.monotonic() + 10
        while not condition():
            assert time.monotonic() < until, f"no {what} within 10 s"
            time.sleep(0.02)

    def finish(self) -> None:
        self._microphone.stop()
        self.join(5)
        assert not self.is_alive(), "stop() did not end blocks()"


def place(part: Sound, whole: Sound) -> tuple[int, float]:
    """Where the part lies in the whole, in samples, and how alike they are there (1: the same but for loudness)."""
    size = 1 << (len(part) + len(whole)).bit_length()
    product = np.fft.irfft(np.fft.rfft(whole, size) * np.conj(np.fft.rfft(part, size)), size)
    at = int(product[: len(whole)].argmax())
    there = whole[at : at + len(part)]
    part = part[: len(there)]
    return at, float(there @ part / np.sqrt((there @ there) * (part @ part) + 1e-12))


def assert_holds(heard: Sound, played: Sound) -> None:
    """Every half second of what was played is heard, each in its place: nothing lost, nothing twice."""
    start, likeness = place(played, heard)
    assert likeness > 0.98
    for at in range(0, len(played) - RATE // 2 + 1, RATE // 2):
        part = played[at : at + RATE // 2]
        if np.abs(part).max() > 0.05:
            around = heard[max(start + at - 2, 0) : start + at + len(part) + 2]
            assert place(part, around)[1] > 0.97, f"what was played at {at / RATE} s is not in its place"


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (48_000, 6)])
def test_what_is_spoken_comes_out_whole(server: SoundServer, speech: Sound, rate: int, channels: int) -> None:
    server.plug(rate, channels)
    try:
        with Microphone(MICROPHONE) as microphone:
            listener = Listener(microphone)
            listener.wait_for_sound(0.1)
            began, before = time.monotonic(), len(listener.sound)
            server.play(speech)
            listener.wait_for_sound(0.3)
            listener.finish()
            lasted = time.monotonic() - began
    finally:
        server.unplug()
    blocks = [item for item in listener.items if isinstance(item, np.ndarray)]
    assert {(block.shape, block.dtype.name) for block in blocks} == {((512,), "float32")}
    assert_holds(listener.sound, speech)
    # The clock of the sound is that of the wall, but for what is on its way.
    assert (len(listener.sound) - before) / RATE == pytest.approx(lasted, abs=0.4)


@pytest.mark.parametrize(("rate", "channels"), [(48_000, 4), (8_000, 1)])
def test_a_device_of_any_rate_and_channels_is_converted(
    plugged: SoundServer, speech: Sound, rate: int, channels: int
) -> None:
    converter, pieces = Converter(rate, channels), []
    _, stream = portaudio().open(
        lambda devices: replace(choose(devices, MICROPHONE), rate=float(rate)),
        lambda _: channels,
        lambda data, *_: pieces.append(bytes(data)),
        lambda: None,
    )
    try:
        portaudio().start(stream)
        while not pieces:
            time.sleep(0.02)
        plugged.play(speech[: 3 * RATE // 2])
        time.sleep(0.5)
    finally:
        portaudio().close(stream).result(5)
    heard = np.concatenate([*map(converter.convert, pieces), converter.rest()])
    assert len(heard) == pytest.approx(sum(map(len, pieces)) / (2 * channels) * RATE / rate, abs=2)
    _, likeness = place(speech[: 3 * RATE // 2], heard)
    assert likeness > (0.98 if rate > 8_000 else 0.8)


def test_unplugged_it_says_so_and_goes_on_when_it_is_back(plugged: SoundServer, speech: Sound) -> None:
    half = speech[: 3 * RATE // 2]
    with Microphone("desk") as microphone:
        listener = Listener(microphone)
        listener.wait_for_sound(0.1)
        plugged.play(half)
        listener.wait_for_sound(0.3)
        plugged.unplug()
        listener.wait_for(Lost)
        heard_before = len(listener.sound)
        time.sleep(1.0)
        assert len(listener.sound) == heard_before
        plugged.plug(rate=44_100, channels=1)
        listener.wait_for(Regained)
        plugged.play(speech)
        listener.wait_for_sound(0.3)
        listener.finish()
    at = heard_before / RATE
    assert listener.events == [Lost(at, MICROPHONE), Regained(at, MICROPHONE)]
    assert_holds(listener.sound[:heard_before], half)
    assert_holds(listener.sound[heard_before:], speech)


def test_a_sound_server_that_crashes_is_waited_for(plugged: SoundServer, speech: Sound) -> None:
    with Microphone(MICROPHONE) as microphone:
        listener = Listener(microphone)
        listener.wait_for_sound(0.1)
        plugged.kill()
        listener.wait_for(Lost)
        with pytest.raises(DeviceError, match="no microphone found; plug one in"):
            input_devices()
        plugged.start()
        plugged.plug()
        listener.wait_for(Regained)
        plugged.play(speech)
        listener.wait_for_sound(0.3)
        listener.finish()
    assert [type(event) for event in listener.events] == [Lost, Regained]
    assert_holds(listener.sound, speech)


def test_a_device_that_hangs_is_lost_after_a_second_and_does_not_keep_us(plugged: SoundServer) -> None:
    with Microphone(MICROPHONE) as microphone:
        listener = Listener(microphone)
        listener.wait_for_sound(0.2)
        with plugged.frozen():
            began = time.monotonic()
            listener.wait_for(Lost)
            assert 0.9 < time.monotonic() - began < 1.8
        listener.wait_for(Regained)
        listener.wait_for_sound(0.2)
        with plugged.frozen():
            listener.finish()
            began = time.monotonic()
            microphone.__exit__(None, None, None)
            assert time.monotonic() - began < 5


def test_a_program_that_was_held_up_does_not_take_the_microphone_for_lost(plugged: SoundServer) -> None:
    with Microphone(MICROPHONE) as microphone:
        listener = Listener(microphone)
        listener.wait_for_sound(0.1)
        # Called so, the C library keeps every Python thread waiting, PortAudio's callback too.
        ctypes.PyDLL(None).usleep(1_500_000)
        listener.wait_for_sound(1.5)
        listener.finish()
    assert listener.events == []


def test_a_reader_that_sleeps_too_long_is_told_what_it_missed(plugged: SoundServer, speech: Sound) -> None:
    with Microphone(MICROPHONE) as microphone:
        blocks = microphone.blocks()
        next(blocks)
        began = time.monotonic()
        plugged.play(speech)
        time.sleep(QUEUE_SECONDS + 2.0 - (time.monotonic() - began))
        microphone.stop()
        items = list(blocks)
        lasted = time.monotonic() - began
    (overflow,) = (item for item in items if not isinstance(item, np.ndarray))
    sound = np.concatenate([item for item in items if isinstance(item, np.ndarray)])
    assert isinstance(overflow, Overflow)
    assert overflow.at == pytest.approx(QUEUE_SECONDS, abs=0.1)
    assert overflow.seconds == pytest.approx(2.0, abs=0.5)
    # The gap is silence: the clock is that of the wall.
    assert len(sound) / RATE == pytest.approx(lasted, abs=0.5)
    assert not sound[round((overflow.at + 0.1) * RATE) : round((overflow.at + overflow.seconds - 0.1) * RATE)].any()
    assert_holds(sound, speech)


def test_a_signal_handler_stops_it_and_what_was_said_is_given_out(plugged: SoundServer, speech: Sound) -> None:
    half = speech[: 3 * RATE // 2]

    def speak_then_stop() -> None:
        plugged.play(half)
        time.sleep(0.2)
        os.kill(os.getpid(), signal.SIGUSR1)

    with Microphone(MICROPHONE) as microphone:
        before = signal.signal(signal.SIGUSR1, lambda *_: microphone.stop())
        try:
            blocks = microphone.blocks()
            items = [next(blocks)]
            threading.Thread(target=speak_then_stop).start()
            items += list(blocks)
        finally:
            signal.signal(signal.SIGUSR1, before)
    assert all(isinstance(item, np.ndarray) for item in items)
    assert_holds(np.concatenate(items), half)


def test_paused_it_gives_nothing_and_resumes_half_a_second_ago(plugged: SoundServer, speech: Sound) -> None:
    half = speech[: 3 * RATE // 2]
    with Microphone(MICROPHONE) as microphone:
        listener = Listener(microphone)
        listener.wait_for_sound(0.1)
        microphone.pause()
        time.sleep(0.5)
        given = len(listener.sound)
        plugged.play(half)
        time.sleep(0.7)
        assert len(listener.sound) == given
        played = threading.Thread(target=plugged.play, args=(half,))
        played.start()
        time.sleep(0.1)
        microphone.resume()
        played.join()
        listener.wait_for_sound(0.3)
        listener.finish()
    heard = listener.sound[given:]
    assert_holds(heard, half)
    assert place(half, heard)[0] / RATE > 0.2
    # Of what was said while it was paused no more than half a second is there.
    assert len(heard) / RATE < 0.5 + 0.1 + len(half) / RATE + 1.3


def test_a_muted_microphone_is_noticed(plugged: SoundServer) -> None:
    with Microphone(MICROPHONE) as microphone:
        listener = Listener(microphone)
        listener.wait_for(Silent)
        assert (microphone.level, microphone.peak) == (-96.0, -96.0)
        listener.finish()
    (event,) = listener.events
    assert event.at == pytest.approx(3.0, abs=0.1)


def test_the_level_is_that_of_the_last_tenth_of_a_second(plugged: SoundServer) -> None:
    # A sine of amplitude 0.5 has its peak at 20·log10(0.5) = −6.0 dBFS and its effective value 3.0 dB below.
    time_axis = np.arange(RATE) / RATE
    tone = (0.5 * np.sin(2 * np.pi * 440 * time_axis) * np.clip(10 * time_axis, 0, 1)).astype(np.float32)
    with Microphone(MICROPHONE) as microphone:
        listener = Listener(microphone)
        listener.wait_for_sound(0.1)
        playing = threading.Thread(target=plugged.play, args=(tone,))
        playing.start()
        levels = []
        while playing.is_alive():
            levels.append((microphone.level, microphone.peak))
            time.sleep(0.02)
        listener.finish()
    assert max(level for level, _ in levels) == pytest.approx(-9.03, abs=0.2)
    assert max(peak for _, peak in levels) == pytest.approx(-6.02, abs=0.3)


def test_microphones_are_listed_by_name_and_an_unknown_name_lists_them(plugged: SoundServer) -> None:
    assert MICROPHONE in [device.name for device in input_devices()]
    with pytest.raises(UsageError, match=f"no microphone is called 'Studio'; there are: .*{MICROPHONE}"):
        Microphone("Studio").__enter__()
