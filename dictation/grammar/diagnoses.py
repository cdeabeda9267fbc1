"""Schema of `grammars/*/diagnoses/*.yaml`: how doctors say a diagnosis, and its ICD-10 code."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.rules import Rules, load_folder


class DiagnosisEntry(Rules):
    """One ICD-10 code with the ways it is said.

    `names` are spoken or written wordings in the nominative, most usual first, lower case but for abbreviations
    ("АГ", "ХОБЛ"); the matcher handles case forms and word order, so forms of the same words are not repeated.
    `title` is the rubric's title, for people.
    """

    icd10: str = Field(pattern=r"^[A-Z]\d\d(\.\d{1,2})?$")
    title: str = Field(min_length=3)
    names: tuple[str, ...] = Field(min_length=1)


class DiagnosisFile(Rules):
    diagnoses: tuple[DiagnosisEntry, ...]

    def problems(self) -> list[str]:
        return duplicate_names(self.diagnoses)


def duplicate_names(entries: tuple[DiagnosisEntry, ...]) -> list[str]:
    """Names that two codes claim: the matcher could only guess between them."""
    owner: dict[str, str] = {}
    found = []
    for entry in entries:
        for name in entry.names:
            if owner.setdefault(name.lower(), entry.icd10) != entry.icd10:
                found.append(f"'{name}' stands for both {owner[name.lower()]} and {entry.icd10}")
    return found


@cache
def diagnoses(language: str) -> tuple[DiagnosisEntry, ...]:
    """All entries of a language, in file order."""
    return tuple(e for file in load_folder(language, "diagnoses", DiagnosisFile) for e in file.diagnoses)
