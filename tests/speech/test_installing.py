"""Installing models from zips and directories: pinned, atomic, nothing outside of the home."""

from __future__ import annotations

import hashlib
import stat
import zipfile
from pathlib import Path

import pytest

from dictation.errors import ModelError, UsageError
from dictation.speech.engines import open_recogniser
from dictation.speech.installing import install, installed, model_directory, verify

# The least that makes a directory a Vosk model; nothing here loads it.
FILES = {"am/final.mdl": b"acoustic", "conf/mfcc.conf": b"--sample-frequency=16000\n", "graph/Gr.fst": b"words"}


def yes(question: str) -> bool:
    return True


def archive(path: Path, files: dict[str, bytes], folder: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(folder + name, content)
    return path


def directory(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


@pytest.mark.parametrize("folder", ["", "vosk-model-mine-1.0/"])
def test_a_zip_with_or_without_a_folder(tmp_path: Path, folder: str) -> None:
    source = archive(tmp_path / "vosk-model-mine-1.0.zip", FILES, folder)
    done = install(str(source), yes, tmp_path / "home")
    assert (done.name, done.engine) == ("vosk-model-mine-1.0", "vosk")
    assert done.archive_sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert installed(tmp_path / "home") == [done]
    here = model_directory(done.name, tmp_path / "home")
    assert {p.relative_to(here).as_posix(): p.read_bytes() for p in here.rglob("*") if p.is_file()} == FILES


def test_a_directory_is_copied(tmp_path: Path) -> None:
    source = directory(tmp_path / "mine-0.22", FILES)
    done = install(str(source), yes, tmp_path / "home")
    assert (done.name, done.archive_sha256) == ("mine-0.22", None)
    assert (source / "am" / "final.mdl").is_file()
    assert [result.problem for result in verify("mine-0.22", tmp_path / "home")] == [None]


def test_the_hash_is_shown_and_asked_about(tmp_path: Path) -> None:
    source = archive(tmp_path / "mine.zip", FILES)
    asked: list[str] = []
    with pytest.raises(UsageError, match="not installed"):
        install(str(source), lambda question: bool(asked.append(question)), tmp_path / "home")
    assert len(asked) == 1
    assert hashlib.sha256(source.read_bytes()).hexdigest() in asked[0]
    assert installed(tmp_path / "home") == []
    assert list((tmp_path / "home" / "models").iterdir()) == []


def test_a_change_after_installing_is_found(tmp_path: Path) -> None:
    install(str(directory(tmp_path / "mine", FILES)), yes, tmp_path / "home")
    (model_directory("mine", tmp_path / "home") / "graph" / "Gr.fst").write_bytes(b"other")
    (result,) = verify("mine", tmp_path / "home")
    assert result.problem is not None
    assert "have changed" in result.problem


def test_installing_again_replaces(tmp_path: Path) -> None:
    home = tmp_path / "home"
    first = install(str(archive(tmp_path / "mine.zip", FILES)), yes, home)
    second = install(str(archive(tmp_path / "mine.zip", {**FILES, "README": b"2"})), yes, home)
    assert installed(home) == [second]
    assert first.files_sha256 != second.files_sha256
    assert [path.name for path in (home / "models").iterdir()] == ["mine"]


def test_a_failed_replacement_leaves_the_old_one(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = install(str(archive(tmp_path / "mine.zip", FILES)), yes, home)
    broken = archive(tmp_path / "mine.zip", FILES)
    broken.write_bytes(broken.read_bytes()[:-40])
    with pytest.raises(ModelError, match="damaged"):
        install(str(broken), yes, home)
    assert installed(home) == [done]
    assert verify("mine", home)[0].problem is None


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "a/../../outside", "..\\outside", "C:\\outside"])
def test_a_zip_that_reaches_outside_is_refused(tmp_path: Path, name: str) -> None:
    source = archive(tmp_path / "mine.zip", {**FILES, name: b"x"})
    with pytest.raises(ModelError, match="would write outside"):
        install(str(source), yes, tmp_path / "home")
    assert not list(tmp_path.rglob("outside"))
    assert installed(tmp_path / "home") == []


def test_a_link_in_a_zip_is_refused(tmp_path: Path) -> None:
    source = archive(tmp_path / "mine.zip", FILES)
    link = zipfile.ZipInfo("am/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(source, "a") as opened:
        opened.writestr(link, "/etc/passwd")
    with pytest.raises(ModelError, match="would write outside"):
        install(str(source), yes, tmp_path / "home")


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04" + bytes(100)])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "mine.zip").write_bytes(content)
    with pytest.raises(ModelError, match=r"mine\.zip: the zip is damaged"):
        install(str(tmp_path / "mine.zip"), yes, tmp_path / "home")


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    source = archive(tmp_path / "mine.zip", FILES)
    source.write_bytes(source.read_bytes().replace(b"acoustic", b"acoustik"))
    with pytest.raises(ModelError, match="damaged"):
        install(str(source), yes, tmp_path / "home")


def test_a_zip_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model directory"):
        install(str(archive(tmp_path / "mine.zip", {"README": b"hello"})), yes, tmp_path / "home")


def test_a_zip_of_a_known_name_is_not_trusted_for_its_name(tmp_path: Path) -> None:
    asked: list[str] = []
    source = archive(tmp_path / "vosk-model-small-ru-0.22.zip", FILES)
    done = install(str(source), lambda question: asked.append(question) is None, tmp_path / "home")
    assert len(asked) == 1
    assert done.languages == ("ru",)


def test_an_unknown_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'nonsense' is neither a model of the catalogue nor a zip or directory"):
        install("nonsense", yes, tmp_path / "home")


def test_verify_of_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'nonsense' is not installed"):
        verify("nonsense", tmp_path / "home")


def test_a_broken_model_is_one_clear_error(tmp_path: Path) -> None:
    install(str(directory(tmp_path / "mine", FILES)), yes, tmp_path / "home")
    with pytest.raises(ModelError, match="broken or incomplete"):
        open_recogniser("mine", "ru", tmp_path / "home")
