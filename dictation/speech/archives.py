"""Unpacking a model's zip without trusting it."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path, PurePosixPath

from dictation.errors import ModelError

# No model this program can run is larger; an archive that claims to be is broken or malicious.
_LARGEST = 16 * 2**30


def unpack(archive: Path, goal: Path) -> Path:
    """Unpacks into the empty directory `goal` and returns the model's directory: `goal` itself or the one folder
    the archive holds. Raises ModelError for a file that is no zip, is damaged, or reaches outside of `goal`."""
    try:
        with zipfile.ZipFile(archive) as opened:
            members = opened.infolist()
            _check(archive, members, goal)
            for member in members:
                opened.extract(member, goal)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise ModelError(f"{archive}: the zip is damaged ({error}); download it again") from error
    except OSError as error:
        raise ModelError(f"{archive}: cannot be unpacked ({error.strerror or error})") from error
    inside = list(goal.iterdir())
    return inside[0] if len(inside) == 1 and inside[0].is_dir() else goal


def _check(archive: Path, members: list[zipfile.ZipInfo], goal: Path) -> None:
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        outside = path.is_absolute() or ".." in path.parts or ":" in path.parts[0] if path.parts else True
        if outside or stat.S_ISLNK(member.external_attr >> 16):
            raise ModelError(
                f"{archive}: refused, it would write outside of the model's directory: {member.filename}"
            )
    size = sum(member.file_size for member in members)
    if size > min(_LARGEST, shutil.disk_usage(goal).free):
        raise ModelError(f"{archive}: unpacked it would take {size / 2**30:.1f} GB, more than there is room for")
