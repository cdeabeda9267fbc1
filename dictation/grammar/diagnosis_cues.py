"""Schema of `grammars/*/diagnosis_cues.yaml`: the words around a diagnosis and inside it that are not its name."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.headings import Role
from dictation.grammar.rules import Rules, load


class Weight(Rules):
    """Words (stems, `слово*` for every word that begins so) and what they weigh beside the name of the disease."""

    weight: float = Field(ge=0, le=1)
    words: tuple[str, ...]


class DiagnosisCues(Rules):
    """The whole file.

    `statements` open a diagnosis in prose ("расцениваю как") and `leads` may stand at the beginning of a diagnosis
    section's text; both are templates and are cut. `weak_statements` open one only if a disease follows;
    `evidence` with one of the `denials` opens none. `roles` are
    sub-headings inside a section. `doubts` make a diagnosis a supposition. `code` are templates before a dictated
    code, `letters` how its letter is said, `point` how its point is; `letters_as_words` are words or vertebrae as
    well. `asterisks` are the codes of the second classification, which tell the organ, with those of its disease.

    `abbreviations` are replaced by full words before a diagnosis is looked up, `weights` say which words tell little,
    `graded` words begin so beside a number that only grades the disease, which weighs `grade_weight`,
    `joins` are words after which another diagnosis of the same note may begin, `breaks` end one.
    """

    statements: tuple[str, ...]
    evidence: tuple[str, ...]
    denials: tuple[str, ...]
    weak_statements: tuple[str, ...]
    leads: tuple[str, ...]
    roles: dict[Role, tuple[str, ...]]
    doubts: tuple[str, ...]
    code: tuple[str, ...]
    letters: dict[str, str]
    letters_as_words: tuple[str, ...]
    point: tuple[str, ...]
    asterisks: dict[str, tuple[str, ...]]
    abbreviations: dict[str, str]
    weights: tuple[Weight, ...]
    graded: tuple[str, ...]
    grade_weight: float = Field(ge=0, le=1)
    joins: tuple[str, ...]

    def problems(self) -> list[str]:
        found = [
            f"'{said}' stands for '{letter}', no letter" for said, letter in self.letters.items() if len(letter) != 1
        ]
        said = [word for weight in self.weights for word in weight.words]
        return found + [f"'{word}' weighed twice" for word in sorted(set(said)) if said.count(word) > 1]


@cache
def diagnosis_cues(language: str) -> DiagnosisCues:
    return load(language, "diagnosis_cues", DiagnosisCues)
