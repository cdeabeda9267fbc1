"""Reading rule data: YAML files under `grammars/<language>/`, each checked against the schema of its kind."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from dictation.errors import RuleError, UsageError
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
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        return schema.model_validate(data)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RuleError(f"{path}: cannot be read as YAML: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise RuleError(f"{path}: {place}: {first['msg']} ({error.error_count()} problems)") from error


def load(language: str, name: str, schema: type[RulesT]) -> RulesT:
    """The rules of `grammars/<language>/<name>.yaml`."""
    return read_file(language_dir(language) / f"{name}.yaml", schema)


def load_folder(language: str, name: str, schema: type[RulesT]) -> list[RulesT]:
    """The rules of every file in `grammars/<language>/<name>/`, in the order of the file names."""
    return [read_file(path, schema) for path in sorted((language_dir(language) / name).glob("*.yaml"))]
