"""The embedded recogniser on real sound: words, times, confidences; nothing where nobody speaks."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import numpy as np
import pytest

from dictation.errors import UsageError
from dictation.grammar.prompts import prompts
from dictation.speech import weights
from dictation.speech.catalogue import entry
from dictation.speech.engines import open_recogniser
from dictation.speech.recogniser import Recogniser
from dictation.speech.segment_stream import Glimpse
from dictation.speech.transcript import Transcript, Utterance
from dictation.speech.whisper import WhisperDecoder
from dictation.speech.whisper_stream import WhisperRecogniser
from tests.support import samples_of


@pytest.fixture(scope="module")
def whisper() -> Recogniser:
    return open_recogniser(None, "ru")


@pytest.fixture(scope="module")
def sound(short_recording: Path) -> np.ndarray:
    return samples_of(short_recording)


def listen(recogniser: Recogniser, sound: np.ndarray, block: int = 8000) -> list[Utterance]:
    stream = recogniser.stream()
    events = [event for i in range(0, len(sound), block) for event in stream.accept(sound[i : i + block])]
    assert all(isinstance(event, Utterance) for event in events)
    return [event for event in events if isinstance(event, Utterance)] + list(stream.finish())


def test_the_record_knows_the_model(whisper: Recogniser) -> None:
    assert (whisper.info.engine, whisper.info.model) == ("whisper", "whisper-base")
    assert whisper.info.sha256 == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"


@pytest.mark.slow
def test_words_times_and_confidences(whisper: Recogniser, sound: np.ndarray) -> None:
    heard = listen(whisper, sound)
    words = [word for utterance in heard for word in utterance.words]
    text = Transcript.from_utterances(heard).text
    assert len(words) > 8
    assert text == " ".join(word.text for word in words)
    assert re.fullmatch(r"[А-Яа-яЁё\s\W]+", text)
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert 0.0 <= times[0] <= times[-1] <= len(sound) / 16_000 + 0.005
    assert all(0.0 <= word.confidence <= 1.0 for word in words)
    assert np.mean([word.confidence for word in words]) > 0.6


def test_windows_are_whole_seconds_long() -> None:
    """Else memory grows with every length that is met. An utterance of 2.1 s and 3 s of silence make 6 s, at 50
    positions a second."""
    embedded = entry("whisper-base")
    assert embedded is not None
    decoder = WhisperDecoder(weights.joined(embedded), "ru", prompts("ru").alphabet)
    for seconds, positions in ((2.1, 300), (3.0, 300), (3.1, 350), (29.0, 1500), (40.0, 1500)):
        window = decoder.encode(np.zeros(round(seconds * 16_000), dtype=np.float32))
        assert list(window.features.shape) == [1, positions, 512]


@pytest.mark.slow
def test_words_stay_where_they_were_spoken(whisper: Recogniser, sound: np.ndarray) -> None:
    """The same speech after a pause of six seconds is heard six seconds and its own length later."""
    speech, pause = sound[: 6 * 16_000], np.zeros(6 * 16_000, dtype=np.float32)
    heard = listen(whisper, np.concatenate([speech, pause, speech]))
    words = [word for utterance in heard for word in utterance.words]
    first, second = [w for w in words if w.start < 6.0], [w for w in words if w.start >= 11.5]
    assert first
    assert len(first) + len(second) == len(words)
    assert second[0].start == pytest.approx(first[0].start + 12.0, abs=0.3)
    assert all(not (u.start < 6.0 and u.end > 12.0) for u in heard)


@pytest.mark.slow
def test_the_same_sound_gives_the_same_words(whisper: Recogniser, sound: np.ndarray) -> None:
    assert listen(whisper, sound) == listen(whisper, sound, block=1234)


@pytest.mark.slow
def test_a_glimpse_knows_of_which_words_it_is_sure(recording: Path) -> None:
    whisper = open_recogniser("whisper", "ru")
    assert isinstance(whisper, WhisperRecogniser)
    sound = samples_of(recording)
    # "Явка через четыре дня", said clearly; then from the middle of a word on.
    clear, cut = sound[39 * 16_000 :], sound[round(18.2 * 16_000) : round(24.2 * 16_000)]
    assert whisper.glimpse(clear, None) == Glimpse("Явка через четыре дня.", sure=4)
    assert whisper.glimpse(cut, None).sure == 0


@pytest.mark.parametrize("kind", ["silence", "white noise", "hum", "tone", "clicks"])
def test_nothing_is_invented_where_nobody_speaks(whisper: Recogniser, kind: str) -> None:
    time = np.arange(16_000 * 12) / 16_000
    random = np.random.default_rng(11)
    sound = {
        "silence": np.zeros_like(time),
        "white noise": random.normal(0, 0.1, len(time)),
        "hum": 0.3 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 100 * time),
        "tone": 0.5 * np.sin(2 * np.pi * 440 * time),
        "clicks": (random.random(len(time)) > 0.9998).astype(float),
    }[kind].astype(np.float32)
    assert listen(whisper, sound) == []


def test_no_network_is_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object) -> None:
        raise AssertionError("the network was touched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert open_recogniser("whisper", "ru").info.model == "whisper-base"


def test_a_language_without_rules() -> None:
    with pytest.raises(UsageError, match="no rules for language 'de'"):
        open_recogniser(None, "de")
