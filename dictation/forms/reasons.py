"""Why a value needs a look: the closed list of reason codes, and their texts for people."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from dictation.errors import RuleError
from dictation.grammar.reasons import ReasonTexts, reason_texts


class Reason(StrEnum):
    """The codes of `reasons` in a record. Texts for people are in `grammars/*/reasons.yaml`."""

    # How it was heard and written
    LOW_CONFIDENCE = "low-confidence"
    RESPELLED = "respelled"
    UNCLEAR_WORD = "unclear-word"
    AMBIGUOUS_NUMBER = "ambiguous-number"
    UNREAD_NUMBER = "unread-number"
    UNREAD_TEXT = "unread-text"
    UNPLACED_TEXT = "unplaced-text"
    OTHER_LANGUAGE = "other-language"
    DAMAGED_RECORDING = "damaged-recording"
    DOUBTFUL_COMMAND = "doubtful-command"
    UNDONE_COMMAND = "undone-command"
    UNCERTAIN = "uncertain"
    # What was changed by hand
    DICTATED_SINCE = "dictated-since"
    EDITED_TEXT = "edited-text"
    # Measurements
    OUT_OF_RANGE = "out-of-range"
    CONTRADICTION = "contradiction"
    NO_VALUE = "no-value"
    UNIT_MISMATCH = "unit-mismatch"
    # Prescriptions
    NO_UNIT = "no-unit"
    NO_DOSE = "no-dose"
    UNUSUAL_DOSE = "unusual-dose"
    UNUSUAL_UNIT = "unusual-unit"
    UNKNOWN_DRUG = "unknown-drug"
    ALLERGY = "allergy"
    DUPLICATE = "duplicate"
    NOT_STRUCTURED = "not-structured"
    # Diagnoses
    NO_CODE = "no-code"
    UNKNOWN_CODE = "unknown-code"
    AMBIGUOUS_CODE = "ambiguous-code"
    SEX_MISMATCH = "sex-mismatch"
    AGE_MISMATCH = "age-mismatch"
    # Allergies
    NOT_UNDERSTOOD = "not-understood"
    ALLERGY_ELSEWHERE = "allergy-elsewhere"
    # The patient's number
    IIN_INVALID = "iin-invalid"
    IIN_MISMATCH = "iin-mismatch"


def reason(code: str) -> Reason:
    """The code as a member of the list. What another stage calls by a name that the list lacks is `uncertain`:
    a doubt must reach the doctor whatever it is called."""
    try:
        return Reason(code)
    except ValueError:
        return Reason.UNCERTAIN


@cache
def texts(language: str) -> dict[Reason, str]:
    """The text of every code in a language of people (ru, kk). RuleError where one has none."""
    given: ReasonTexts = reason_texts(language)
    missing = [code.value for code in Reason if code.value not in given.reasons]
    if missing:
        raise RuleError(f"grammars/{language}/reasons.yaml: no text for {', '.join(missing)}")
    return {code: given.reasons[code.value] for code in Reason}
