"""`serve`: the doctor's workstation in the browser, and the interface for vendors."""

from __future__ import annotations

import sys
import threading
import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from dictation.commands.opened import opened_store
from dictation.commands.options import EngineName, FormName, LanguageCode
from dictation.console import EXIT_OK, Terminal, quiet_libraries
from dictation.errors import UsageError
from dictation.mis.profiles import find_profile, read_profiles
from dictation.workstation import server
from dictation.workstation.app import create_app
from dictation.workstation.hosts import origin_of
from dictation.workstation.settings import DEFAULT_PORT, Settings, Tls


def serve(
    host: Annotated[str, typer.Option("--host", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="The port; 0 takes any that is free.")] = DEFAULT_PORT,
    allow_origin: Annotated[
        list[str] | None, typer.Option("--allow-origin", help="A vendor's page may use it. Repeatable.")
    ] = None,
    tls_cert: Annotated[Path | None, typer.Option("--tls-cert", help="Certificate chain, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option("--tls-key", help="Its private key, PEM.")] = None,
    form: FormName = "052u-visit",
    engine: EngineName = None,
    language: LanguageCode = "ru",
    to: Annotated[str | None, typer.Option("--to", help="Where signed records go: an address or a name.")] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    idle: Annotated[float, typer.Option("--idle", help="Minutes until an idle doctor is locked out.")] = 10.0,
) -> int:
    """The workstation in the browser. Prints the address to open; Ctrl-C ends it, nothing dictated is lost."""
    terminal = Terminal()
    if idle <= 0:
        raise UsageError("--idle: give minutes, more than 0")
    tls = _tls(tls_cert, tls_key)
    settings = Settings(
        host=host,
        port=port,
        tls=tls,
        allowed_origins=frozenset(origin_of(given) for given in allow_origin or ()),
        names=server.certificate_names(tls) if tls else frozenset(),
        form=form,
        engine=engine,
        language=language,
        submit_to=find_profile(to).url if to else None,
        api_token=server.api_token(),
        idle=idle * 60,
    )
    server.refuse_open(settings)
    for profile in read_profiles():
        if profile.warning:
            terminal.error(f"warning: {profile.warning}")
    with server.bound(settings) as (listener, settings), quiet_libraries(), opened_store() as store:
        app = create_app(settings, store)

        def started() -> None:
            address = server.address(settings)
            sys.stdout.write(address + "\n")
            sys.stdout.flush()
            if not no_browser:
                # A browser that runs in the terminal would not give it back.
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

        with server.workers(store):
            server.run(server.server_of(app, settings, started), listener)
    return EXIT_OK


def _tls(certificate: Path | None, key: Path | None) -> Tls | None:
    if (certificate is None) != (key is None):
        raise UsageError("--tls-cert and --tls-key belong together")
    return Tls(certificate, key) if certificate and key else None
