"""`audit verify|show`, `backup`, `restore`, `key status|export|import|protect`: the store as a whole."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dictation.commands.opened import opened_store
from dictation.commands.options import AsJson
from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal
from dictation.errors import UsageError
from dictation.files import write_atomically
from dictation.store import Head, restore_store
from dictation.store.custody import read_key_file
from dictation.store.keys import wrap
from dictation.store.opening import custody_of

audit_app = typer.Typer(help="The audit log.", no_args_is_help=True)
key_app = typer.Typer(help="The key of the store.", no_args_is_help=True)

SHORTEST_PASSPHRASE = 8


@audit_app.command("verify")
def audit_verify(
    head: Annotated[
        str | None, typer.Option("--head", help="NUMBER:LINK noted after an earlier run: must still be there.")
    ] = None,
    sound: Annotated[bool, typer.Option("--sound", help="Compare the sound of signed records too.")] = False,
    as_json: AsJson = False,
) -> int:
    """Whether the log, the versions and the signatures are as they were written; exit code 2 where they are not."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        broken = store.verify(_head(head), sound=sound)
        end = store.audit.head()
    noted = f"{end.number}:{end.link}" if end else ""
    if as_json:
        terminal.document({"whole": not broken, "head": noted, "breaks": [asdict(one) for one in broken]})
    else:
        for one in broken:
            terminal.text(f"entry {one.number}: {one.problem}" if one.number else one.problem)
        terminal.text("not as it was written" if broken else f"whole, {end.number if end else 0} entries")
        terminal.text(f"--head {noted}")
    return EXIT_BAD_INPUT if broken else EXIT_OK


@audit_app.command("show")
def audit_show(
    subject: Annotated[str | None, typer.Argument(help="The id of a record or dictation; all otherwise.")] = None,
    as_json: AsJson = False,
) -> int:
    """The entries of the log, the first first."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        entries = store.audit.entries(subject)
    for entry in entries:
        if as_json:
            terminal.document({**asdict(entry), "at": entry.at.isoformat()})
        else:
            detail = " ".join(f"{name}={value}" for name, value in entry.detail.items() if name != "sha256")
            when = f"{entry.at.astimezone():%d.%m.%Y %H:%M:%S}"
            terminal.text(f"{entry.number} {when} {entry.actor}: {entry.action} {entry.subject} {detail}".rstrip())
    return EXIT_OK


def backup(file: Annotated[Path, typer.Argument(help="The file to write; one that is there is replaced.")]) -> int:
    """The whole store in one encrypted file, while it is in use. It opens only with this store's key."""
    with opened_store() as store:
        store.backup(file)
        place = store.kept.place
    Terminal().text(f"{file}: written and checked")
    if place == "keyring":
        Terminal().text("its key is in this account's keyring only; dictation key export keeps a copy for the safe")
    return EXIT_OK


def restore(file: Annotated[Path, typer.Argument(help="A backup.")]) -> int:
    """Put a backup in the place of the store; what was there is kept beside it."""
    replaced = restore_store(file)
    Terminal().text(f"{file}: restored")
    if replaced:
        Terminal().text(f"what was there before is kept as {replaced}")
    return EXIT_OK


@key_app.command("status")
def key_status(as_json: AsJson = False) -> int:
    """Where the key is kept."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        name, kept = store.name, store.kept
    if as_json:
        terminal.document({"store": name, "kept": kept.place, "fingerprint": kept.key.fingerprint.hex()})
    else:
        places = {
            "keyring": "in this account's keyring",
            "key-file": "in a plain file: who copies it and the store reads both",
            "passphrase": "in a file under a passphrase",
        }
        terminal.text(f"{name}: the key is {places[kept.place]}")
    return EXIT_OK


@key_app.command("export")
def key_export(file: Annotated[Path, typer.Argument(help="The file to write.")]) -> int:
    """A copy of the key under a passphrase, for the safe or another machine."""
    with opened_store() as store:
        write_atomically(file, wrap(store.kept.key, _new_passphrase()) + "\n")
        store.tell("key-exported")
    Terminal().text(f"{file}: written; it and its passphrase open the store and every backup of it")
    return EXIT_OK


@key_app.command("import")
def key_import(file: Annotated[Path, typer.Argument(help="A copy of a key.")]) -> int:
    """Keep the key of a store that was made elsewhere: in the keyring, or in a file where there is none."""
    place = custody_of().keep(read_key_file(file).key)
    Terminal().text(f"{file}: kept in the {'keyring' if place == 'keyring' else 'key file'}")
    return EXIT_OK


@key_app.command("protect")
def key_protect() -> int:
    """Put the key under a passphrase, asked for at every start, and take it out of the keyring or the plain file."""
    with opened_store() as store:
        custody = custody_of()
        path = custody.write(store.kept.key, _new_passphrase())
        custody.forget(store.kept.key)
        store.tell("key-protected")
    Terminal().text(f"{path}: the key is under the passphrase now; nobody can open the store without it")
    return EXIT_OK


def _new_passphrase() -> str:
    chosen: str = typer.prompt("New passphrase", hide_input=True, confirmation_prompt=True, err=True)
    if len(chosen) < SHORTEST_PASSPHRASE:
        raise UsageError(f"a passphrase has at least {SHORTEST_PASSPHRASE} characters; several words are best")
    return chosen


def _head(text: str | None) -> Head | None:
    if text is None:
        return None
    number, _, link = text.partition(":")
    if not number.isdecimal() or not link:
        raise UsageError(f"--head {text}: give it as NUMBER:LINK, as an earlier run printed it")
    return Head(int(number), link)
