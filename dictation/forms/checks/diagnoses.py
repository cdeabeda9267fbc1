"""Diagnoses and their codes."""

from __future__ import annotations

from collections.abc import Iterator

from dictation.clinical.facts import Diagnosis
from dictation.clinical.icd10 import is_known
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason
from dictation.grammar.corrections import corrections


def check_diagnoses(draft: Draft) -> Iterator[Doubt]:
    """A diagnosis without a code, with the code of another one, or with the word of a correction that was not
    carried out ("функциональный класс два нет три"): no diagnosis is told with it."""
    denials = frozenset(corrections(draft.language).negation)
    for entry in draft.filled_by("diagnoses"):
        seen: set[str] = set()
        for index, fact in enumerate(entry.facts):
            if not isinstance(fact, Diagnosis):
                continue
            if any(token.text.lower() in denials for token in draft.tokens(fact)):
                yield Doubt(Reason.DOUBTFUL_COMMAND, entry.item.key, index)
            if fact.icd10 is None:
                yield Doubt(Reason.NO_CODE, entry.item.key, index)
            elif fact.icd10 in seen:
                yield Doubt(Reason.DUPLICATE, entry.item.key, index)
            else:
                seen.add(fact.icd10)


def check_known_codes(draft: Draft) -> Iterator[Doubt]:
    """A code that neither the WHO classification nor the imported table has. What was dictated is judged by who
    coded it; a code that was put in by hand, here."""
    for entry in draft.filled_by("diagnoses"):
        for index, fact in enumerate(entry.facts):
            if isinstance(fact, Diagnosis) and fact.icd10 is not None and not is_known(fact.icd10):
                yield Doubt(Reason.UNKNOWN_CODE, entry.item.key, index)
