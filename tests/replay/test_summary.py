"""Gates, gold sets, word errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.errors import InputError
from dictation.replay.summary import read_gate, read_gold
from dictation.replay.word_errors import word_errors


def test_a_gate_tells_what_was_missed(tmp_path: Path) -> None:
    path = tmp_path / "gate.toml"
    path.write_text('[min]\ntext = 0.9\nvitals = 0.5\n[max]\n"silent-error" = 0.0\nwer = 0.2\n', encoding="utf-8")
    missed = read_gate(path).missed({"text": 0.85, "vitals": 0.5, "silent-error": 0.01})
    assert missed == [
        "text: 0.850, asked at least 0.9",
        "silent-error: 0.010, asked at most 0",
        "wer: not measured, asked at most 0.2",
    ]


@pytest.mark.parametrize("content", ["min = 3", "[min]\ntext = 'high'", "[minimum]\ntext = 1", "= ="])
def test_a_broken_gate_is_one_clear_error(tmp_path: Path, content: str) -> None:
    path = tmp_path / "gate.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"gate\.toml"):
        read_gate(path)


def test_gold_is_read_by_id_and_a_bad_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('{"id": "a", "fields": {"weight": 70}}\n\n{"id": "b"}\n', encoding="utf-8")
    with pytest.raises(InputError, match=r"gold\.jsonl:3"):
        read_gold(path)
    path.write_text('{"id": "a", "fields": {"weight": 70}}\n', encoding="utf-8")
    assert read_gold(path)["a"]["fields"] == {"weight": 70}


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [("а б в", "а б в", 0), ("а б в", "а в", 1), ("а б", "а х б у", 2), ("", "а", 1), ("а б", "б а", 2)],
)
def test_word_errors(said: str, heard: str, errors: int) -> None:
    assert word_errors(said.split(), heard.split()) == errors
