"""`models list|install|verify`: the recognisers' weights."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dictation.commands.options import AsJson
from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal
from dictation.speech import catalogue

app = typer.Typer(help="The recognisers' models.", no_args_is_help=True)


@app.command("list")
def models_list(as_json: AsJson = False) -> int:
    """The models of the catalogue and those put in place here."""
    terminal = Terminal(as_json)
    if as_json:
        for entry in catalogue.entries():
            terminal.document(entry.to_json())
        return EXIT_OK
    table = Table()
    for heading in ("name", "engine", "languages", "installed", "licence", "source"):
        table.add_column(heading)
    for entry in catalogue.entries():
        installed = "yes" if entry.installed else ""
        table.add_row(entry.name, entry.engine, " ".join(entry.languages), installed, entry.licence, entry.source)
    terminal.show(table)
    return EXIT_OK


@app.command("install")
def models_install(
    model: Annotated[str, typer.Argument(help="A name from the catalogue, a zip, or a folder.")],
    yes: Annotated[bool, typer.Option("--yes", help="Pin an unknown hash without asking.")] = False,
) -> int:
    """Put a model in place and check it."""
    installed = catalogue.install(model, confirm=lambda question: yes or typer.confirm(question, err=True))
    Terminal().text(f"{installed.name}: installed in {installed.path}, sha256 {installed.sha256}")
    return EXIT_OK


@app.command("verify")
def models_verify(
    model: Annotated[str | None, typer.Argument(help="A model's name; all that are installed otherwise.")] = None,
    as_json: AsJson = False,
) -> int:
    """Hash installed models again and compare."""
    terminal = Terminal(as_json)
    sound = True
    for result in catalogue.verify(model):
        sound &= result.sound
        if as_json:
            terminal.document(result.to_json())
        else:
            terminal.text(f"{result.name}: {'ok' if result.sound else 'BROKEN'}  {result.detail}")
    return EXIT_OK if sound else EXIT_BAD_INPUT
