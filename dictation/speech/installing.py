"""Installing models under the user's home, and checking what is there."""

from __future__ import annotations

import json
import shutil
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from dictation import resources
from dictation.errors import InputError, ModelError, UsageError
from dictation.speech import archives, checksums, weights
from dictation.speech.catalogue import Engine, Entry, engine_of, entries, entry

Confirm = Callable[[str], bool]
"""Asks a person; the argument is the question."""

_PIN = "installed.json"
_TIMEOUT = 30.0


class Installed(BaseModel):
    """A model under the home. `archive_sha256` is the hash of the zip it came from, `files_sha256` that of its files
    (`checksums.of_directory`), both pinned when it was installed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    engine: Engine
    languages: tuple[str, ...]
    archive_sha256: str | None
    files_sha256: str


class Verified(BaseModel):
    """What a check found: `problem` is one line, None where all is well."""

    model_config = ConfigDict(frozen=True)

    name: str
    sha256: str | None
    problem: str | None


def models_home(home: Path | None = None) -> Path:
    """Where installed models lie."""
    return (home or resources.home()) / "models"


def model_directory(name: str, home: Path | None = None) -> Path:
    """The files of an installed model."""
    return models_home(home) / name / "model"


def installed(home: Path | None = None) -> list[Installed]:
    """The installed models, by name; the packaged ones are not among them."""
    found = []
    for pin in sorted(models_home(home).glob(f"*/{_PIN}")):
        try:
            found.append(Installed.model_validate_json(pin.read_text(encoding="utf-8")))
        except (OSError, ValidationError) as error:
            raise ModelError(f"{pin}: cannot be read; delete {pin.parent} and install the model again") from error
    return found


def install(name_or_path: str, confirm: Confirm, home: Path | None = None) -> Installed:
    """Installs a model of the catalogue by name, or one from a zip or a directory.

    A hash that the catalogue does not hold is put to `confirm`, and pinned if that answers yes. An installed model
    of the same name is replaced, and stays as it was if anything fails. Raises UsageError for an unknown name or
    where `confirm` answers no, ModelError for a model that is broken, not what its hash says, or not to be had.
    """
    known = entry(name_or_path)
    if known and known.parts:
        weights.joined(known)
        return Installed(
            name=known.name,
            engine=known.engine,
            languages=known.languages,
            archive_sha256=None,
            files_sha256=str(known.sha256),
        )
    path = Path(name_or_path)
    if known is None and not path.exists():
        names = ", ".join(found.name for found in entries())
        raise UsageError(
            f"'{name_or_path}' is neither a model of the catalogue nor a zip or directory; there are: {names}"
        )
    with _working(models_home(home)) as working:
        if known:
            return _place(_download(known, working), known.name, known, confirm, working, home)
        name = path.resolve().stem if path.is_file() else path.resolve().name
        return _place(path, name, entry(name), confirm, working, home)


def verify(name: str | None = None, home: Path | None = None) -> list[Verified]:
    """Hashes models again: the one named, or the embedded and all installed ones."""
    packaged = [known for known in entries() if weights.installed(known)]
    results = [_verify_packaged(known) for known in packaged if name in (None, known.name)]
    results += [_verify_installed(found, home) for found in installed(home) if name in (None, found.name)]
    if not results:
        raise UsageError(f"the model '{name}' is not installed")
    return results


def _place(
    path: Path, name: str, known: Entry | None, confirm: Confirm, working: Path, home: Path | None
) -> Installed:
    """Unpacks or copies beside the goal, asks, and moves the finished model into place."""
    archive = checksums.of_file(path) if path.is_file() else None
    if known and known.sha256 and archive and archive != known.sha256:
        raise ModelError(f"{path}: sha256 is {archive}, the catalogue says {known.sha256}; download it again")
    staged = working / name
    staged.mkdir()
    model = archives.unpack(path, _made(working / "unpacked")) if archive else _copy(path, working / "copied")
    engine = engine_of(model)
    files = checksums.of_directory(model)
    question = f"{name}: no checksum is known for this model. Its sha256 is {archive or files}. Install and pin it?"
    if not (known and known.sha256 and archive) and not confirm(question):
        raise UsageError(f"{name}: not installed")
    model.rename(staged / "model")
    pin = Installed(
        name=name,
        engine=engine,
        languages=known.languages if known else (),
        archive_sha256=archive,
        files_sha256=files,
    )
    (staged / _PIN).write_text(json.dumps(pin.model_dump(), indent=1), encoding="utf-8")
    _swap(staged, models_home(home) / name, working)
    return pin


def _download(known: Entry, working: Path) -> Path:
    if known.url is None:
        raise ModelError(
            f"{known.name}: this program does not fetch it; get it from {known.source} and install its "
            "zip or directory: dictation models install PATH"
        )
    goal = working / "download.zip"
    try:
        with urllib.request.urlopen(known.url, timeout=_TIMEOUT) as answer, goal.open("wb") as file:
            shutil.copyfileobj(answer, file)
    except (urllib.error.URLError, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise ModelError(
            f"{known.name}: cannot be downloaded ({reason}); fetch {known.url} on a computer with a network "
            "and install the zip: dictation models install FILE.zip"
        ) from error
    return goal


def _copy(path: Path, goal: Path) -> Path:
    try:
        shutil.copytree(path, goal)
    except (OSError, shutil.Error) as error:
        raise ModelError(f"{path}: cannot be copied ({error})") from error
    return goal


def _made(directory: Path) -> Path:
    directory.mkdir()
    return directory


def _swap(staged: Path, goal: Path, working: Path) -> None:
    """Puts the new model where the old one is; the old one comes back if that fails."""
    old = working / "replaced"
    if goal.exists():
        goal.rename(old)
    try:
        staged.rename(goal)
    except OSError:
        if old.exists():
            old.rename(goal)
        raise


@contextmanager
def _working(models: Path) -> Iterator[Path]:
    """A directory beside the installed models, gone afterwards."""
    try:
        models.mkdir(parents=True, exist_ok=True)
        working = Path(tempfile.mkdtemp(prefix=".install-", dir=models))
    except OSError as error:
        raise InputError(f"{models}: cannot be written ({error.strerror}); set DICTATION_HOME") from error
    try:
        yield working
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _verify_packaged(known: Entry) -> Verified:
    try:
        weights.joined(known)
        weights.verify(known)
    except ModelError as error:
        return Verified(name=known.name, sha256=None, problem=str(error))
    return Verified(name=known.name, sha256=known.sha256, problem=None)


def _verify_installed(found: Installed, home: Path | None) -> Verified:
    directory = model_directory(found.name, home)
    now = checksums.of_directory(directory)
    problem = None if now == found.files_sha256 else f"{directory}: its files have changed; install the model again"
    return Verified(name=found.name, sha256=now, problem=problem)
