"""LOINC codes of what is measured (loinc.org, FHIR R4 vital signs profile); ICD-10 codes as people type them."""

from __future__ import annotations

import re
from functools import cache

from dictation.grammar.measurements import Measure, measurements

LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"

DISPLAYS = {
    "8310-5": "Body temperature",
    "8480-6": "Systolic blood pressure",
    "8462-4": "Diastolic blood pressure",
    "8867-4": "Heart rate",
    "9279-1": "Respiratory rate",
    "2708-6": "Oxygen saturation in Arterial blood",
    "59408-5": "Oxygen saturation in Arterial blood by Pulse oximetry",
    "8302-2": "Body height",
    "29463-7": "Body weight",
    "39156-5": "Body mass index (BMI) [Ratio]",
    "85354-9": "Blood pressure panel with all children optional",
}
# The vital signs profile wants the general code beside that of the method.
PULSE_OXIMETRY, OXYGEN_SATURATION = "59408-5", "2708-6"
BLOOD_PRESSURE = "85354-9"


@cache
def known_measurements() -> dict[str, Measure]:
    """Every measurement by its kind; kinds and codes are the same in all languages."""
    return {measure.kind: measure for measure in measurements("ru").measurements}


def measurement_of(loinc: str | None) -> str | None:
    """The kind of measurement that a LOINC code stands for."""
    wanted = PULSE_OXIMETRY if loinc == OXYGEN_SATURATION else loinc
    return next((kind for kind, measure in known_measurements().items() if wanted and measure.loinc == wanted), None)


_ICD10 = re.compile(r"([A-Z])(\d\d)(?:\.?(\d{1,2}))?")
# Letters of the Cyrillic keyboard that look like those of codes.
_LATIN = str.maketrans("АВЕЗКМНОРСТУХІЈЅ", "ABE3KMHOPCTYXIJS")


def read_code(text: str) -> str | None:
    """An ICD-10 code in one spelling ("i10", "І10", "J189" → "I10", "I10", "J18.9"); None where it is none."""
    found = _ICD10.fullmatch(to_latin(text).strip("*+†."))
    if found is None:
        return None
    letter, rubric, rest = found.groups()
    return f"{letter}{rubric}.{rest}" if rest else f"{letter}{rubric}"


def to_latin(text: str) -> str:
    """What was typed as a code, whichever keyboard it was typed on: capital Latin letters, no spaces."""
    return "".join(text.split()).upper().translate(_LATIN)
