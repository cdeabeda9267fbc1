"""`doctors`: who unlocks the workstation, for whoever keeps the machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from dictation.commands.opened import opened_store
from dictation.commands.options import AsJson
from dictation.console import EXIT_OK, Terminal
from dictation.errors import UsageError
from dictation.workstation.doctors import Doctors
from dictation.workstation.failures import Failure, text

app = typer.Typer(help="The doctors who unlock the workstation (dictation serve).", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The doctor's name, as `doctors list` shows it.")]


@app.command("list")
def doctors_list(as_json: AsJson = False) -> int:
    """The doctors by name. They are added in the workstation."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        found = Doctors(store).all()
    for doctor in found:
        if as_json:
            terminal.document({"id": doctor.id, "name": doctor.name})
        else:
            terminal.text(doctor.name)
    return EXIT_OK


@app.command("pin")
def doctors_pin(name: Name) -> int:
    """Another PIN or passphrase for a doctor who has forgotten theirs; a lock-out ends."""
    with opened_store() as store, _told(name):
        doctors = Doctors(store)
        doctors.called(name)
        doctors.change_secret(name, typer.prompt("New PIN", hide_input=True, confirmation_prompt=True, err=True))
    Terminal().text(f"{name}: changed")
    return EXIT_OK


@app.command("remove")
def doctors_remove(name: Name) -> int:
    """A doctor unlocks no more; records and signatures stay as they are."""
    with opened_store() as store, _told(name):
        Doctors(store).remove(name)
    Terminal().text(f"{name}: removed")
    return EXIT_OK


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except Failure as failure:
        if failure.code == "not-found":
            raise UsageError(f"no doctor is called '{name}'; dictation doctors list shows them") from failure
        raise UsageError(text(failure.code, "en")) from failure
