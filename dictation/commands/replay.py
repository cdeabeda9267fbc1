"""`replay`: many recordings to records and figures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from dictation.commands.options import AsJson, ContextFile, EngineName, FormName, LanguageCode, Strict
from dictation.console import EXIT_BAD_INPUT, EXIT_GATE, EXIT_NEEDS_CHECKING, EXIT_OK, Terminal
from dictation.replay.manifest import Item, read_items
from dictation.replay.runner import Done, Setup, read_record, replay
from dictation.replay.summary import Summary, read_gate, read_gold, summarise, write_report
from dictation.session import Dictation

Source = Annotated[Path, typer.Argument(help="A folder of recordings, or a JSONL manifest.")]
Gold = Annotated[Path | None, typer.Option("--gold", help="What the records should say, JSONL.")]
Report = Annotated[Path | None, typer.Option("--report", help="Write report.md, summary.json, recordings.csv here.")]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes.")]
GateFile = Annotated[
    Path | None, typer.Option("--gate", help=r"TOML with \[min] and \[max] figures; exit 4 if missed.")
]
OutFolder = Annotated[Path, typer.Option("--out", help="Where records go; a run goes on with what is there.")]


def replay_command(
    source: Source,
    gold: Gold = None,
    report: Report = None,
    workers: Workers = 1,
    gate: GateFile = None,
    out: OutFolder = Path("replay"),
    form: FormName = "052u-visit",
    engine: EngineName = None,
    language: LanguageCode = "ru",
    context: ContextFile = None,
    as_json: AsJson = False,
    strict: Strict = False,
) -> int:
    """Many recordings to records, figures, a report and a gate. A run that was stopped goes on where it was."""
    terminal = Terminal(as_json)
    items = read_items(source)
    expected = read_gold(gold) if gold else None
    bounds = read_gate(gate) if gate else None
    dictation = Dictation(form, language=language, engine=engine)
    dictation.load_recogniser()
    setup = Setup(form, language, engine, context)
    results = _run(terminal, items, setup, out, workers)
    summary = summarise(results, out, expected)
    write_report(summary, report or out)
    doubtful = _print(terminal, results, out, summary)
    missed = bounds.missed(summary.figures) if bounds else []
    for line in missed:
        terminal.error(f"gate: {line}")
    if summary.failed:
        return EXIT_BAD_INPUT
    if missed:
        return EXIT_GATE
    return EXIT_NEEDS_CHECKING if strict and doubtful else EXIT_OK


def _run(terminal: Terminal, items: list[Item], setup: Setup, out: Path, workers: int) -> list[Done]:
    """The results in the order of the recordings."""
    by_id: dict[str, Done] = {}
    with terminal.progress("replay") as progress:
        progress(0, len(items))
        for done in replay(items, setup, out, workers):
            by_id[done.id] = done
            progress(len(by_id), len(items))
            if done.damage:
                terminal.error(f"{done.audio}: {done.damage}; what could be read was used")
    for item in items:
        error = by_id[item.id].error
        if error is not None:
            terminal.error(error)
    return [by_id[item.id] for item in items]


def _print(terminal: Terminal, results: list[Done], out: Path, summary: Summary) -> bool:
    """Records in the order of the recordings as JSON, or a table of figures; true if any record needs checking."""
    doubtful = False
    for done in results:
        if done.error is not None:
            document = {"source": done.audio, "error": done.error}
        else:
            record = read_record(out, done.id)
            doubtful |= record.needs_checking()
            document = record.model_dump(mode="json")
        if terminal.json:
            terminal.document(document)
    if not terminal.json:
        table = Table("figure", "value")
        for name, value in summary.figures.items():
            table.add_row(name, f"{value:.3f}")
        terminal.show(table)
    return doubtful
