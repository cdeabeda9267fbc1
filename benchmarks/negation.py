"""Denials in real sentences of clinical notes: recall of the negated phrases, precision of what is called absent.

    python benchmarks/negation.py SENTENCES.jsonl [--judged FILE.tsv] [--missed N] [--list FROM TO]

SENTENCES.jsonl holds `{"sentence", "negated": [phrase, …]}` a line (the corpus medical_nlp of the Almazov centre,
which is not part of this project). A negated phrase counts as found if an absent finding of its sentence shares a
word with it, endings aside. The judged file says of absent findings, by the number of the sentence and the finding's
own text, whether the sentence denies it; precision is over those that it lists.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from dictation.clinical.facts import Finding, get
from dictation.clinical.pipeline import build

# A sentence of a note without its heading reads as anamnesis.
_HEADING = "Анамнез заболевания. "
_CUES = frozenset({"не", "нет", "без", "ни", "на", "за", "по", "со", "из", "от", "до", "при", "отрицает"})


def words(text: str) -> list[str]:
    letters = ("".join(c if c.isalpha() else " " for c in text.lower().replace("ё", "е"))).split()
    return [word for word in letters if len(word) > 1 and word not in _CUES]


def akin(one: str, other: str) -> bool:
    """Forms of one word: a common beginning, all but the ending."""
    common = 0
    while common < min(len(one), len(other)) and one[common] == other[common]:
        common += 1
    return one == other or common >= max(3, min(len(one), len(other), 6) - 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--judged", type=Path, default=Path(__file__).with_name("negation_judged.tsv"))
    parser.add_argument("--missed", type=int, default=0, help="print this many sentences with a phrase not found")
    parser.add_argument(
        "--list", nargs=2, type=int, default=None, metavar=("FROM", "TO"), help="absent findings to judge"
    )
    args = parser.parse_args()
    nlp = build("ru")
    cases = [json.loads(line) for line in args.sentences.read_text(encoding="utf-8").splitlines() if line.strip()]
    absent: list[list[str]] = []
    for case in cases:
        doc = nlp(_HEADING + case["sentence"])
        absent.append([finding.text for finding in get(doc, Finding) if finding.status == "absent"])
    found = total = shown = 0
    for case, texts in zip(cases, absent, strict=True):
        heard = [word for text in texts for word in words(text)]
        missed = [p for p in case["negated"] if not any(akin(one, other) for one in words(p) for other in heard)]
        total += len(case["negated"])
        found += len(case["negated"]) - len(missed)
        if missed and shown < args.missed:
            shown += 1
            print(f"{case['sentence']}\n    missed {missed}\n    found {texts}")
    if args.list:
        for number in range(*args.list):
            print(f"{number}\t{cases[number]['sentence']}\n    {absent[number]}")
    print(f"recall {found / total:.3f} of {total} phrases in {len(cases)} sentences")
    if args.judged.exists():
        right, judged = precision(absent, args.judged)
        print(f"precision {right / max(judged, 1):.3f} of {judged} absent findings judged by hand")
    return 0


def precision(absent: list[list[str]], judged: Path) -> tuple[int, int]:
    """How many of the absent findings were judged right, of those that were judged at all."""
    verdicts: dict[tuple[int, str], bool] = {}
    for line in judged.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            number, text, verdict = line.split("\t")
            verdicts[int(number), text] = verdict == "right"
    known = [verdicts[i, text] for i, texts in enumerate(absent) for text in texts if (i, text) in verdicts]
    return sum(known), len(known)


if __name__ == "__main__":
    raise SystemExit(main())
