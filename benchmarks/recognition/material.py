"""What is listened to: dictations in synthetic voices, and two people reading."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path
from typing import TypeVar

from benchmarks.adaptation.corpora import Sentence, asterisk, festvox

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording, the set it belongs to, and what is said in it. In dictations, terms and drug names are counted."""

    set: str
    path: Path
    said: str
    clinical: bool = False


def dictations(directory: Path, most: int | None) -> list[Piece]:
    """`dev.jsonl` with `dev/` and its `voices.json`; of every voice in turn, until there are `most`."""
    voices = {one["id"]: one["voice"] for one in json.loads((directory / "dev" / "voices.json").read_text("utf-8"))}
    by_voice: dict[str, list[Piece]] = defaultdict(list)
    with (directory / "dev.jsonl").open(encoding="utf-8") as lines:
        for case in map(json.loads, lines):
            path = directory / "dev" / f"{case['id']}.opus"
            voice = voices[case["id"]]
            by_voice[voice].append(Piece(f"dictation, {voice}", path, case["spoken"], clinical=True))
    turns = chain.from_iterable(zip_longest(*(by_voice[voice] for voice in sorted(by_voice))))
    taken = [piece for piece in turns if piece][:most]
    return sorted(taken, key=lambda piece: (piece.set, piece.path))


def woman(sounds: Path, texts: Path, most: int | None) -> list[Piece]:
    """Prompts of asterisk-core-sounds-ru-g722; those whose text holds digits are left out."""
    return _pieces("recorded woman", asterisk(sounds, texts), most)


def man(directory: Path, most: int | None) -> list[Piece]:
    """Sentences of festvox-ru."""
    return _pieces("recorded man", festvox(directory), most)


def _pieces(name: str, sentences: Iterable[Sentence], most: int | None) -> list[Piece]:
    return [Piece(name, sentence.path, sentence.text) for sentence in evenly(list(sentences), most)]


def evenly(items: Sequence[T], most: int | None) -> list[T]:
    """At most so many of them, at equal distances."""
    if most is None or len(items) <= most:
        return list(items)
    return [items[number * len(items) // most] for number in range(most)]
