"""The command line: arguments in, calls out. Names, flags, JSON and exit codes are promised (docs/testers.md)."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import typer
from typer.exceptions import TyperException

from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal, describe
from dictation.memory import keep_steady

EXIT_INTERRUPTED = 130

# In the order of --help: where each command is. Only the one that is called is imported; some need a second for that.
_COMMANDS = {
    "transcribe": "dictate:transcribe",
    "extract": "dictate:extract",
    "fill": "dictate:fill",
    "listen": "listen:listen",
    "recover": "listen:recover",
    "serve": "serve:serve",
    "doctors": "doctors:app",
    "replay": "replay:replay_command",
    "devices": "devices:devices",
    "models": "models:app",
    "forms": "reference:forms_app",
    "icd10": "reference:icd10",
    "icd10-import": "reference:icd10_import",
    "sign": "records:sign",
    "submit": "outbox:submit",
    "outbox": "outbox:app",
    "records": "records:app",
    "audit": "store:audit_app",
    "key": "store:key_app",
    "backup": "store:backup",
    "restore": "store:restore",
}


def main() -> None:
    """Entry point of the `dictation` command."""
    keep_steady()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. Every error is one line on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # real files in a program
    try:
        code = typer.main.get_command(_application(arguments)).main(
            arguments, prog_name="dictation", standalone_mode=False
        )
    except TyperException as error:
        # Without arguments the help was shown, and nothing is left to say.
        if message := error.format_message():
            Terminal().error(message)
        return EXIT_BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        Terminal().error("stopped")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; nothing is left to say, and Python must not try at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BAD_INPUT
    except Exception as error:  # noqa: BLE001 - the last line of defence between a person and a traceback
        Terminal().error(describe(error))
        return EXIT_BAD_INPUT
    return code if isinstance(code, int) else EXIT_OK


def _application(arguments: list[str]) -> typer.Typer:
    """The command that is called, or all of them where it is none of ours (--help, a misspelt one)."""
    app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False)
    app.callback(help="Offline voice dictation for clinical data entry.")(lambda: None)
    called = arguments[0] if arguments else ""
    for name in [called] if called in _COMMANDS else _COMMANDS:
        module, attribute = _COMMANDS[name].split(":")
        command = getattr(import_module(f"dictation.commands.{module}"), attribute)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name)
        else:
            app.command(name)(command)
    return app
