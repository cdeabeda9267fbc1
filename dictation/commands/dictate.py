"""`transcribe`, `fill`, `extract`: recordings and texts to words and records."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dictation.commands.delivery import Delivery
from dictation.commands.options import AsJson, ContextFile, EngineName, FormName, LanguageCode, OutFolder, Strict
from dictation.console import EXIT_BAD_INPUT, EXIT_NEEDS_CHECKING, EXIT_OK, Terminal
from dictation.forms.context import Context, read_context
from dictation.outputs import distinct_stems
from dictation.session import Dictation, Heard, decode_text, read_text

STANDARD_INPUT = "-"

Recordings = Annotated[list[Path], typer.Argument(help="Recordings.", show_default=False)]
Texts = Annotated[list[str], typer.Argument(help="Text files; - for standard input.", show_default=False)]
EachLine = Annotated[bool, typer.Option("--lines", help="Every line is a text of its own.")]


def transcribe(
    audio: Recordings, engine: EngineName = None, language: LanguageCode = "ru", as_json: AsJson = False
) -> int:
    """A recording as the recogniser's words."""
    terminal = Terminal(as_json)
    dictation = Dictation(language=language, engine=engine)
    dictation.load_recogniser()

    def work(path: Path) -> None:
        heard = _hear(terminal, dictation, path)
        if as_json:
            terminal.document(heard.to_json())
        else:
            terminal.text(heard.transcript.text)

    return _exit_code(terminal.each(_named(audio), work))


def fill(
    audio: Recordings,
    form: FormName = "052u-visit",
    engine: EngineName = None,
    language: LanguageCode = "ru",
    context: ContextFile = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    strict: Strict = False,
) -> int:
    """A recording as a filled form."""
    terminal = Terminal(as_json)
    dictation = Dictation(form, language=language, engine=engine)
    delivery = Delivery(terminal, dictation.form, out)
    if out:
        distinct_stems(audio)
    visit = read_context(context) if context else Context()
    dictation.load_recogniser()

    def work(path: Path) -> None:
        heard = _hear(terminal, dictation, path)
        delivery.hand_over(dictation.record(heard, visit), path.stem)

    return _exit_code(terminal.each(_named(audio), work), strict and delivery.doubtful)


def extract(
    texts: Texts,
    lines: EachLine = False,
    form: FormName = "052u-visit",
    language: LanguageCode = "ru",
    context: ContextFile = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    strict: Strict = False,
) -> int:
    """Text as a recogniser prints it, as a filled form."""
    terminal = Terminal(as_json)
    dictation = Dictation(form, language=language)
    delivery = Delivery(terminal, dictation.form, out)
    if out:
        distinct_stems(Path(name) for name in texts)
    visit = read_context(context) if context else Context()

    def one(given: tuple[str, str, str]) -> None:
        source, stem, text = given
        delivery.hand_over(dictation.extract(text, visit, source), stem)

    def work(name: str) -> bool:
        text = decode_text(sys.stdin.buffer.read(), name) if name == STANDARD_INPUT else read_text(Path(name))
        stem = "stdin" if name == STANDARD_INPUT else Path(name).stem
        return terminal.each(_parts(name, stem, text, lines), one)

    return _exit_code(terminal.each(((name, name) for name in texts), work), strict and delivery.doubtful)


def _parts(name: str, stem: str, text: str, lines: bool) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """The texts of one input, each with its source and the stem of its files."""
    if not lines:
        yield name, (name, stem, text)
        return
    for number, line in enumerate(text.splitlines(), 1):
        yield f"{name}:{number}", (f"{name}:{number}", f"{stem}-{number}", line)


def _hear(terminal: Terminal, dictation: Dictation, path: Path) -> Heard:
    with terminal.progress(path.name) as progress:
        heard = dictation.transcribe(path, progress)
    if heard.damage:
        terminal.error(f"{path}: {heard.damage}; what could be read was used")
    return heard


def _named(paths: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    return ((str(path), path) for path in paths)


def _exit_code(sound: bool, doubtful: bool = False) -> int:
    if not sound:
        return EXIT_BAD_INPUT
    return EXIT_NEEDS_CHECKING if doubtful else EXIT_OK
