"""Which recordings a replay takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dictation.errors import InputError, UsageError
from dictation.replay.manifest import Item, read_items


def test_a_folder_gives_its_sound_files_in_order_with_subfolders(tmp_path: Path) -> None:
    for name in ("b.opus", "a.WAV", "день 2/в.mp3", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    assert [(item.id, item.audio.name) for item in read_items(tmp_path)] == [
        ("a", "a.WAV"),
        ("b", "b.opus"),
        ("день 2/в", "в.mp3"),
    ]


def test_a_manifest_names_recordings_relative_to_itself(tmp_path: Path) -> None:
    manifest = tmp_path / "m.jsonl"
    lines = [{"audio": "x/one.opus"}, {"audio": "two.wav", "id": "second", "context": "c.json"}]
    manifest.write_text("\n".join(json.dumps(line) for line in lines) + "\n\n", encoding="utf-8")
    assert read_items(manifest) == [
        Item("one", tmp_path / "x" / "one.opus"),
        Item("second", tmp_path / "two.wav", tmp_path / "c.json"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "m.jsonl:1: not a JSON object"),
        ('{"sound": "a.wav"}', "m.jsonl:1: "),
        ('{"audio": "a.wav", "id": "../../etc/a"}', "outside the output folder"),
        ('{"audio": "a.wav", "id": "/etc/a"}', "outside the output folder"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "m.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_items(tmp_path / "m.jsonl")


def test_two_recordings_of_one_name_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    (tmp_path / "a.mp3").touch()
    with pytest.raises(UsageError, match="two recordings are called 'a'"):
        read_items(tmp_path)


def test_nothing_to_replay_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no recordings"):
        read_items(tmp_path)
    with pytest.raises(InputError, match="no such folder"):
        read_items(tmp_path / "missing")
