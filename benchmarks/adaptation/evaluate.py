"""Word and character errors of models on what nothing was learned from, decoded as the product decodes.

    python -m benchmarks.adaptation.evaluate CORPORA --dev DIR --most N ENGINE...

`ENGINE` is anything `dictation --engine` takes. Sets: the dictations of `--dev` (`dev.jsonl` with `spoken`, `dev/`
with the recordings and `voices.json`) by voice, the held-out prompts of the recorded woman and man, the held-out
clinical sentences; of the last three at most N each. Counted are words in lower case without punctuation, ё as е.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rapidfuzz.distance import Levenshtein
from rich.console import Console
from rich.table import Table

from benchmarks.adaptation.corpora import samples
from benchmarks.adaptation.encoding import add_corpora, sentences
from dictation.audio.blocks import RATE
from dictation.speech.engines import open_recogniser
from dictation.speech.recogniser import Recogniser
from dictation.speech.transcript import Utterance


def spoken(text: str) -> list[str]:
    return re.findall("[а-яa-z0-9]+", text.lower().replace("ё", "е"))


def heard(recogniser: Recogniser, path: Path) -> list[str]:
    sound, stream = samples(path), recogniser.stream()
    found = []
    for at in range(0, len(sound), RATE // 2):
        found += list(stream.accept(sound[at : at + RATE // 2]))
    found += list(stream.finish())
    return spoken(" ".join(word.text for one in found if isinstance(one, Utterance) for word in one.words))


def sets(arguments: argparse.Namespace) -> Iterator[tuple[str, Path, list[str]]]:
    """Set, recording, words that are spoken in it."""
    voices = {one["id"]: one["voice"] for one in _json(arguments.dev / "dev" / "voices.json")}
    for line in (arguments.dev / "dev.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        if arguments.voices is None or voices[case["id"]] in arguments.voices:
            yield (
                f"dictation, {voices[case['id']]}",
                arguments.dev / "dev" / f"{case['id']}.opus",
                spoken(case["spoken"]),
            )
    held_out = [one for one in sentences(arguments) if one.held_out]
    random.Random(1).shuffle(held_out)
    taken: dict[str, int] = defaultdict(int)
    for one in held_out:
        name = f"held-out {one.voice if one.part == 'recorded' else one.part}"
        taken[name] += 1
        if taken[name] <= arguments.most:
            yield name, one.path, spoken(one.text)


def _json(path: Path) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Errors of models on held-out speech.")
    add_corpora(parser)
    parser.add_argument("--dev", type=Path, required=True)
    parser.add_argument("--voices", nargs="*", help="only these voices of the dictations")
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--transcripts", type=Path, help="write what was heard here, JSON lines")
    parser.add_argument("engines", nargs="+")
    arguments = parser.parse_args()
    everything = list(sets(arguments))
    table = Table("set", *(f"{Path(engine).name}: WER, CER" for engine in arguments.engines))
    counts: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0]))
    for engine in arguments.engines:
        recogniser = open_recogniser(engine, "ru")
        for name, path, said in everything:
            words = heard(recogniser, path)
            letters, expected = " ".join(words), " ".join(said)
            wrong, wrong_letters = Levenshtein.distance(words, said), Levenshtein.distance(letters, expected)
            found = (wrong, len(said), wrong_letters, len(expected))
            counts[name][engine] = [a + b for a, b in zip(counts[name][engine], found, strict=True)]
            if arguments.transcripts:
                with arguments.transcripts.open("a", encoding="utf-8") as out:
                    row = {"engine": engine, "set": name, "file": path.name, "heard": letters, "said": expected}
                    out.write(json.dumps({**row, "wrong": wrong, "words": len(said)}, ensure_ascii=False) + "\n")
    for name, by_engine in counts.items():
        cells = [f"{a / b:.3f}  {c / d:.3f}" for a, b, c, d in by_engine.values()]
        table.add_row(f"{name} ({next(iter(by_engine.values()))[1]} words)", *cells)
    Console(width=40 + 30 * len(arguments.engines)).print(table)


if __name__ == "__main__":
    main()
