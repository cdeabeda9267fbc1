"""A Whisper model of CTranslate2 without the tokens that are never printed: the same words for less work.

Whisper has 51,865 tokens for a hundred languages; one language and its marks need some 3,700. The rows of the others
are left out when the weights are read. What remains is as it was: only the numbers of the tokens are others.
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import numpy as np

from dictation.errors import ModelError
from dictation.speech import model_bin

# Lists of tokens in the model's `config.json`.
_TOKEN_LISTS = ("suppress_ids", "suppress_ids_begin", "lang_ids")


class Tokens:
    """Which tokens of the full vocabulary were kept, and their numbers in the reduced model."""

    def __init__(self, kept: Sequence[int]) -> None:
        self.kept = sorted(kept)
        self._number = {token: number for number, token in enumerate(self.kept)}

    def reduced(self, tokens: Iterable[int]) -> list[int]:
        """Numbers in the reduced model; tokens that were not kept are passed over."""
        return [self._number[token] for token in tokens if token in self._number]

    def full(self, numbers: Iterable[int]) -> list[int]:
        """Tokens of the full vocabulary."""
        return [self.kept[number] for number in numbers]


def files(directory: Path, tokens: Tokens) -> dict[str, bytes]:
    """The files of the reduced model, by name. ModelError where the directory holds no model that can be read."""
    try:
        vocabulary = _vocabulary(directory)
        config = json.loads((directory / "config.json").read_text("utf-8"))
        reduced = {name: tokens.reduced(config[name]) for name in _TOKEN_LISTS if name in config}
        return {
            "model.bin": _weights(directory / "model.bin", tokens.kept, len(vocabulary)),
            "vocabulary.json": json.dumps([vocabulary[token] for token in tokens.kept]).encode(),
            "config.json": json.dumps({**config, **reduced}).encode(),
        }
    except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
        raise unusable(directory, error) from error


def unusable(directory: Path, error: Exception) -> ModelError:
    """What is said of a model that cannot be loaded."""
    return ModelError(f"{directory}: is not a Whisper model that can be loaded ({error}); install it again")


def _vocabulary(directory: Path) -> list[str]:
    listed = directory / "vocabulary.json"
    if listed.is_file():
        words: list[str] = json.loads(listed.read_text("utf-8"))
        return words
    return (directory / "vocabulary.txt").read_text("utf-8").removesuffix("\n").split("\n")


def _weights(path: Path, kept: list[int], vocabulary: int) -> bytes:
    """The weights file with the kept rows alone of every tensor of the decoder that has a row for each token."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
        with memoryview(whole) as data:
            pieces = list(_pieces(file, data, kept, vocabulary))
            made = b"".join(pieces)
            for piece in pieces:
                piece.release()
        return made


def _pieces(file: BinaryIO, data: memoryview, kept: list[int], vocabulary: int) -> Iterator[memoryview]:
    done = 0
    for tensor in model_bin.tensors(file):
        if tensor.name.startswith("decoder/") and tensor.shape[:1] == (vocabulary,):
            yield data[done : tensor.head]
            rows = np.frombuffer(data[tensor.begin : tensor.end], np.uint8).reshape(vocabulary, -1)[kept].tobytes()
            yield memoryview(model_bin.head_of((len(kept), *tensor.shape[1:]), tensor.kind, len(rows)))
            yield memoryview(rows)
            done = tensor.end
    yield data[done:]
