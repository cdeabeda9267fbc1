"""Figures on records made by hand; every expected number is counted out in the comment beside it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dictation.replay.figures import Figures


def _medication(name: str, dose: float, status: str = "ok") -> dict[str, Any]:
    return {"name": name, "dose": dose, "unit": "мг", "times_per_day": 1, "as_needed": False, "status": status}


def _record(**fields: Any) -> dict[str, Any]:
    return {"fields": fields, "findings": []}


def test_a_wrong_value_marked_ok_is_a_silent_error_and_a_checked_one_is_not() -> None:
    figures = Figures()
    record = _record(
        systolic={"value": 120, "status": "ok"},
        diastolic={"value": 90, "status": "check"},
        weight={"value": 70, "status": "check"},
    )
    figures.add(record, {"fields": {"systolic": 130, "diastolic": 80, "weight": 70}})
    summary = figures.summary()
    assert summary["silent-error"] == 1.0  # one ok value (systolic), and it is wrong
    assert summary["needless-check"] == 1.0  # one right value (weight), and it asks for a check
    assert summary["vitals"] == pytest.approx(2 * 1 / 6)  # one of three right, three entered
    assert summary["silent-loss"] == 0.0


def test_missing_values_are_lost_silently_unless_something_asks() -> None:
    figures = Figures()
    record = _record(
        systolic={"value": None, "status": "empty"},
        temperature={"value": None, "status": "check"},
        medications={"value": [_medication("лозартан", 50)], "status": "ok"},
    )
    gold = {
        "fields": {
            "systolic": 130,
            "temperature": 36.6,
            "medications": [_medication("лозартан", 50), _medication("индапамид", 1.5)],
        }
    }
    figures.add(record, gold)
    # dictated: two measurements and two drugs; lost without a word: the systolic and indapamide
    assert figures.summary()["silent-loss"] == pytest.approx(2 / 4)
    assert figures.summary()["medication-full"] == pytest.approx(2 * 1 / 3)


def test_text_marked_ok_with_another_number_is_counted() -> None:
    figures = Figures()
    figures.add(
        _record(
            complaints={"value": "Боль 3 дня.", "status": "ok"}, objective={"value": "Отёков нет.", "status": "ok"}
        ),
        {"fields": {"complaints": "Боль 5 дней.", "objective": "Отёков нет."}},
    )
    assert figures.summary()["silent-text"] == 0.5
    assert figures.summary()["text:complaints"] == pytest.approx(2 * 1 / 6)  # "боль" of three tokens each


def test_codes_count_by_rubric_and_whole() -> None:
    figures = Figures()
    record = _record(diagnosis={"value": [{"icd10": "E11.9", "status": "ok"}], "status": "ok"})
    figures.add(record, {"fields": {"diagnosis": [{"icd10": "E11.4"}, {"icd10": "G63.2"}]}})
    summary = figures.summary()
    assert summary["icd-rubric"] == pytest.approx(2 / 3)
    assert summary["icd-code"] == 0.0
    assert summary["silent-error"] == 0.0  # the rubric is right
    assert summary["silent-loss"] == 0.5  # G63 is missing, nothing asks


def test_findings_need_the_right_status_alone() -> None:
    figures = Figures()
    record = {
        "fields": {},
        "findings": [
            {"text": "тошнота", "status": "absent"},
            {"text": "кашель", "status": "present"},
            {"text": "кашель", "status": "absent"},
        ],
    }
    gold = [
        {"text": "тошнота", "status": "absent"},
        {"text": "кашель", "status": "present"},
        {"text": "озноб", "status": "present"},
    ]
    figures.add(record, {"fields": {}, "findings": gold})
    summary = figures.summary()
    assert summary["findings"] == pytest.approx(1 / 3)
    assert summary["findings-absent"] == 1.0
    assert summary["findings-status"] == 0.5


def test_agrees_with_the_reference_scorer(evaluation: Path, tmp_path: Path) -> None:
    """Gold against gold with a few spoilt values: two independent programs, the same figures."""
    figures = Figures()
    lines = [json.loads(line) for line in (evaluation / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    for number, case in enumerate(lines):
        record = _spoilt(case, number)
        figures.add(record, case)
        (tmp_path / f"{case['id']}.json").write_text(json.dumps(record), encoding="utf-8")
    reference = subprocess.run(
        [sys.executable, str(evaluation / "score.py"), str(evaluation / "dev.jsonl"), str(tmp_path), "--json"],
        capture_output=True,
        check=True,
    )
    expected = json.loads(reference.stdout)
    summary = figures.summary()
    assert {key: summary[key] for key in expected if key in summary} == pytest.approx(
        {key: value for key, value in expected.items() if key in summary}
    )
    assert len([key for key in expected if key in summary]) >= 20


def _spoilt(case: dict[str, Any], number: int) -> dict[str, Any]:
    """The gold as a record, every third value spoilt in a way that depends on the case."""
    fields: dict[str, Any] = {}
    for position, (key, value) in enumerate(case["fields"].items()):
        status = ("ok", "check")[(number + position) % 2]
        spoil = (number + position) % 3 == 0
        if isinstance(value, list):
            items = [
                {**item, "status": status} if isinstance(item, dict) else {"text": item, "status": status}
                for item in (value[1:] if spoil else value)
            ]
            fields[key] = {"value": items, "status": status}
        elif value is not None:
            spoilt = value + 1 if isinstance(value, int | float) else f"{value} не 5"
            fields[key] = {"value": spoilt if spoil else value, "status": status}
    findings = [f if (number + i) % 4 else {**f, "status": "family"} for i, f in enumerate(case["findings"])]
    return {"source": case["id"], "fields": fields, "findings": findings}
