"""A record made by hand, so that what the store is given is known to the letter."""

from __future__ import annotations

from typing import Any

from dictation.forms.record import Record

IIN = "800517301238"
NAME = "Сейтқали Айгүл Нұрланқызы"
COMPLAINTS = "Беспокоит давящая боль за грудиной."


def record(**changes: Any) -> Record:
    """A visit with one field to be checked (`temperature`) and one that is sure (`complaints`)."""
    made: dict[str, Any] = {
        "schema": "1",
        "id": "5f1c1c9e-7c0b-4b8f-9d3a-2f6a4f0b7a11",
        "created": "2026-11-22T20:06:00+05:00",
        "source": "visit.opus",
        "form": "052u-visit",
        "language": "ru",
        "context": {
            "patient": {"iin": IIN, "name": NAME, "birth_date": "1980-05-17", "sex": "female"},
            "visit": {"id": "V-17", "date": "2026-11-22", "practitioner": "Ахметова Г. С."},
        },
        "recogniser": {"engine": "whisper", "model": "whisper-base", "sha256": "d0" * 32},
        "transcript": {"text": "беспокоит давящая боль за грудиной температура 41", "utterances": []},
        "fields": {
            "complaints": {"value": COMPLAINTS, "status": "ok", "confidence": 0.93},
            "temperature": {
                "value": 41.0, "unit": "Cel", "status": "check", "reasons": ["out-of-range"], "confidence": 0.9,
            },
        },
        "findings": [{"text": "боль за грудиной", "status": "present"}],
    }  # fmt: skip
    return Record.model_validate({**made, **changes})
