"""Reading rule data: YAML files under `grammars/<language>/`, each checked against the schema of its kind."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dictation.errors import RuleError, UsageError
from dictation.kept import kept
from dictation.resources import grammars_dir


class Rules(BaseModel):
    """Base of every schema: unknown keys are mistakes, loaded rules never change."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def problems(self) -> list[str]:
        """What the schema cannot say and the linter reports: duplicates, shadowed or never-matching rules."""
        return []


RulesT = TypeVar("RulesT", bound=Rules)


def language_dir(language: str) -> Path:
    """The folder of a language; UsageError where there is none."""
    folder = grammars_dir() / language
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in grammars_dir().iterdir() if path.is_dir()))
        raise UsageError(f"no rules for language '{language}'; there are: {known}")
    return folder


def read_file(path: Path, schema: type[RulesT]) -> RulesT:
    """One file as rules. RuleError names the file and the first place that is wrong."""
    text = _text(path)
    return _validated(path, lambda: schema.model_validate(_parsed(path, text)))


def load(language: str, name: str, schema: type[RulesT]) -> RulesT:
    """The rules of `grammars/<language>/<name>.yaml`."""
    return _load(language, name, schema)


def load_folder(language: str, name: str, schema: type[RulesT]) -> list[RulesT]:
    """The rules of every file in `grammars/<language>/<name>/`, in the order of the file names."""
    files = sorted((language_dir(language) / name).glob("*.yaml"))
    return [_load(language, f"{name}/{path.stem}", schema) for path in files]


def _load(language: str, name: str, schema: type[RulesT]) -> RulesT:
    """As `read_file`, but YAML is parsed only where the file has changed: reading it as JSON takes a twentieth."""
    path = language_dir(language) / f"{name}.yaml"
    text = _text(path)

    def checked() -> str:
        data = _parsed(path, text)
        _validated(path, lambda: schema.model_validate(data))
        return json.dumps(data, ensure_ascii=False, default=str)

    as_json = kept(f"rules/{language}/{name}.json", text, checked)
    return _validated(path, lambda: schema.model_validate_json(as_json))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {error}") from error


def _parsed(path: Path, text: str) -> Any:
    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise RuleError(f"{path}: cannot be read as YAML: {error}") from error


def _validated(path: Path, validate: Callable[[], RulesT]) -> RulesT:
    try:
        return validate()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise RuleError(f"{path}: {place}: {first['msg']} ({error.error_count()} problems)") from error
