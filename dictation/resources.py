"""Where the program's data lies: rules and catalogue beside the code, models and caches in the user's home."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """A data directory: inside the package when installed from a wheel, else at the root of the checkout."""
    packed = _PACKAGE / "data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name


def grammars_dir() -> Path:
    """The rule data, one folder a language."""
    return _shipped("grammars")


def models_dir() -> Path:
    """The catalogue of recogniser models (never the weights)."""
    return _shipped("models")


def home() -> Path:
    """What the program keeps for its user: installed models, imported tables. `$DICTATION_HOME` overrides."""
    given = os.environ.get("DICTATION_HOME")
    return Path(given) if given else Path(platformdirs.user_data_dir("dictation", appauthor=False))


def cache_dir() -> Path:
    """What can be made again: the joined weights of the embedded model. Lies under `$DICTATION_HOME` if set."""
    if os.environ.get("DICTATION_HOME"):
        return home() / "cache"
    return Path(platformdirs.user_cache_dir("dictation", appauthor=False))
