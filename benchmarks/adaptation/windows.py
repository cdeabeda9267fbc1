"""Sentences joined into windows as long as the product decodes at once, some of them in noise and reverberation."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from benchmarks.adaptation.corpora import Sentence, faster, samples
from dictation.audio.blocks import RATE, Samples

_LONGEST = 14.0  # the product decodes up to 15 s at once
_SPOILT = 0.4  # share of windows with noise, reverberation or both


@dataclass(frozen=True, slots=True)
class TrainingWindow:
    phrases: tuple[str, ...]
    part: str
    samples: Samples


def windows(
    sentences: list[Sentence], chance: random.Random, speeds: tuple[float, float] = (1.0, 1.0)
) -> Iterator[TrainingWindow]:
    """Sentences of one voice each, in random order and number, with pauses between them; each window is played at a
    speed drawn between `speeds`."""
    for voice in sorted({sentence.voice for sentence in sentences}):
        own = [sentence for sentence in sentences if sentence.voice == voice]
        chance.shuffle(own)
        phrases: list[str] = []
        sound: list[Samples] = []
        seconds, limit, speed = 0.0, chance.uniform(3, _LONGEST), chance.uniform(*speeds)
        for sentence in own:
            clip = faster(samples(sentence.path), speed)
            if sound and seconds + len(clip) / RATE > limit:
                yield TrainingWindow(tuple(phrases), sentence.part, _spoilt(np.concatenate(sound), chance))
                phrases, sound, seconds, limit = [], [], 0.0, chance.uniform(3, _LONGEST)
                speed = chance.uniform(*speeds)
            if len(clip) > _LONGEST * RATE:
                continue
            pause = np.zeros(round(chance.uniform(0.1, 0.5) * RATE), np.float32)
            phrases += sentence.phrases
            sound += [clip, pause]
            seconds += (len(clip) + len(pause)) / RATE
        if sound:
            yield TrainingWindow(tuple(phrases), own[0].part, _spoilt(np.concatenate(sound), chance))


def _spoilt(sound: Samples, chance: random.Random) -> Samples:
    if chance.random() > _SPOILT:
        return sound
    source = np.random.default_rng(chance.getrandbits(32))
    if chance.random() < 0.5:
        sound = _in_a_room(sound, chance.uniform(0.1, 0.4), source)
    level = float(np.sqrt(np.mean(sound**2))) * 10 ** (-chance.uniform(15, 35) / 20)
    return (sound + level * _noise(len(sound), source)).astype(np.float32)


def _in_a_room(sound: Samples, decay: float, source: np.random.Generator) -> Samples:
    """`decay`: seconds until the echo has fallen by 60 dB."""
    length = round(decay * RATE)
    echo = source.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    echo *= 0.3 / np.sqrt(np.sum(echo**2))
    echo[0] = 1.0
    size = len(sound) + length
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(echo, size), size)
    heard: Samples = wet[: len(sound)].astype(np.float32)
    return heard


def _noise(length: int, source: np.random.Generator) -> Samples:
    """Noise whose power falls with frequency, as that of rooms and fans; unit power."""
    spectrum = np.fft.rfft(source.standard_normal(length))
    shaped = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 50.0), length)
    made: Samples = (shaped / np.sqrt(np.mean(shaped**2))).astype(np.float32)
    return made
