"""The sentences that the delta is learned from and judged by: clinical speech read by synthetic voices, and two
corpora of recorded people. What is held out is chosen by the text, before anything else, and never learned from."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from av.audio.resampler import AudioResampler

from dictation.audio.blocks import RATE, Samples

WOMAN, MAN = "woman", "man"
_RECORDED_HELD_OUT = 5  # every fifth prompt
_CLINICAL_HELD_OUT = 14


@dataclass(frozen=True, slots=True)
class Sentence:
    """One clip and what is said in it. `phrases` are the text cut where a comma may or may not be written."""

    id: str
    path: Path
    voice: str
    phrases: tuple[str, ...]
    part: str
    held_out: bool

    @property
    def text(self) -> str:
        return " ".join(self.phrases)


def clinical(directory: Path) -> Iterator[Sentence]:
    """`manifest.jsonl` (id, text, voice, part) with `clips/{id}.opus`. About one text in fourteen is held out."""
    with (directory / "manifest.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            clip = json.loads(line)
            path = directory / "clips" / f"{clip['id']}.opus"
            held_out = _drawn(clip["text"], _CLINICAL_HELD_OUT)
            yield Sentence(clip["id"], path, clip["voice"], (clip["text"],), clip["part"], held_out)


def asterisk(sounds: Path, texts: Path) -> Iterator[Sentence]:
    """The prompts of asterisk-core-sounds-ru(-g722): one woman. Those with digits, Latin letters or remarks in
    brackets are left out, for their text is not what is said; so are the names of letters."""
    with gzip.open(texts, "rt", encoding="utf-8") as lines:
        for line in lines:
            name, _, text = line.partition(": ")
            text, path = " ".join(text.split()), sounds / f"{name}.g722"
            spoken = re.search("[а-яё]", text) and not re.search(r"[\dA-Za-z\[\]*#<>()]", text)
            if spoken and path.is_file() and not name.startswith(("letters/", "phonetic/", "silence/")):
                held_out = _drawn(_words(text), _RECORDED_HELD_OUT)
                yield Sentence(f"asterisk-{name.replace('/', '-')}", path, WOMAN, (text,), "recorded", held_out)


def festvox(directory: Path) -> Iterator[Sentence]:
    """The sentences of festvox-ru: one man. Its texts have + for stress, and commas at pauses of the voice."""
    texts = (directory / "etc" / "txt.done.data").read_text(encoding="utf-8")
    for name, written in re.findall(r'\( (ru_\d+) "(.*)" \)', texts):
        path = directory / "wav" / f"{name}.wav"
        if not path.is_file() or re.search(r"[\dA-Za-z]", written):
            continue
        phrases = tuple(phrase.strip() for phrase in written.replace("+", "").split(",") if phrase.strip())
        yield Sentence(name, path, MAN, phrases, "recorded", _drawn(_words(written), _RECORDED_HELD_OUT))


def samples(path: Path) -> Samples:
    """The whole clip, 16 kHz mono."""
    with av.open(str(path), format="g722" if path.suffix == ".g722" else None) as container:
        return _resampled(container.decode(audio=0))


def faster(clip: Samples, speed: float) -> Samples:
    """The clip played so many times as fast: higher and with shorter resonances, as from another speaker."""
    frame = av.AudioFrame.from_ndarray(clip[None, :], format="flt", layout="mono")
    frame.sample_rate = round(RATE * speed)
    return _resampled([frame])


def _resampled(frames: Iterable[av.AudioFrame]) -> Samples:
    resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
    made = [part for frame in frames for part in resampler.resample(frame)]
    made += resampler.resample(None)
    return np.concatenate([part.to_ndarray()[0] for part in made]).astype(np.float32)


def _words(text: str) -> str:
    return " ".join(re.findall("[а-яё]+", text.replace("+", "").lower()))


def _drawn(text: str, one_in: int) -> bool:
    """The same texts on every machine, and the same text in every voice."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % one_in == 0
