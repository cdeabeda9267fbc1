"""Text kept for the next start: made anew whenever it is not surely what would be made."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from dictation.kept import kept
from dictation.resources import cache_dir

MADE = "жалоб нет\nвторая строка\n"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))


def _never() -> str:
    raise AssertionError("made again")


def _big() -> str:
    return "б" * 2_000_000


def _keep_big(_: int) -> int:
    return len(kept("big.json", "source", _big))


def test_what_was_made_is_not_made_again() -> None:
    assert kept("folder/a.json", "source", lambda: MADE) == MADE
    assert kept("folder/a.json", "source", _never) == MADE


def test_another_source_makes_anew_and_replaces() -> None:
    kept("a.json", "one", lambda: "first")
    assert kept("a.json", "two", lambda: "second") == "second"
    assert kept("a.json", "two", _never) == "second"
    assert [path.name for path in cache_dir().iterdir()] == ["a.json"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:0],
        lambda data: data[:-3],
        lambda data: data.replace("нет".encode(), "есть".encode()),
        lambda data: data + b" ",
        lambda data: data[: len(data) // 2] + b"\xff" + data[len(data) // 2 :],
        lambda data: b"\0" * len(data),
    ],
    ids=["empty", "cut short", "another word", "longer", "not UTF-8", "zeros"],
)
def test_a_damaged_file_is_made_anew(damage: Callable[[bytes], bytes]) -> None:
    kept("a.json", "source", lambda: MADE)
    path = cache_dir() / "a.json"
    path.write_bytes(damage(path.read_bytes()))
    assert kept("a.json", "source", lambda: "anew") == "anew"
    assert kept("a.json", "source", _never) == "anew"


def test_where_nothing_can_be_written_it_is_made_every_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file stands where the folder should: as unwritable as a read-only home, for an administrator as well."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "file"))
    assert kept("a.json", "source", lambda: "one") == "one"
    assert kept("a.json", "source", lambda: "two") == "two"


def test_processes_that_start_together_do_not_disturb_each_other() -> None:
    with ProcessPoolExecutor(4) as processes:
        assert list(processes.map(_keep_big, range(8))) == [2_000_000] * 8
    assert [path.name for path in cache_dir().iterdir()] == ["big.json"]


def test_errors_of_making_are_not_kept() -> None:
    with pytest.raises(AssertionError):
        kept("a.json", "source", _never)
    assert kept("a.json", "source", lambda: "right") == "right"
