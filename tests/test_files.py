"""Files are written whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.errors import InputError
from dictation.files import write_atomically


def test_writes_into_a_new_folder_with_cyrillic_and_space(tmp_path: Path) -> None:
    path = tmp_path / "мои записи" / "приём.json"
    write_atomically(path, "жалоб нет\n")
    assert path.read_text(encoding="utf-8") == "жалоб нет\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["приём.json"]


def test_an_unwritable_place_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        write_atomically(tmp_path / "file" / "inside.json", "x")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]


def test_replaces_the_whole_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a much longer old text", encoding="utf-8")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
