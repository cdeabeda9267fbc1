"""A record as an HL7 v2.5 message MDM: the note as a document with its content; and the acknowledgement of it.

MDM^T02 for a record that is sent the first time, MDM^T10 (replacement) for a corrected one. The note is the printable
page, HTML in Base64, in one OBX. Everything in a message follows from the document, so a second sending is the same
to the byte, control id included: a receiver knows the repeat by it.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import datetime

from dictation.mis.document import Document

_ESCAPES = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\r": " ", "\n": " "}
)
_NOTE = "34108-1^Outpatient Note^LN"
_SEX = {"male": "M", "female": "F", "other": "O", "unknown": "U"}


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """MSA of an answer: its code (AA, AE, AR), the control id it answers, what went wrong, and the codes of ERR-3."""

    code: str
    control_id: str
    text: str
    errors: tuple[str, ...]


def message_of(document: Document) -> str:
    """The message, its segments ending in a carriage return."""
    event = "T10" if document.replaces else "T02"
    patient, visit = document.record["context"]["patient"], document.record["context"]["visit"]
    made = _moment(document.record["created"])
    signed = _moment(document.statement["signed"])
    doctor = _name(document.statement["doctor"])
    segments = [
        f"MSH|^~\\&|DICTATION||MIS||{signed}||MDM^{event}^MDM_T02|{control_id(document)}|P|2.5||||||UNICODE UTF-8",
        _segment("EVN", {1: event, 2: signed}),
        _segment(
            "PID",
            {
                1: "1",
                3: _patient_number(document, patient.get("iin")),
                5: _name(patient.get("name") or ""),
                7: (patient.get("birth_date") or "").replace("-", ""),
                8: _SEX.get(patient.get("sex") or "", ""),
            },
        ),
        _segment("PV1", {1: "1", 2: "O", 19: _text(visit.get("id") or "")}),
        _segment(
            "TXA",
            {
                1: "1",
                2: "PN",
                3: "TEXT",
                4: made,
                5: f"^{doctor}",
                6: made,
                12: document.name,
                13: f"{document.id}.v{document.replaces}" if document.replaces else "",
                17: "AU",
            },
        ),
        _segment("OBX", {1: "1", 2: "ED", 3: _NOTE, 5: _page(document), 11: "F"}),
    ]
    return "".join(f"{segment}\r" for segment in segments)


def control_id(document: Document) -> str:
    """MSH-10, at most 20 characters: the same for every sending of a version, and of no other."""
    return hashlib.sha256(document.name.encode()).hexdigest()[:20]


def acknowledgement(message: str) -> Acknowledgement | None:
    """What an answer says; None where it is no acknowledgement."""
    rows = [line.split("|") for line in message.replace("\n", "\r").split("\r") if line]
    if not rows or rows[0][0] != "MSH":
        return None
    found = next((row for row in rows if row[0] == "MSA" and len(row) > 2), None)
    if found is None:
        return None
    faults = [row for row in rows if row[0] == "ERR"]
    told = [field for row in faults for field in row[7:9] if field]
    text = "; ".join([*(found[3:4] if len(found) > 3 and found[3] else []), *told])
    codes = tuple(row[3].partition("^")[0] for row in faults if len(row) > 3)
    return Acknowledgement(found[1], found[2], text, codes)


def _segment(name: str, fields: dict[int, str]) -> str:
    last = max(number for number, value in fields.items() if value)
    return "|".join([name, *(fields.get(number, "") for number in range(1, last + 1))])


def _patient_number(document: Document, iin: str | None) -> str:
    return f"{_text(iin)}^^^KZ^NI" if iin else f"{document.id}^^^DICTATION^AN"


def _page(document: Document) -> str:
    return f"^TEXT^HTML^Base64^{base64.b64encode(document.page.encode()).decode()}"


def _name(name: str) -> str:
    """Family, given and further names, as they stand in that order."""
    return "^".join(_text(part) for part in name.split(maxsplit=2))


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _moment(text: str) -> str:
    moment = datetime.fromisoformat(text)
    return f"{moment:%Y%m%d%H%M%S}{moment:%z}"
