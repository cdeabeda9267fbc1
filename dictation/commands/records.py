"""`records list|show|export|delete|retention` and `sign`: the records in the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.table import Column, Table

from dictation.audio.wav import write_wav
from dictation.commands.opened import opened_store
from dictation.commands.options import AsJson
from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal
from dictation.errors import InputError, UsageError
from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record
from dictation.forms.render import to_terminal
from dictation.forms.signed import Signed
from dictation.mis.document import signed_as
from dictation.outputs import write_outputs
from dictation.store import Listed, Retention, Search, Store, Version, refuse_unconfirmed

app = typer.Typer(help="The records in the store.", no_args_is_help=True)

RecordId = Annotated[str, typer.Argument(help="A record's id, as `records list` shows it.")]
RecordIds = Annotated[list[str], typer.Argument(help="Ids of records.", show_default=False)]
VersionNumber = Annotated[int | None, typer.Option("--version", help="A version; the newest otherwise.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%d.%m.%Y"])]
Days = Annotated[str | None, typer.Option(metavar="DAYS", help="A number of days, or `never`.")]


@app.command("list")
def records_list(
    patient: Annotated[str | None, typer.Option(help="An ИИН, or a part of the name.")] = None,
    since: Day = None,
    until: Day = None,
    unsigned: Annotated[bool, typer.Option("--unsigned", help="Only those that nobody has signed.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 100,
    as_json: AsJson = False,
) -> int:
    """What is in the store, the newest first."""
    terminal = Terminal(as_json)
    wanted = Search(
        patient=patient,
        since=since.date() if since else None,
        until=until.date() if until else None,
        signed=False if unsigned else None,
        limit=limit,
    )
    with opened_store() as store:
        found = store.records(wanted)
    if as_json:
        for listed in found:
            terminal.document({**asdict(listed), "created": listed.created.isoformat()})
        return EXIT_OK
    table = Table(Column("id", no_wrap=True), "made", "patient", "visit", "version", "signed")
    for listed in found:
        table.add_row(*_row(listed))
    terminal.show(table)
    return EXIT_OK


@app.command("show")
def records_show(identifier: RecordId, version: VersionNumber = None, as_json: AsJson = False) -> int:
    """A record; the audit log tells that it was opened."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        record = store.record(identifier, version)
        versions = store.versions(identifier)
    if as_json:
        terminal.document(record.model_dump(mode="json"))
        return EXIT_OK
    terminal.show(to_terminal(record, load_form(record.form)))
    for known in versions:
        terminal.text(_version_line(known))
    return EXIT_OK


@app.command("export")
def records_export(
    identifiers: RecordIds,
    out: Annotated[Path, typer.Option("--out", help="Write record, bundle and printable page here.")],
    version: VersionNumber = None,
    audio: Annotated[bool, typer.Option("--audio", help="The sound too, as a WAV file.")] = False,
) -> int:
    """Records as files, not encrypted any more, a signed one as PDF too; the audit log tells that they left."""
    terminal = Terminal()
    with opened_store() as store:

        def work(identifier: str) -> None:
            record = store.export(identifier, version)
            signed = _signed(store, record, version)
            for path in write_outputs(record, load_form(record.form), out, identifier, signed):
                terminal.text(str(path))
            if audio:
                terminal.text(str(_write_sound(store, identifier, out)))

        sound = terminal.each(((identifier, identifier) for identifier in identifiers), work)
    return EXIT_OK if sound else EXIT_BAD_INPUT


