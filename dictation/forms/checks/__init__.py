"""Checks: each looks at a draft and says what needs a look, and why. They change nothing."""

from __future__ import annotations

from dictation.forms.checks.allergies import check_allergies
from dictation.forms.checks.commands import check_commands
from dictation.forms.checks.coverage import check_coverage, check_headings, check_strays
from dictation.forms.checks.diagnoses import check_diagnoses, check_known_codes
from dictation.forms.checks.hearing import check_hearing
from dictation.forms.checks.measurements import check_measurements, check_unread_numbers
from dictation.forms.checks.patient import check_number, check_patient
from dictation.forms.checks.prescriptions import check_prescriptions
from dictation.forms.checks.texts import texts_in_doubt
from dictation.forms.draft import Check, Doubt, Draft

CHECKS: tuple[Check, ...] = (
    check_hearing,
    check_measurements,
    check_unread_numbers,
    check_prescriptions,
    check_diagnoses,
    check_patient,
    check_number,
    check_allergies,
    check_coverage,
    check_strays,
    check_headings,
    check_commands,
)

# Those that need only the values and the context, not how they were heard.
VALUE_CHECKS: tuple[Check, ...] = (
    check_measurements,
    check_prescriptions,
    check_diagnoses,
    check_known_codes,
    check_patient,
    check_number,
)


def doubts_about(draft: Draft) -> list[Doubt]:
    """Everything that needs a look."""
    found = [doubt for check in CHECKS for doubt in check(draft)]
    return [*found, *texts_in_doubt(draft, found)]
