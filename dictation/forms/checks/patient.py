"""What was dictated against who the patient is, and the patient's number against itself."""

from __future__ import annotations

from collections.abc import Iterator

from dictation.clinical.facts import Diagnosis, Examination, Fact, Section
from dictation.forms import iin
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason
from dictation.grammar.checks import Only, check_rules


def check_number(draft: Draft) -> Iterator[Doubt]:
    """The ИИН: a wrong check digit, or a birth date and sex other than the context's. Both only warn."""
    patient = draft.context.patient
    if not patient.iin:
        return
    if not iin.is_valid(patient.iin):
        yield Doubt(Reason.IIN_INVALID, text=patient.iin)
        return
    said = iin.read(patient.iin)
    other_day = patient.birth_date and said.birth_date and patient.birth_date != said.birth_date
    other_sex = patient.sex in {"male", "female"} and said.sex and patient.sex != said.sex
    if other_day or other_sex:
        yield Doubt(Reason.IIN_MISMATCH, text=patient.iin)


def check_patient(draft: Draft) -> Iterator[Doubt]:
    """Diagnoses and words that a patient of this sex or age cannot have; nothing where the context does not say."""
    rules = check_rules(draft.language)
    sex, age = draft.context.patient.sex, draft.context.age()
    others = [only for of, only in rules.sexes.items() if sex in {"male", "female"} and of != sex]
    ages = [] if age is None else [only for only in rules.ages if not only.least <= age <= only.most]
    for entry in draft.entries:
        for index, fact in enumerate(entry.facts):
            if any(_speaks_of(only, fact, draft) for only in others):
                yield Doubt(Reason.SEX_MISMATCH, entry.item.key, index)
            if any(_speaks_of(only, fact, draft) for only in ages):
                yield Doubt(Reason.AGE_MISMATCH, entry.item.key, index)


def _speaks_of(only: Only, fact: Fact, draft: Draft) -> bool:
    if isinstance(fact, Diagnosis) and fact.icd10 is not None and only.holds(fact.icd10):
        return True
    today = check_rules(draft.language).sections_of_today
    if isinstance(fact, Diagnosis | Examination) or (isinstance(fact, Section) and fact.kind in today):
        return any(token.text.lower().startswith(only.words) for token in draft.tokens(fact)) if only.words else False
    return False
