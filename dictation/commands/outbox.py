"""`submit` and `outbox list|send|retry`: signed records on their way to a clinic's system."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer

from dictation.commands.opened import opened_store
from dictation.commands.options import AsJson
from dictation.commands.records import read_record
from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal
from dictation.errors import SigningError, UsageError
from dictation.forms.record import Record
from dictation.mis.delivery import Delivery
from dictation.mis.document import unsigned
from dictation.mis.ends import End, open_end
from dictation.mis.outbox import Entry, Outbox, State
from dictation.mis.profiles import Profile, find_profile, read_profiles
from dictation.store import Store
from dictation.store.records import content_of, hash_of

app = typer.Typer(help="Signed records on their way to the clinic's system.", no_args_is_help=True)


def submit(
    record: Annotated[Path, typer.Argument(help="The JSON file of a signed record.")],
    to: Annotated[str, typer.Option("--to", help="The system's address, or its name in mis.toml.")],
    as_json: AsJson = False,
) -> int:
    """Send a signed record to the clinic's system. What cannot be sent now is kept, and sent by `outbox send`."""
    terminal = Terminal(as_json)
    given, profile = read_record(record), find_profile(to)
    _warn(terminal, [profile])
    with opened_store() as store:
        outbox = Outbox(store)
        entry = outbox.submit(str(given.id), profile, _signed_version(store, given, record))
        if entry.state == "waiting":
            Delivery(outbox, _open(terminal, told=True)).send_now(entry)
            entry = outbox.entry(entry.number)
    if as_json:
        terminal.document({"source": str(record), **_json(entry)})
    else:
        _show(terminal, entry)
    return _code(terminal, [entry])


@app.command("list")
def outbox_list(
    everything: Annotated[bool, typer.Option("--all", help="What has arrived too.")] = False,
    as_json: AsJson = False,
) -> int:
    """What waits or was refused, and why."""
    terminal = Terminal(as_json)
    with opened_store() as store:
        states: tuple[State, ...] = () if everything else ("waiting", "refused")
        entries = Outbox(store).entries(*states)
    for entry in entries:
        _show(terminal, entry)
    return EXIT_OK


@app.command("send")
def outbox_send(as_json: AsJson = False) -> int:
    """Send all that waits, now. Exit code 2 where something was refused."""
    terminal = Terminal(as_json)
    _warn(terminal, read_profiles())
    with opened_store() as store:
        tried = Delivery(Outbox(store), _open(terminal)).send_now()
    return _tell(terminal, tried)


@app.command("retry")
def outbox_retry(
    numbers: Annotated[
        list[int] | None, typer.Argument(help="Numbers of refused entries.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that were refused.")] = False,
    as_json: AsJson = False,
) -> int:
    """Send again what was refused, after what was wrong has been put right."""
    if bool(numbers) == everything:
        raise UsageError("outbox retry: give the numbers of refused entries, or --all")
    terminal = Terminal(as_json)
    with opened_store() as store:
        outbox, again = Outbox(store), []
        refused = numbers or [entry.number for entry in outbox.entries("refused")]

        def work(number: int) -> None:
            entry = outbox.entry(number)
            again.append(outbox.retry(number, find_profile(entry.destination)))

        sound = terminal.each(((str(number), number) for number in refused), work)
        tried = Delivery(outbox, _open(terminal)).send_now(*again) if again else []
    code = _tell(terminal, tried) if again else EXIT_OK
    return code if sound else EXIT_BAD_INPUT


def _signed_version(store: Store, given: Record, path: Path) -> int:
    """The signed version that the file is. SigningError where it is none, or not the newest one that is signed."""
    digest = hash_of(content_of(given))
    versions = store.versions(str(given.id))
    signed = [version for version in versions if version.signed_by]
    if not signed:
        raise unsigned(str(given.id))
    same = [version for version in versions if version.sha256 == digest]
    if not any(version.signed_by for version in same):
        raise SigningError(
            f"{path}: was changed since version {signed[-1].version} was signed; sign it as it is now: "
            f"dictation sign {path} --doctor NAME"
        )
    if same[-1].version < signed[-1].version:
        raise SigningError(
            f"{path}: version {signed[-1].version} was signed since; submit that: "
            f"dictation records export {given.id} --version {signed[-1].version} --out DIR"
        )
    return signed[-1].version


def _open(terminal: Terminal, *, told: bool = False) -> Any:
    """Opens the end at an address by its profile; what must be said of it is said, unless it was."""

    def opened(destination: str) -> End:
        profile = find_profile(destination)
        if not told and not profile.name:
            _warn(terminal, [profile])
        return open_end(profile)

    return opened


def _warn(terminal: Terminal, profiles: Iterable[Profile]) -> None:
    for profile in profiles:
        if profile.warning:
            terminal.error(f"warning: {profile.warning}")


def _tell(terminal: Terminal, tried: list[Entry]) -> int:
    for entry in tried:
        _show(terminal, entry)
    if not tried and not terminal.json:
        terminal.text("nothing waits, or another program is sending it")
    return _code(terminal, tried)


def _code(terminal: Terminal, entries: list[Entry]) -> int:
    """What a system answers may quote the record: it is shown where the record may be, never as an error."""
    refused = [str(entry.number) for entry in entries if entry.state == "refused"]
    if not refused:
        return EXIT_OK
    terminal.error(
        f"outbox {', '.join(refused)}: refused; dictation outbox list says why; put it right, then: "
        f"dictation outbox retry {' '.join(refused)}"
    )
    return EXIT_BAD_INPUT


def _show(terminal: Terminal, entry: Entry) -> None:
    if terminal.json:
        terminal.document(_json(entry))
        return
    terminal.text(f"{entry.number}: record {entry.record} version {entry.version}: {_state(entry)}")


def _state(entry: Entry) -> str:
    match entry.state:
        case "sent":
            return f"sent to {entry.destination}"
        case "refused":
            return f"refused by {entry.destination}: {entry.answer}"
        case _ if entry.tried is None:
            return f"kept for {entry.destination}, not tried yet"
        case _:
            when = f"{entry.tried.astimezone():%d.%m.%Y %H:%M}"
            return f"kept, not sent yet: {entry.answer} ({entry.attempts} attempts, the last at {when})"


def _json(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "record": entry.record,
        "version": entry.version,
        "destination": entry.destination,
        "state": entry.state,
        "submitted": entry.submitted.isoformat(),
        "attempts": entry.attempts,
        "tried": entry.tried.isoformat() if entry.tried else None,
        "answer": entry.answer,
    }
