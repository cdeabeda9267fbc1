"""The linter of rule data: `python -m dictation.grammar.linter`. Exit status 1 where it found something."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from dictation.errors import RuleError
from dictation.grammar.agreement import AgreementRules
from dictation.grammar.allergens import AllergyRules
from dictation.grammar.checks import CheckRules
from dictation.grammar.commands import CommandRules
from dictation.grammar.confusions import ConfusionFile
from dictation.grammar.corrections import CorrectionRules
from dictation.grammar.cues import Cues
from dictation.grammar.diagnoses import DiagnosisFile, duplicate_names
from dictation.grammar.diagnosis_cues import DiagnosisCues
from dictation.grammar.drugs import DrugFile, duplicate_wordings
from dictation.grammar.endings import Endings
from dictation.grammar.examinations import ExaminationRules
from dictation.grammar.findings import FindingRules
from dictation.grammar.headings import Headings
from dictation.grammar.labels import Labels
from dictation.grammar.measurements import Measurements
from dictation.grammar.numerals import NumeralRules
from dictation.grammar.orthography import OrthographyRules
from dictation.grammar.prescriptions import Prescriptions
from dictation.grammar.prompts import Prompts
from dictation.grammar.quantities import QuantityRules
from dictation.grammar.reasons import ReasonTexts
from dictation.grammar.rules import Rules, read_file
from dictation.grammar.sounds import Sounds
from dictation.grammar.syntax import Syntax
from dictation.grammar.terms import Terms
from dictation.resources import grammars_dir

# Which schema a file follows: the stem of a file, or the folder it lies in.
SCHEMAS: dict[str, type[Rules]] = {
    "agreement": AgreementRules,
    "drugs": DrugFile,
    "diagnoses": DiagnosisFile,
    "diagnosis_cues": DiagnosisCues,
    "quantities": QuantityRules,
    "orthography": OrthographyRules,
    "numerals": NumeralRules,
    "commands": CommandRules,
    "corrections": CorrectionRules,
    "endings": Endings,
    "measurements": Measurements,
    "prescriptions": Prescriptions,
    "allergens": AllergyRules,
    "cues": Cues,
    "examinations": ExaminationRules,
    "findings": FindingRules,
    "headings": Headings,
    "syntax": Syntax,
    "prompts": Prompts,
    "reasons": ReasonTexts,
    "checks": CheckRules,
    "labels": Labels,
    "terms": Terms,
    "confusions": ConfusionFile,
    "sounds": Sounds,
}


def lint(root: Path) -> Iterator[str]:
    """Every problem in the rule data under `root`, one line each, with the file it is in."""
    for language in sorted(path for path in root.iterdir() if path.is_dir()):
        read: dict[str, list[Rules]] = {}
        for path in sorted(language.rglob("*.yaml")):
            kind = path.stem if path.parent == language else path.parent.name
            if kind not in SCHEMAS:
                yield f"{path}: no schema for '{kind}'"
                continue
            try:
                rules = read_file(path, SCHEMAS[kind])
            except RuleError as error:
                yield str(error)
                continue
            read.setdefault(kind, []).append(rules)
            yield from (f"{path}: {problem}" for problem in rules.problems())
        yield from _across_files(language, read)


def _across_files(language: Path, read: dict[str, list[Rules]]) -> Iterator[str]:
    drugs = tuple(drug for file in read.get("drugs", []) if isinstance(file, DrugFile) for drug in file.drugs)
    yield from (f"{language / 'drugs'}: {problem}" for problem in duplicate_wordings(drugs))
    entries = tuple(e for f in read.get("diagnoses", []) if isinstance(f, DiagnosisFile) for e in f.diagnoses)
    yield from (f"{language / 'diagnoses'}: {problem}" for problem in duplicate_names(entries))


def main() -> int:
    found = list(lint(grammars_dir()))
    for line in found:
        sys.stdout.write(line + "\n")
    sys.stdout.write(f"grammar linter: {len(found)} problems\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
