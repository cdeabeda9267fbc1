"""A model's files without the tokens that are never printed."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from dictation.errors import ModelError
from dictation.speech.reduced import Tokens, files

VOCABULARY = ["a", "ж", "5", "б", "<|endoftext|>"]


def string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return struct.pack("<H", len(data)) + data


def tensor(name: str, values: np.ndarray, kind: int) -> bytes:
    shape = b"".join(struct.pack("<I", size) for size in values.shape)
    data = values.tobytes()
    return string(name) + struct.pack("<B", values.ndim) + shape + struct.pack("<BI", kind, len(data)) + data


def weights(rows: list[int]) -> bytes:
    """Two tensors of the decoder with a row a token (float16, and float32 scales) and one of the encoder that only
    looks like it, then an alias."""
    table = np.arange(10, dtype="<f2").reshape(5, 2)
    scales = np.arange(5, dtype="<f4")
    head = struct.pack("<I", 6) + string("WhisperSpec") + struct.pack("<II", 3, 3)
    alias = struct.pack("<I", 1) + string("decoder/projection/weight") + string("decoder/embeddings/weight")
    return (
        head
        + tensor("decoder/embeddings/weight", table[rows], 4)
        + tensor("decoder/embeddings/weight_scale", scales[rows], 0)
        + tensor("encoder/layer/weight", table, 4)
        + alias
    )


@pytest.fixture
def model(tmp_path: Path) -> Path:
    (tmp_path / "model.bin").write_bytes(weights([0, 1, 2, 3, 4]))
    (tmp_path / "vocabulary.txt").write_text("\n".join(VOCABULARY) + "\n", encoding="utf-8")
    config = {"suppress_ids": [2, 3], "lang_ids": [0], "alignment_heads": [[1, 2]]}
    (tmp_path / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return tmp_path


def test_numbers_of_tokens() -> None:
    tokens = Tokens([4, 1, 3])
    assert tokens.reduced([1, 3, 4]) == [0, 1, 2]
    assert tokens.reduced([2, 4]) == [2]
    assert tokens.full([2, 0]) == [4, 1]


def test_rows_of_the_kept_tokens(model: Path) -> None:
    reduced = files(model, Tokens([1, 3, 4]))
    assert reduced["model.bin"] == weights([1, 3, 4])
    assert json.loads(reduced["vocabulary.json"]) == ["ж", "б", "<|endoftext|>"]
    assert json.loads(reduced["config.json"]) == {"suppress_ids": [1], "lang_ids": [], "alignment_heads": [[1, 2]]}


def test_a_vocabulary_as_json(model: Path) -> None:
    (model / "vocabulary.txt").unlink()
    (model / "vocabulary.json").write_text(json.dumps(VOCABULARY), encoding="utf-8")
    assert json.loads(files(model, Tokens([0, 2]))["vocabulary.json"]) == ["a", "5"]


@pytest.mark.parametrize("name", ["model.bin", "config.json", "vocabulary.txt"])
def test_a_damaged_model_is_refused(model: Path, name: str) -> None:
    (model / name).write_bytes((model / name).read_bytes()[:7])
    with pytest.raises(ModelError, match="is not a Whisper model that can be loaded"):
        files(model, Tokens([1, 4]))
