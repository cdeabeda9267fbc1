"""Hashes of model files and directories."""

from __future__ import annotations

import hashlib
from pathlib import Path

from dictation.errors import ModelError


def of_file(path: Path) -> str:
    """SHA-256 of a file. Raises ModelError where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror})") from error


def of_directory(directory: Path) -> str:
    """SHA-256 over the names and hashes of all files below, in the order of their names, so that a file that
    changed, vanished or appeared changes it."""
    total = hashlib.sha256()
    files = {path.relative_to(directory).as_posix(): path for path in directory.rglob("*") if path.is_file()}
    for name in sorted(files):
        total.update(f"{of_file(files[name])}  {name}\n".encode())
    return total.hexdigest()
