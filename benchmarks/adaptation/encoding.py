r"""Windows through the frozen encoder, once: what the decoder learns from, kept on disk.

python -m benchmarks.adaptation.encoding --clinical DIR --asterisk DIR --asterisk-texts FILE --festvox DIR \
        --cache DIR [--most N]
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np

from benchmarks.adaptation.corpora import MAN, Sentence, asterisk, clinical, festvox
from benchmarks.adaptation.windows import TrainingWindow, windows
from dictation.grammar.prompts import prompts
from dictation.speech import weights
from dictation.speech.catalogue import entry
from dictation.speech.whisper import WhisperDecoder, WhisperSettings

_BASE = "whisper-base"
_SEED = 20
_MOST_OF_THE_MAN = 150  # sentences; he reads much longer ones than the woman
_PASSES = 2  # over what is learned from; every time joined, spoilt and sped up anew
_CLINICAL_SPEEDS = (0.85, 1.18)  # three voices are to become many
_RECORDED_SPEEDS = (0.95, 1.05)
_PADDING = (1.0, 2.0, 5.0)  # seconds of silence behind a window to learn from; decoding has 3 to 4


def add_corpora(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--clinical", type=Path, required=True, help="directory with manifest.jsonl and clips/")
    parser.add_argument("--asterisk", type=Path, required=True, help="sounds of asterisk-core-sounds-ru-g722")
    parser.add_argument("--asterisk-texts", type=Path, required=True, help="core-sounds-ru.txt.gz")
    parser.add_argument("--festvox", type=Path, required=True, help="msu_ru_nsh_clunits of festvox-ru")


def sentences(arguments: argparse.Namespace) -> list[Sentence]:
    return [
        *clinical(arguments.clinical),
        *asterisk(arguments.asterisk, arguments.asterisk_texts),
        *festvox(arguments.festvox),
    ]


def _balanced(sentences: list[Sentence], chance: random.Random) -> list[Sentence]:
    man = [sentence for sentence in sentences if sentence.voice == MAN]
    left_out = {sentence.id for sentence in chance.sample(man, max(len(man) - _MOST_OF_THE_MAN, 0))}
    return [sentence for sentence in sentences if sentence.id not in left_out]


def all_windows(everything: list[Sentence]) -> Iterator[tuple[str, bool, TrainingWindow]]:
    """Kind, whether held out, and the window: what is held out first, then recorded and clinical in turn, so that
    whatever part is taken from the beginning holds both."""
    chance = random.Random(_SEED)

    def made(recorded: bool, held_out: bool) -> Iterator[tuple[str, bool, TrainingWindow]]:
        own = [one for one in everything if (one.part == "recorded") == recorded and one.held_out == held_out]
        for _ in range(1 if held_out else _PASSES):
            speeds = (1.0, 1.0) if held_out else _RECORDED_SPEEDS if recorded else _CLINICAL_SPEEDS
            ready = list(windows(_balanced(own, chance), chance, speeds))
            if not held_out:
                chance.shuffle(ready)
            for window in ready:
                yield "recorded" if recorded else "clinical", held_out, window

    yield from made(recorded=True, held_out=True)
    yield from made(recorded=False, held_out=True)
    recorded, clinical_ones = made(recorded=True, held_out=False), made(recorded=False, held_out=False)
    for three in zip_longest(recorded, clinical_ones, clinical_ones):
        yield from (one for one in three if one)


def main() -> None:
    parser = argparse.ArgumentParser(description="Training windows through the frozen encoder.")
    add_corpora(parser)
    parser.add_argument("--cache", type=Path, required=True, help="directory for the encoded windows")
    parser.add_argument("--most", type=int, default=3000, help="windows")
    arguments = parser.parse_args()
    arguments.cache.mkdir(parents=True, exist_ok=True)
    base = entry(_BASE)
    if base is None:
        parser.error(f"{_BASE} is not in the catalogue")
    model, alphabet = weights.joined(base), prompts("ru").alphabet
    decoders = [WhisperDecoder(model, "ru", alphabet, WhisperSettings(padding=padding)) for padding in _PADDING]
    with (arguments.cache / "windows.jsonl").open("w", encoding="utf-8") as list_of_windows:
        for number, (kind, held_out, window) in enumerate(islice(all_windows(sentences(arguments)), arguments.most)):
            place = arguments.cache / f"{number:04}.npy"
            if not place.is_file():
                decoder = decoders[-1] if held_out else decoders[number % len(decoders)]
                np.save(place, np.array(decoder.encode(window.samples).features)[0].astype(np.float16))
            row = {"name": place.stem, "kind": kind, "held_out": held_out, "phrases": window.phrases}
            list_of_windows.write(json.dumps(row, ensure_ascii=False) + "\n")
            list_of_windows.flush()


if __name__ == "__main__":
    main()
