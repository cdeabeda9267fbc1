"""A replay in figures: how fast, how sure, what needs checking, how right; as a summary, a report and a gate."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from dictation.errors import InputError
from dictation.files import write_atomically
from dictation.replay.comparison import tokens
from dictation.replay.figures import Figures
from dictation.replay.runner import Done, read_record
from dictation.replay.word_errors import word_errors


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of a whole replay, by name; `reasons` counts what asked for a check, `failed` lists what broke."""

    figures: dict[str, float]
    reasons: dict[str, int]
    failed: tuple[Done, ...]
    done: tuple[Done, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "figures": self.figures,
            "reasons": self.reasons,
            "failed": [{"source": done.audio, "error": done.error} for done in self.failed],
        }


def summarise(results: Sequence[Done], out: Path, gold: dict[str, dict[str, Any]] | None = None) -> Summary:
    """Figures of the results whose records lie in `out`; with `gold` (by id) also how right they are."""
    done = tuple(result for result in results if result.error is None)
    failed = tuple(result for result in results if result.error is not None)
    seconds = sum(result.seconds for result in done)
    words = sum(result.words for result in done)
    figures = {
        "recordings": float(len(results)),
        "failed": float(len(failed)),
        "seconds": seconds,
        "real-time-factor": sum(result.elapsed for result in done) / seconds if seconds else 0.0,
        "words": float(words),
        "word-confidence": sum((r.confidence or 0.0) * r.words for r in done) / words if words else 0.0,
    }
    reasons: Counter[str] = Counter()
    measured = Figures()
    wrong = said = 0
    for result in done:
        record = read_record(out, result.id).model_dump(mode="json")
        reasons.update(_reasons(record.get("fields")))
        expected = (gold or {}).get(result.id)
        if expected is None:
            continue
        measured.add(record, expected)
        if expected.get("spoken"):
            wrong += word_errors(tokens(expected["spoken"]), tokens(record["transcript"]["text"]))
            said += len(tokens(expected["spoken"]))
    if measured.cases:
        figures |= measured.summary()
    if said:
        figures["word-error-rate"] = wrong / said
    return Summary(figures, dict(reasons.most_common()), failed, done)


def read_gold(path: Path) -> dict[str, dict[str, Any]]:
    """Gold records by id, one JSON object a line."""
    gold = {}
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a gold set: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            gold[str(case["id"])] = {"spoken": case.get("spoken"), **case, "fields": dict(case["fields"])}
        except (json.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise InputError(f"{path}:{number}: a gold case is an object with 'id' and 'fields'") from error
    return gold


class Gate(BaseModel):
    """Bounds that a replay must keep: figures that must reach `min`, and must not pass `max`."""

    model_config = ConfigDict(extra="forbid")

    min: dict[str, float] = {}
    max: dict[str, float] = {}

    def missed(self, figures: dict[str, float]) -> list[str]:
        """A line for every bound that was not kept; a figure that was not measured is not kept."""
        lines = []
        for bounds, kept, word in ((self.min, float.__ge__, "at least"), (self.max, float.__le__, "at most")):
            for name, bound in bounds.items():
                value = figures.get(name)
                if value is None or not kept(value, bound):
                    got = "not measured" if value is None else f"{value:.3f}"
                    lines.append(f"{name}: {got}, asked {word} {bound:g}")
        return lines


def read_gate(path: Path) -> Gate:
    """A gate from TOML: `[min]` and `[max]` with figure names."""
    try:
        return Gate.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read as a gate: {error}") from error
    except ValidationError as error:
        raise InputError(f"{path}: {error.errors()[0]['loc']}: {error.errors()[0]['msg']}") from error


def write_report(summary: Summary, folder: Path) -> None:
    """`report.md` for people, `summary.json` and `recordings.csv` for programs."""
    write_atomically(folder / "summary.json", json.dumps(summary.to_json(), ensure_ascii=False, indent=2) + "\n")
    write_atomically(folder / "recordings.csv", _table(summary))
    write_atomically(folder / "report.md", _report(summary))


def _report(summary: Summary) -> str:
    lines = ["# Replay", "", "| figure | value |", "|---|---|"]
    lines += [f"| {name} | {value:.3f} |" for name, value in summary.figures.items()]
    if summary.reasons:
        lines += ["", "## What asked for a check", "", "| reason | values |", "|---|---|"]
        lines += [f"| {reason} | {count} |" for reason, count in summary.reasons.items()]
    if summary.failed:
        lines += ["", "## Recordings that failed", ""]
        lines += [f"- `{done.audio}`: {done.error}" for done in summary.failed]
    return "\n".join(lines) + "\n"


def _table(summary: Summary) -> str:
    buffer = io.StringIO()
    table = csv.writer(buffer)
    table.writerow(["id", "audio", "seconds", "elapsed", "words", "confidence", "damage", "error"])
    for done in (*summary.done, *summary.failed):
        confidence = "" if done.confidence is None else f"{done.confidence:.3f}"
        table.writerow(
            [
                done.id,
                done.audio,
                done.seconds,
                done.elapsed,
                done.words,
                confidence,
                done.damage or "",
                done.error or "",
            ]
        )
    return buffer.getvalue()


def _reasons(fields: object) -> list[str]:
    """Every reason code of every field and list item."""
    if isinstance(fields, dict):
        own = [str(reason) for reason in fields.get("reasons") or []]
        return own + [reason for key, value in fields.items() if key != "reasons" for reason in _reasons(value)]
    if isinstance(fields, list):
        return [reason for value in fields for reason in _reasons(value)]
    return []
