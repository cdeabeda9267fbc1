"""Dictated visits against their gold records: `python benchmarks/visits.py [VISITS.jsonl] [--differences]`.

A line of VISITS is `{"id", "specialty", "style", "spoken", "fields", "findings"}`. Every visit is read twice: as
dictated, and as a recogniser without punctuation prints it. How each figure is defined stands in `docs/testers.md`.
`--differences` also prints what was entered otherwise than the gold: wrong values (with their status), values that
are missing, text fields below F1 0.9, findings that were missed or have another status.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from dictation.replay.comparison import alike, critical_tokens, medication_key, number, token_f1
from dictation.replay.figures import FINDING_MATCH, MEASUREMENTS, TEXT_FIELDS, Figures
from dictation.session import Dictation

Json = dict[str, Any]
GOOD_TEXT = 0.9


def bare(text: str) -> str:
    """Lower case without punctuation."""
    return re.sub(r"[^\w\s-]", " ", text.lower())


SHAPES: dict[str, Callable[[str], str]] = {"as dictated": str, "without punctuation": bare}


def differences(record: Json, gold: Json) -> Iterator[str]:
    """What the record holds otherwise than the gold, a line each."""
    fields, said = record["fields"], gold["fields"]
    for key in TEXT_FIELDS:
        value, wanted = fields[key]["value"], said.get(key)
        f1 = token_f1(wanted, value)
        silent = fields[key]["status"] == "ok" and critical_tokens(value) != critical_tokens(wanted)
        if f1 < GOOD_TEXT or silent:
            label = "SILENT text" if silent else "text"
            yield f"{label} {key} {f1:.2f}\n    gold  {wanted}\n    entry {value}"
    for key in MEASUREMENTS:
        value, wanted = fields[key]["value"], said.get(key)
        if number(value) != number(wanted):
            yield f"{_alarm(fields[key])} {key}: gold {wanted}, entry {value} {fields[key]['reasons']}"
    yield from _diagnoses(fields["diagnosis"], said["diagnosis"])
    yield from _medications(fields["medications"], said["medications"])
    entered = [item["text"] for item in fields["examinations"]["value"] or []]
    for text in said["examinations"]:
        if not any(alike(text, other) for other in entered):
            yield f"examination missed: {text}; entry {entered}"
    for text in entered:
        if not any(alike(other, text) for other in said["examinations"]):
            yield f"examination made up: {text}"
    if token_f1(said["follow-up"], fields["follow-up"]["value"]) < GOOD_TEXT:
        yield f"follow-up: gold {said['follow-up']}, entry {fields['follow-up']['value']}"
    for finding in gold["findings"]:
        near = [f for f in record["findings"] if alike(finding["text"], f["text"], FINDING_MATCH)]
        if {f["status"] for f in near} != {finding["status"]}:
            shown = [f"{f['text']} ({f['status']})" for f in near] or "nothing"
            yield f"finding: gold {finding['text']} ({finding['status']}), entry {shown}"


def _alarm(entry: Json) -> str:
    return {"ok": "SILENT value", "empty": "SILENT loss"}.get(entry["status"], "value")


def _diagnoses(entry: Json, said: list[Json]) -> Iterator[str]:
    entered = entry["value"] or []
    codes = {d["icd10"] for d in entered}
    for wanted in said:
        if wanted["icd10"] not in codes:
            asks = entry["status"] == "check" or any(d["status"] == "check" for d in entered)
            yield f"{'code' if asks else 'SILENT loss, code'} missed: {wanted['icd10']} {wanted['text']}"
    for diagnosis in entered:
        rubric = (diagnosis["icd10"] or "")[:3]
        shown = f"{diagnosis['icd10']} {diagnosis['text']} [{diagnosis['role']}] {diagnosis['reasons']}"
        if not any(d["icd10"][:3] == rubric for d in said):
            yield f"{_alarm(diagnosis) if rubric else 'diagnosis'} not in gold: {shown}"
        elif not any(d["icd10"] == diagnosis["icd10"] for d in said):
            yield f"{_alarm(diagnosis)} of another subcategory: {shown}"
        elif not any(d["icd10"] == diagnosis["icd10"] and d["role"] == diagnosis["role"] for d in said):
            yield f"{_alarm(diagnosis)} in another role: {shown}"


def _medications(entry: Json, said: list[Json]) -> Iterator[str]:
    entered = entry["value"] or []
    asks = entry["status"] == "check" or any(m["status"] == "check" for m in entered)
    keys, wanted_keys = {medication_key(m) for m in entered}, {medication_key(m) for m in said}
    for wanted in said:
        if medication_key(wanted) not in keys:
            yield f"medication missed{'' if asks else ' (nothing asks)'}: {_prescription(wanted)}"
    for medication in entered:
        if medication_key(medication) not in wanted_keys:
            yield (
                f"{_alarm(medication)}, medication: {_prescription(medication)} "
                f"{medication['reasons']} «{medication['text']}»"
            )


def _prescription(medication: Json) -> str:
    keys = ("name", "dose", "unit", "route", "times_per_day", "duration_days", "as_needed")
    return ", ".join(str(medication[key]) for key in keys)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("visits", type=Path, nargs="?", default=Path(__file__).with_suffix(".jsonl"))
    parser.add_argument("--differences", action="store_true")
    args = parser.parse_args()
    visits = [json.loads(line) for line in args.visits.read_text(encoding="utf-8").splitlines() if line.strip()]
    dictation = Dictation()
    summaries = {}
    for shape, change in SHAPES.items():
        figures = Figures()
        for visit in visits:
            record = dictation.extract(change(visit["spoken"])).model_dump(mode="json")
            figures.add(record, visit)
            if args.differences:
                for line in differences(record, visit):
                    print(f"{visit['id']} {visit['specialty']}, {shape}: {line}")
        summaries[shape] = figures.summary()
    for name in next(iter(summaries.values())):
        print(f"{name:22}", *(f"{shape}: {summary[name]:.3f}  " for shape, summary in summaries.items()))


if __name__ == "__main__":
    main()
