"""Which recordings a replay takes: a folder of sound files, or a manifest that names them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pydantic import BaseModel, ConfigDict, ValidationError

from dictation.errors import InputError, UsageError

# What a folder is searched for; a manifest may name any file.
SOUND_SUFFIXES = frozenset(
    (
        *(".aac", ".aif", ".aiff", ".amr", ".flac", ".m4a", ".mka", ".mp3"),
        *(".mp4", ".oga", ".ogg", ".opus", ".wav", ".weba", ".webm", ".wma"),
    )
)


class ManifestLine(BaseModel):
    """One line of a JSONL manifest: `audio` relative to the manifest; `id` (default: the file's stem) names the
    outputs and finds the gold; `context` is a context file, relative too."""

    model_config = ConfigDict(extra="forbid")

    audio: str
    id: str | None = None
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A recording to replay. `id` is unique in the run and safe as a relative path."""

    id: str
    audio: Path
    context: Path | None = None


def read_items(source: Path) -> list[Item]:
    """The recordings of a folder (subfolders included) or of a JSONL manifest, in a stable order."""
    if source.is_dir():
        items = _folder(source)
    elif source.is_file():
        items = _manifest(source)
    else:
        raise InputError(f"{source}: no such folder or manifest")
    if not items:
        raise InputError(f"{source}: holds no recordings; sound files end in {', '.join(sorted(SOUND_SUFFIXES))}")
    seen: set[str] = set()
    for item in items:
        if item.id in seen:
            raise UsageError(
                f"{source}: two recordings are called '{item.id}'; rename one or give it an id of its own"
            )
        seen.add(item.id)
    return items


def _folder(folder: Path) -> list[Item]:
    files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SOUND_SUFFIXES and path.is_file())
    return [Item(path.relative_to(folder).with_suffix("").as_posix(), path) for path in files]


def _manifest(path: Path) -> list[Item]:
    items = []
    for number, line in enumerate(_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = ManifestLine.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise InputError(f"{path}:{number}: not a JSON object: {error.msg}") from error
        except ValidationError as error:
            raise InputError(f"{path}:{number}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from error
        name = entry.id or Path(entry.audio).stem
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise InputError(f"{path}:{number}: id '{name}' would write outside the output folder")
        context = path.parent / entry.context if entry.context else None
        items.append(Item(name, path.parent / entry.audio, context))
    return items


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a text file; a manifest has one JSON object a line") from error
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