@app.command("delete")
def records_delete(
    identifiers: RecordIds,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> int:
    """Records with every version, signature and their sound, beyond recovery. Backups keep theirs."""
    terminal = Terminal()
    if not yes:
        typer.confirm(
            f"Delete {len(identifiers)} records, their versions and their sound, for good?", abort=True, err=True
        )
    with opened_store() as store:

        def work(identifier: str) -> None:
            store.delete_record(identifier)
            terminal.text(f"{identifier}: deleted")

        sound = terminal.each(((identifier, identifier) for identifier in identifiers), work)
    return EXIT_OK if sound else EXIT_BAD_INPUT


@app.command("retention")
def records_retention(audio: Days = None, records: Days = None, as_json: AsJson = False) -> int:
    """How long sound and records are kept; with options, change it. What is past its time is deleted at once."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        current = store.retention
        wanted = Retention(
            audio=current.audio if audio is None else _days("--audio", audio),
            records=current.records if records is None else _days("--records", records),
        )
        if wanted != current:
            store.set_retention(wanted)
        removed = store.tidy()
    if as_json:
        terminal.document({**asdict(wanted), "removed": asdict(removed)})
        return EXIT_OK
    for kind, days in asdict(wanted).items():
        terminal.text(f"{kind}: kept {'for ever' if days is None else f'{days} days'}")
    terminal.text(f"deleted now: sound of {removed.audio} dictations, {removed.records} records")
    return EXIT_OK


def sign(
    record: Annotated[Path, typer.Argument(help="A record's JSON file.")],
    doctor: Annotated[str, typer.Option("--doctor", help="Who signs.")],
    confirm: Annotated[
        list[str] | None,
        typer.Option("--confirm", help="A field whose value was checked; findings, allergies, notices as well."),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Take a record into the store and freeze it under the doctor's name. Not an ЭЦП under the law."""
    terminal = Terminal(as_json)
    given = read_record(record)
    confirmed = tuple(confirm or ())
    refuse_unconfirmed(given, confirmed)
    with opened_store() as store:
        version = store.save(given)
        signature = store.sign(str(given.id), doctor=doctor, confirmed=confirmed, version=version)
    if as_json:
        terminal.document({"source": str(record), **signature.statement})
    else:
        terminal.text(f"{given.id}: version {version} signed by {signature.doctor}")
    return EXIT_OK


def read_record(path: Path) -> Record:
    """A record of a JSON file. InputError names the first key that is wrong, never its value."""
    try:
        return Record.model_validate_json(path.read_bytes())
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check the name and the permissions") from error
    except ValidationError as error:
        place = ".".join(str(part) for part in error.errors()[0]["loc"])
        raise InputError(f"{path}: not a record of this program{f' ({place})' if place else ''}") from error


def _signed(store: Store, record: Record, version: int | None) -> Signed | None:
    """The signature of a version, of the newest if none is named."""
    identifier = str(record.id)
    signature = store.signature(identifier, version or store.versions(identifier)[-1].version)
    return signed_as(signature.statement, record) if signature else None


def _row(listed: Listed) -> Iterator[str]:
    yield listed.id
    yield f"{listed.created.astimezone():%d.%m.%Y %H:%M}"
    yield " ".join(part for part in (listed.patient_name, listed.patient_iin) if part)
    yield listed.visit or ""
    yield str(listed.version)
    yield str(listed.signed or "")


def _version_line(version: Version) -> str:
    signed = f", signed by {version.signed_by}" if version.signed_by else ""
    based = f", from version {version.based_on}" if version.based_on else ""
    saved = f"{version.saved.astimezone():%d.%m.%Y %H:%M}"
    return f"version {version.version}{based}: saved {saved} by {version.saved_by}{signed}"


def _days(option: str, text: str) -> int | None:
    if text == "never":
        return None
    if not text.isdecimal():
        raise UsageError(f"{option} {text}: give a number of days, or never")
    return int(text)


def _write_sound(store: Store, identifier: str, folder: Path) -> Path:
    (listed,) = store.records(Search(record=identifier))
    if listed.dictation is None:
        raise InputError(f"{identifier}: was not dictated into this store, there is no sound of it")
    path = folder / f"{identifier}.wav"
    partial = folder / f".{path.name}.partial"
    write_wav(str(partial), store.audio(listed.dictation))
    return partial.replace(path)
