r"""How well speech is recognised: plain faster-whisper and this product side by side, in one run.

    python -m benchmarks.recognition [--dev DIR [--recordings N]] [--asterisk DIR --asterisk-texts FILE] \
        [--festvox DIR] [--limit N] [--engine E]... [--json FILE] [--transcripts FILE]

For every set: word and letter error, and in dictations the share of clinical terms and of drug names that were heard.
How texts are made comparable: `comparable.py`.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.adaptation.corpora import samples
from benchmarks.recognition.comparable import Comparable
from benchmarks.recognition.material import Piece, dictations, man, woman
from benchmarks.recognition.measures import Counts, count
from benchmarks.recognition.systems import LANGUAGE, PlainWhisper, Product, System
from benchmarks.respelling import clinical

Results = dict[str, dict[str, Counts]]
"""By set, then by system."""

_ALL_DICTATIONS = "dictation"
# A table in a log or a pipe needs no folding.
_WIDTH = 110


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.recognition", description="Accuracy of recognition beside plain faster-whisper."
    )
    parser.add_argument("--dev", type=Path, help="directory with dev.jsonl, dev/*.opus and dev/voices.json")
    parser.add_argument("--recordings", type=int, help="so many dictations, of every voice in turn")
    parser.add_argument("--asterisk", type=Path, help="sounds of asterisk-core-sounds-ru-g722")
    parser.add_argument("--asterisk-texts", type=Path, help="core-sounds-ru.txt.gz of asterisk-core-sounds-ru")
    parser.add_argument("--festvox", type=Path, help="msu_ru_nsh_clunits of festvox-ru")
    parser.add_argument("--limit", type=int, help="so many prompts of each recorded voice, at equal distances")
    parser.add_argument("--engine", action="append", help="another engine or model of the product; may be repeated")
    parser.add_argument("--json", type=Path, help="write the figures here")
    parser.add_argument("--transcripts", type=Path, help="write what was heard here, JSON lines")
    given = parser.parse_args()
    if given.asterisk and not given.asterisk_texts:
        parser.error("--asterisk needs --asterisk-texts")
    if not (given.dev or given.asterisk or given.festvox):
        parser.error("nothing to listen to: give --dev, --asterisk or --festvox")
    return given


def material(given: argparse.Namespace) -> list[Piece]:
    pieces: list[Piece] = []
    if given.dev:
        pieces += dictations(given.dev, given.recordings)
    if given.asterisk:
        pieces += woman(given.asterisk, given.asterisk_texts, given.limit)
    if given.festvox:
        pieces += man(given.festvox, given.limit)
    return pieces


def measure(pieces: list[Piece], systems: list[System], transcripts: Path | None, console: Console) -> Results:
    comparable = Comparable(LANGUAGE)
    said = {piece.path: comparable(piece.said) for piece in pieces}
    spoken = {word for piece in pieces if piece.clinical for word in said[piece.path]}
    terms, drugs = frozenset(clinical(spoken, LANGUAGE)), frozenset(clinical(spoken, LANGUAGE, {"drug"}))
    results: Results = defaultdict(lambda: defaultdict(Counts))
    rows: list[dict[str, str]] = []
    for piece in track(pieces, "listening", console=console):
        sound = samples(piece.path)
        known = (terms, drugs) if piece.clinical else (frozenset[str](), frozenset[str]())
        for name, text in (found for system in systems for found in system.hear(sound)):
            counts = count(said[piece.path], comparable(text), *known)
            results[piece.set][name] += counts
            if piece.clinical:
                results[_ALL_DICTATIONS][name] += counts
            rows.append(
                {"set": piece.set, "file": piece.path.name, "system": name, "said": piece.said, "heard": text}
            )
    if transcripts:
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        transcripts.write_text("".join(lines), encoding="utf-8")
    return results


def table(results: Results) -> Table:
    made = Table("set", "words", "system", "WER", "CER", "terms", "drug names")
    for name in sorted(results):
        for system, counts in results[name].items():
            recalls = (
                f"{share:.3f} of {of}" if share is not None else ""
                for share, of in ((counts.term_recall, counts.terms), (counts.drug_recall, counts.drugs))
            )
            made.add_row(
                name, str(counts.words), system, f"{counts.word_error:.3f}", f"{counts.letter_error:.3f}", *recalls
            )
        made.add_section()
    return made


def figures(results: Results) -> list[dict[str, Any]]:
    return [
        {
            "set": name,
            "system": system,
            "words": counts.words,
            "wer": counts.word_error,
            "cer": counts.letter_error,
            "terms": counts.terms,
            "term-recall": counts.term_recall,
            "drug-names": counts.drugs,
            "drug-name-recall": counts.drug_recall,
        }
        for name in sorted(results)
        for system, counts in results[name].items()
    ]


def main() -> None:
    given = arguments()
    pieces = material(given)
    systems: list[System] = [PlainWhisper(), *(Product(engine) for engine in (None, *(given.engine or ())))]
    results = measure(pieces, systems, given.transcripts, Console(stderr=True))
    Console(width=max(Console().width, _WIDTH)).print(table(results))
    if given.json:
        given.json.write_text(json.dumps(figures(results), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
