"""From the name of an engine or a model to a loaded recogniser."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from dictation.errors import ModelError, UsageError
from dictation.grammar.prompts import prompts
from dictation.resources import cache_dir
from dictation.speech import archives, checksums, weights
from dictation.speech.catalogue import Engine, Entry, engine_of, entries
from dictation.speech.installing import Installed, installed, model_directory
from dictation.speech.recogniser import ModelInfo, Recogniser


def open_recogniser(engine: str | None, language: str, home: Path | None = None) -> Recogniser:
    """Loads a recogniser for a language.

    `engine` is `whisper` (the embedded model, also the default), `vosk` or `onnx` (an installed model of that engine
    and the language), the name of an installed model, or the path of a model directory or zip, whose own files tell
    the engine.
    Raises UsageError for a name nobody knows, ModelError where the model is missing or broken.
    """
    if engine in (None, "whisper"):
        return _packaged(_embedded(), language)
    for known in entries():
        if known.name == engine and known.parts:
            return _packaged(known, language)
    here = installed(home)
    if engine in ("vosk", "onnx"):
        return _installed(_first(engine, language, here), language, home)
    for found in here:
        if found.name == engine:
            return _installed(found, language, home)
    if engine and Path(engine).exists():
        return _from_path(Path(engine), language)
    raise _unknown(str(engine), here)


def _unknown(engine: str, here: list[Installed]) -> UsageError | ModelError:
    if any(known.name == engine for known in entries()):
        return ModelError(f"the model {engine} is not installed: dictation models install {engine}")
    packaged = [known.name for known in entries() if weights.installed(known)]
    names = ", ".join(["whisper", "vosk", "onnx", *packaged, *(found.name for found in here)])
    return UsageError(f"unknown engine '{engine}'; there are: {names}, or the path of a model directory or zip")


def _embedded() -> Entry:
    """The first packaged model that is installed; the first of all where none is, so that its lack is reported."""
    packaged = [known for known in entries() if known.parts]
    return next((known for known in packaged if weights.installed(known)), packaged[0])


def _first(engine: str, language: str, here: list[Installed]) -> Installed:
    """The first installed model of an engine and the language; one whose languages are not known will do."""
    models = [found for found in here if found.engine == engine]
    fitting = [found for found in models if language in found.languages] or [m for m in models if not m.languages]
    if fitting:
        return fitting[0]
    known = ", ".join(found.name for found in entries() if found.engine == engine and language in found.languages)
    advice = f"dictation models install NAME, where NAME is one of: {known}" if known else "none is in the catalogue"
    raise ModelError(f"no {engine} model for language '{language}' is installed; {advice}")


def _packaged(known: Entry, language: str) -> Recogniser:
    return _load(known.engine, weights.joined(known), ModelInfo(known.engine, known.name, known.sha256), language)


def _installed(found: Installed, language: str, home: Path | None) -> Recogniser:
    directory = model_directory(found.name, home)
    info = ModelInfo(found.engine, found.name, found.archive_sha256 or found.files_sha256)
    return _load(found.engine, directory, info, language)


def _from_path(path: Path, language: str) -> Recogniser:
    if path.is_file():
        sha256 = checksums.of_file(path)
        directory = _unpacked(path, sha256)
    else:
        sha256, directory = None, path
    engine = engine_of(directory)
    info = ModelInfo(
        engine, path.resolve().stem if sha256 else path.resolve().name, sha256 or checksums.of_directory(directory)
    )
    return _load(engine, directory, info, language)


def _unpacked(archive: Path, sha256: str) -> Path:
    """A zip given as the model is unpacked once into the cache, under its hash."""
    goal = cache_dir() / f"unpacked-{sha256[:24]}"
    if goal.is_dir():
        return goal
    goal.parent.mkdir(parents=True, exist_ok=True)
    working = Path(tempfile.mkdtemp(prefix=".unpack-", dir=goal.parent))
    try:
        model = archives.unpack(archive, working)
        engine_of(model)
        model.rename(goal)
    except OSError as error:
        if not goal.is_dir():
            raise ModelError(f"{goal}: cannot be written ({error.strerror})") from error
    finally:
        shutil.rmtree(working, ignore_errors=True)
    return goal


def _load(engine: Engine, directory: Path, info: ModelInfo, language: str) -> Recogniser:
    loaders: dict[Engine, Callable[[Path, ModelInfo, str], Recogniser]] = {
        "whisper": _whisper,
        "vosk": _vosk,
        "onnx": _onnx,
    }
    return loaders[engine](directory, info, language)


# The engines' libraries are large: each is loaded only when a model of its kind is opened.


def _whisper(directory: Path, info: ModelInfo, language: str) -> Recogniser:
    from dictation.speech.whisper import WhisperDecoder
    from dictation.speech.whisper_stream import WhisperRecogniser

    told = prompts(language)
    return WhisperRecogniser(WhisperDecoder(directory, language, told.alphabet), info, told)


def _vosk(directory: Path, info: ModelInfo, _language: str) -> Recogniser:
    from dictation.speech.vosk_engine import VoskRecogniser

    return VoskRecogniser(directory, info)


def _onnx(directory: Path, info: ModelInfo, _language: str) -> Recogniser:
    try:
        from dictation.speech.onnx_engine import OnnxRecogniser
    except ModuleNotFoundError as error:
        raise ModelError(
            f"{info.model}: to run ONNX models, install what they need: pip install 'dictation[onnx]'"
        ) from error
    return OnnxRecogniser(directory, info)
