"""ICD-10 coding of real diagnosis notes: `python benchmarks/icd10.py NOTES.jsonl [--table mkb10.tsv]`.

A line of NOTES is `{"text", "diagnoses": [{"start", "end", "text", "icd10": [codes]}]}`. Figures:

  linking @1, @5   share of the given diagnosis wordings whose first, or first five, candidates hold a gold code
  note             micro precision, recall, F1 of the set of codes per note, diagnoses found by the program
Each for exact codes and for three-character rubrics, without and (with --table) together with an imported table.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dictation.clinical.icd10 import Coder, import_table

Cut = Callable[[str], str]
CUTS: dict[str, Cut] = {"code": lambda code: code, "rubric": lambda code: code[:3]}


def linking(coder: Coder, notes: list[dict[str, Any]], cut: Cut) -> tuple[float, float, int]:
    first = five = total = 0
    for note in notes:
        for diagnosis in note["diagnoses"]:
            text = diagnosis["text"] or note["text"][diagnosis["start"] : diagnosis["end"]]
            gold = {cut(code) for code in diagnosis["icd10"]}
            got = [cut(candidate.icd10) for candidate in coder.candidates(text)]
            total += 1
            first += bool(gold & set(got[:1]))
            five += bool(gold & set(got[:5]))
    return first / total, five / total, total


def notes_f1(coder: Coder, notes: list[dict[str, Any]], cut: Cut) -> tuple[float, float, float]:
    hit = said = wanted = 0
    for note in notes:
        gold = {cut(diagnosis["icd10"][0]) for diagnosis in note["diagnoses"]}
        got = {cut(found.icd10) for found in coder.note(note["text"]) if found.icd10}
        hit, said, wanted = hit + len(gold & got), said + len(got), wanted + len(gold)
    return hit / max(said, 1), hit / wanted, 2 * hit / (said + wanted)


def report(name: str, coder: Coder, notes: list[dict[str, Any]]) -> None:
    for label, cut in CUTS.items():
        began = time.perf_counter()
        at1, at5, total = linking(coder, notes, cut)
        spent = (time.perf_counter() - began) / total * 1000
        precision, recall, f1 = notes_f1(coder, notes, cut)
        print(
            f"{name:16} {label:7} linking @1 {at1:.3f} @5 {at5:.3f} ({spent:.1f} ms each)"
            f"   note P {precision:.3f} R {recall:.3f} F1 {f1:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("notes", type=Path)
    parser.add_argument("--table", type=Path)
    parser.add_argument("--language", default="ru")
    args = parser.parse_args()
    notes = [json.loads(line) for line in args.notes.read_text(encoding="utf-8").splitlines() if line.strip()]
    report("lexicon", Coder(args.language, lexicon_only=True), notes)
    if args.table:
        with tempfile.TemporaryDirectory() as home:
            os.environ["DICTATION_HOME"] = home
            import_table(args.table)
            began = time.perf_counter()
            coder = Coder(args.language)
            print(f"index with the table built in {time.perf_counter() - began:.2f} s")
            report("lexicon + table", coder, notes)


if __name__ == "__main__":
    main()
