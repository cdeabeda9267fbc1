"""`forms`, `icd10`, `icd10-import`: what the program knows, to look at and to add to."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from dictation.clinical.facts import Candidate
from dictation.clinical.icd10 import Coder, import_table
from dictation.commands.dictate import STANDARD_INPUT
from dictation.commands.options import AsJson
from dictation.console import EXIT_OK, Terminal
from dictation.forms.questionnaire import form_names, load_form
from dictation.session import decode_text

forms_app = typer.Typer(help="The forms that can be filled.", no_args_is_help=True)

DIAGNOSIS_LANGUAGE = LABELS = "ru"


@forms_app.command("list")
def forms_list(as_json: AsJson = False) -> int:
    """The forms that ship with the program."""
    terminal = Terminal(as_json)
    for name in form_names():
        title = load_form(name).title(LABELS)
        if as_json:
            terminal.document({"form": name, "title": title})
        else:
            terminal.text(f"{name}  {title}")
    return EXIT_OK


@forms_app.command("show")
def forms_show(form: Annotated[str, typer.Argument(help="A form's name or path.")], as_json: AsJson = False) -> int:
    """A form's items: key, label, kind, the fact that fills it."""
    terminal = Terminal(as_json)
    shown = load_form(form)
    if as_json:
        terminal.document(shown.questionnaire)
        return EXIT_OK
    table = Table("key", "label", "kind", "filled by", title=shown.title(LABELS))
    for item in shown.items:
        filled_by = f"{item.binding.source} {item.binding.detail}".strip() if item.binding else ""
        table.add_row(item.key, item.label(LABELS), item.type, filled_by)
    terminal.show(table)
    return EXIT_OK


def icd10(
    text: Annotated[str, typer.Argument(help="A diagnosis; - for standard input, one a line.")],
    note: Annotated[bool, typer.Option("--note", help="The input is a whole note with several diagnoses.")] = False,
    lexicon_only: Annotated[bool, typer.Option("--lexicon-only", help="Leave the imported table aside.")] = False,
    as_json: AsJson = False,
) -> int:
    """A diagnosis as ranked ICD-10 codes."""
    terminal = Terminal(as_json)
    coder = Coder(DIAGNOSIS_LANGUAGE, lexicon_only=lexicon_only)
    given = decode_text(sys.stdin.buffer.read(), text).splitlines() if text == STANDARD_INPUT else [text]
    for line in given:
        answer = _note(coder, line) if note else {"text": line, "candidates": _ranked(coder.candidates(line))}
        if as_json:
            terminal.document(answer)
        else:
            _show(terminal, answer)
    return EXIT_OK


def icd10_import(file: Annotated[Path, typer.Argument(help="UTF-8 TSV with the header: code title parent.")]) -> int:
    """Keep the official ICD-10 table for use together with the program's own lexicon."""
    count = import_table(file)
    Terminal().text(f"{count} codes imported")
    return EXIT_OK


def _ranked(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    return [{"icd10": c.icd10, "title": c.title, "score": round(c.score, 4)} for c in candidates]


def _note(coder: Coder, text: str) -> dict[str, Any]:
    diagnoses = [
        {
            "start": found.start,
            "end": found.end,
            "text": found.text,
            "icd10": found.icd10,
            "candidates": [
                {"icd10": c.icd10, "title": c.title, "score": round(c.score, 4)} for c in found.candidates
            ],
        }
        for found in coder.note(text)
    ]
    return {"text": text, "diagnoses": diagnoses}


def _show(terminal: Terminal, answer: dict[str, Any]) -> None:
    for diagnosis in answer.get("diagnoses", [answer]):
        terminal.text(diagnosis["text"])
        for candidate in diagnosis["candidates"]:
            terminal.text(f"  {candidate['icd10']:6} {candidate['score']:.2f}  {candidate['title']}")
        if not diagnosis["candidates"]:
            terminal.text("  no code found")
