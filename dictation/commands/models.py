"""`models list|install|verify`: the recognisers' weights."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from dictation.commands.options import AsJson
from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal
from dictation.speech import catalogue, installing, weights

app = typer.Typer(help="The recognisers' models.", no_args_is_help=True)


@app.command("list")
def models_list(as_json: AsJson = False) -> int:
    """The models of the catalogue, and those put in place here."""
    terminal = Terminal(as_json)
    placed = {found.name: found for found in installing.installed()}
    listed = {known.name: known for known in catalogue.entries()}
    table = Table("name", "engine", "languages", "installed", "licence", "source")
    for name in (*listed, *(name for name in placed if name not in listed)):
        known = listed.get(name)
        engine, languages = (known or placed[name]).engine, (known or placed[name]).languages
        there = name in placed or (known is not None and weights.installed(known))
        if as_json:
            details = known.model_dump(mode="json") if known else placed[name].model_dump(mode="json")
            terminal.document({**details, "installed": there})
        licence, source = (known.licence, known.source) if known else ("", "put in place here")
        table.add_row(name, engine, " ".join(languages), "yes" if there else "", licence, source)
    if not as_json:
        terminal.show(table)
    return EXIT_OK


@app.command("install")
def models_install(
    model: Annotated[str, typer.Argument(help="A name from the catalogue, a zip, or a folder.")],
    yes: Annotated[bool, typer.Option("--yes", help="Pin an unknown hash without asking.")] = False,
) -> int:
    """Put a model in place and check it."""
    installed = installing.install(model, confirm=lambda question: yes or typer.confirm(question, err=True))
    Terminal().text(f"{installed.name}: installed; use it with --engine {installed.name}")
    return EXIT_OK


@app.command("verify")
def models_verify(
    model: Annotated[str | None, typer.Argument(help="A model's name; all that are installed otherwise.")] = None,
    as_json: AsJson = False,
) -> int:
    """Hash installed models again and compare."""
    terminal = Terminal(as_json)
    results = installing.verify(model)
    for result in results:
        if as_json:
            terminal.document(result.model_dump(mode="json"))
        else:
            terminal.text(f"{result.name}: {result.problem or 'ok'}")
    return EXIT_BAD_INPUT if any(result.problem for result in results) else EXIT_OK
