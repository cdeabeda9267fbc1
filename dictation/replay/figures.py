"""Figures of filled records against what a registrar would have entered.

The gold of a recording is a JSON object `{"id", "spoken"?, "fields", "findings"}` in the record's own keys, with bare
values instead of field objects. How each figure is defined stands in `docs/testers.md`; the figures that matter
most are the shares of wrong values marked `ok` and of dictated values lost without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from dictation.replay.comparison import (
    alike,
    critical_tokens,
    medication_key,
    medication_name_key,
    number,
    token_f1,
)

TEXT_FIELDS = ("complaints", "anamnesis-morbi", "anamnesis-vitae", "allergies", "objective", "recommendations")
MEASUREMENTS = (
    "temperature",
    "systolic",
    "diastolic",
    "heart-rate",
    "respiratory-rate",
    "oxygen-saturation",
    "height",
    "weight",
)
FOLLOW_UP_MATCH = 0.79
FINDING_MATCH = 0.5

Json = dict[str, Any]


@dataclass
class Overlap:
    """Counts behind a micro-averaged F1."""

    hit: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, hit: int, predicted: int, gold: int) -> None:
        self.hit += hit
        self.predicted += predicted
        self.gold += gold

    @property
    def f1(self) -> float:
        total = self.predicted + self.gold
        return 2 * self.hit / total if total else 1.0


@dataclass
class Share:
    """A part of a whole, both counted."""

    part: int = 0
    whole: int = 0

    def add(self, part: bool | int, whole: bool | int = 1) -> None:
        self.part += int(part)
        self.whole += int(whole)

    @property
    def value(self) -> float:
        return self.part / self.whole if self.whole else 0.0


@dataclass
class Figures:
    """Running figures; `add` takes one record with its gold, `summary` gives the numbers."""

    text: dict[str, list[float]] = field(default_factory=lambda: {key: [] for key in TEXT_FIELDS})
    measurements: Overlap = field(default_factory=Overlap)
    icd_rubric: Overlap = field(default_factory=Overlap)
    icd_code: Overlap = field(default_factory=Overlap)
    medication_name: Overlap = field(default_factory=Overlap)
    medication_full: Overlap = field(default_factory=Overlap)
    examinations: Overlap = field(default_factory=Overlap)
    findings: Share = field(default_factory=Share)
    findings_absent: Share = field(default_factory=Share)
    findings_status: Share = field(default_factory=Share)
    follow_up: Share = field(default_factory=Share)
    silent_error: Share = field(default_factory=Share)
    silent_text: Share = field(default_factory=Share)
    silent_loss: Share = field(default_factory=Share)
    needless_check: Share = field(default_factory=Share)
    cases: int = 0

    def add(self, record: Json, gold: Json) -> None:
        """Count one record."""
        self.cases += 1
        self._texts(record, gold["fields"])
        self._measurements(record, gold["fields"])
        self._diagnoses(record, gold["fields"])
        self._medications(record, gold["fields"])
        self._examinations(record, gold["fields"])
        self._findings(record, gold.get("findings") or [])
        self._follow_up(record, gold["fields"])

    def summary(self) -> dict[str, float]:
        """Every figure by its name, in the order of a report."""
        every = [score for scores in self.text.values() for score in scores]
        figures = {"cases": float(self.cases), "text": _mean(every)}
        figures |= {f"text:{key}": _mean(scores) for key, scores in self.text.items() if scores}
        figures |= {
            "vitals": self.measurements.f1,
            "icd-rubric": self.icd_rubric.f1,
            "icd-code": self.icd_code.f1,
            "medication-name": self.medication_name.f1,
            "medication-full": self.medication_full.f1,
            "examinations": self.examinations.f1,
            "findings": self.findings.value,
            "findings-absent": self.findings_absent.value,
            "findings-status": self.findings_status.value,
            "follow-up": self.follow_up.value,
            "silent-error": self.silent_error.value,
            "silent-text": self.silent_text.value,
            "silent-loss": self.silent_loss.value,
            "needless-check": self.needless_check.value,
        }
        return figures

    def _texts(self, record: Json, gold: Json) -> None:
        for key in TEXT_FIELDS:
            value = _field(record, key).get("value")
            if not gold.get(key) and not value:
                continue
            self.text[key].append(token_f1(gold.get(key), value))
            if value and _field(record, key).get("status") == "ok":
                self.silent_text.add(critical_tokens(value) != critical_tokens(gold.get(key)))

    def _measurements(self, record: Json, gold: Json) -> None:
        for key in MEASUREMENTS:
            said, entry = number(gold.get(key)), _field(record, key)
            read = number(entry.get("value"))
            hit = said is not None and said == read
            self.measurements.add(hit, read is not None, said is not None)
            if read is not None:
                self._judge(hit, entry.get("status"))
            if said is not None:
                self.silent_loss.add(read is None and entry.get("status") != "check")

    def _diagnoses(self, record: Json, gold: Json) -> None:
        entered = _items(record, "diagnosis")
        said = [d["icd10"].upper() for d in gold.get("diagnosis") or [] if d.get("icd10")]
        read = [d["icd10"].upper() for d in entered if d.get("icd10")]
        for overlap, length in ((self.icd_rubric, 3), (self.icd_code, 6)):
            left, right = {code[:length] for code in said}, {code[:length] for code in read}
            overlap.add(len(left & right), len(right), len(left))
        rubrics = {code[:3] for code in said}
        for diagnosis in entered:
            if diagnosis.get("icd10"):
                self._judge(diagnosis["icd10"].upper()[:3] in rubrics, diagnosis.get("status"))
        missed = len(rubrics - {code[:3] for code in read})
        self.silent_loss.add(0 if _asks(record, "diagnosis") else missed, len(rubrics))

    def _medications(self, record: Json, gold: Json) -> None:
        entered, said = _items(record, "medications"), gold.get("medications") or []
        named = _pairs(said, entered, lambda a, b: medication_name_key(a) == medication_name_key(b))
        self.medication_name.add(named, len(entered), len(said))
        full = _pairs(said, entered, lambda a, b: medication_key(a) == medication_key(b))
        self.medication_full.add(full, len(entered), len(said))
        keys = {medication_key(item) for item in said}
        for item in entered:
            self._judge(medication_key(item) in keys, item.get("status"))
        self.silent_loss.add(0 if _asks(record, "medications") else len(said) - named, len(said))

    def _examinations(self, record: Json, gold: Json) -> None:
        entered = [item["text"] for item in _items(record, "examinations")]
        said = gold.get("examinations") or []
        self.examinations.add(_pairs(said, entered, alike), len(entered), len(said))

    def _findings(self, record: Json, gold: Sequence[Json]) -> None:
        found = record.get("findings") or []
        for wanted in gold:
            statuses = {f["status"] for f in found if alike(wanted["text"], f["text"], FINDING_MATCH)}
            right = statuses == {wanted["status"]}
            self.findings.add(right)
            if wanted["status"] == "absent":
                self.findings_absent.add(right)
            if statuses:
                self.findings_status.add(right)

    def _follow_up(self, record: Json, gold: Json) -> None:
        said, read = gold.get("follow-up"), _field(record, "follow-up").get("value")
        if said or read:
            self.follow_up.add(token_f1(said, read) > FOLLOW_UP_MATCH)

    def _judge(self, hit: bool, status: str | None) -> None:
        """One entered value: wrong and marked ok, or right and asking for a check all the same."""
        if status == "ok":
            self.silent_error.add(not hit)
        if hit:
            self.needless_check.add(status != "ok")


def _field(record: Json, key: str) -> Json:
    return (record.get("fields") or {}).get(key) or {}


def _items(record: Json, key: str) -> list[Json]:
    return list(_field(record, key).get("value") or [])


def _asks(record: Json, key: str) -> bool:
    return _field(record, key).get("status") == "check" or any(
        item.get("status") == "check" for item in _items(record, key)
    )


def _pairs(gold: Iterable[Any], entered: Iterable[Any], same: Callable[[Any, Any], bool]) -> int:
    """How many gold items find a partner of their own."""
    left, hits = list(entered), 0
    for wanted in gold:
        partner = next((item for item in left if same(wanted, item)), None)
        if partner is not None:
            left.remove(partner)
            hits += 1
    return hits


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
