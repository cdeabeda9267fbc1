"""The command line: arguments in, calls out. Names, flags, JSON and exit codes are promised (docs/testers.md)."""

from __future__ import annotations

import os
import sys

import typer
from typer.exceptions import TyperException

from dictation.commands import devices, dictate, listen, models, outbox, records, reference, replay, serve, store
from dictation.console import EXIT_BAD_INPUT, EXIT_OK, Terminal, describe
from dictation.memory import keep_steady

EXIT_INTERRUPTED = 130

app = typer.Typer(
    help="Offline voice dictation for clinical data entry.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for command in (dictate.transcribe, dictate.extract, dictate.fill):
    app.command()(command)
app.command("listen")(listen.listen)
app.command("recover")(listen.recover)
app.command("serve")(serve.serve)
app.command("replay")(replay.replay_command)
app.command("devices")(devices.devices)
app.add_typer(models.app, name="models")
app.add_typer(reference.forms_app, name="forms")
app.command("icd10")(reference.icd10)
app.command("icd10-import")(reference.icd10_import)
app.command("sign")(records.sign)
app.command("submit")(outbox.submit)
app.add_typer(outbox.app, name="outbox")
app.add_typer(records.app, name="records")
app.add_typer(store.audit_app, name="audit")
app.add_typer(store.key_app, name="key")
app.command("backup")(store.backup)
app.command("restore")(store.restore)


def main() -> None:
    """Entry point of the `dictation` command."""
    keep_steady()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; its exit code. Every error is one line on standard error, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr] # real files in a program
    try:
        code = typer.main.get_command(app).main(arguments, prog_name="dictation", standalone_mode=False)
    except TyperException as error:
        Terminal().error(error.format_message())
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
