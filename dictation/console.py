"""What the command line prints: JSON lines or text for people on standard output, one line an error on the other."""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dictation.errors import DictationError

Input = TypeVar("Input")

_STANDARD_ERROR = 2

EXIT_OK, EXIT_BAD_INPUT, EXIT_NEEDS_CHECKING, EXIT_GATE = 0, 2, 3, 4


@dataclass
class Terminal:
    """Standard output and error for one run of the program."""

    json: bool = False
    out: Console = field(default_factory=lambda: Console(soft_wrap=False, highlight=False))
    err: Console = field(default_factory=lambda: Console(stderr=True, highlight=False))

    def document(self, data: dict[str, Any]) -> None:
        """One compact JSON document on a line of its own, at once."""
        sys.stdout.write(json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n")
        sys.stdout.flush()

    def show(self, renderable: RenderableType) -> None:
        """For people: anything that Rich draws."""
        self.out.print(renderable)

    def text(self, line: str) -> None:
        """For people: a line as it stands, never wrapped or read as markup."""
        sys.stdout.write(line + "\n")

    def error(self, message: str) -> None:
        """One clear line on standard error."""
        sys.stderr.write("dictation: " + " ".join(message.split()) + "\n")

    def each(self, inputs: Iterable[tuple[str, Input]], work: Callable[[Input], bool | None]) -> bool:
        """Do the work for every named input; one that fails is reported and the rest go on.

        True if none failed; work that has reported failures of its own returns False.
        """
        sound = True
        for source, given in inputs:
            try:
                sound &= work(given) is not False
            except Exception as error:  # noqa: BLE001 - whatever one input meets, the others must still be done
                sound = False
                self.error(describe(error))
                if self.json:
                    self.document({"source": source, "error": describe(error)})
        return sound

    @contextmanager
    def progress(self, label: str) -> Iterator[Callable[[float, float | None], None]]:
        """A bar on standard error while it is a terminal; gives the function that moves it."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            console=self.err,
            transient=True,
            disable=not self.err.is_terminal,
        )
        with bar:
            task = bar.add_task(label, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keeps what C libraries print on standard error from the person: sound libraries report there every attempt to
    open a device that is gone. Our own lines still come through; `DICTATION_DEBUG=1` lets everything through."""
    own = sys.stderr
    if os.environ.get("DICTATION_DEBUG") or not _is_standard_error(own):
        yield
        return
    own.flush()
    kept, nowhere = os.dup(_STANDARD_ERROR), os.open(os.devnull, os.O_WRONLY)
    with open(kept, "w", encoding="utf-8", errors="replace", buffering=1) as ours:  # noqa: PTH123 - a descriptor
        os.dup2(nowhere, _STANDARD_ERROR)
        sys.stderr = ours
        try:
            yield
        finally:
            ours.flush()
            sys.stderr = own
            os.dup2(kept, _STANDARD_ERROR)
            os.close(nowhere)


def _is_standard_error(stream: Any) -> bool:
    try:
        return bool(stream.fileno() == _STANDARD_ERROR)
    except (OSError, AttributeError):
        # A stand-in for the real one, as tests and windowed programs have.
        return False


def describe(error: BaseException) -> str:
    """An error as one line for people. What is not ours is named by its place, never by its text, which could
    hold what was dictated; `DICTATION_DEBUG=1` prints all of it."""
    if isinstance(error, DictationError):
        return str(error)
    if os.environ.get("DICTATION_DEBUG"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown place"
    return f"internal error: {type(error).__name__} at {place}; please report it (DICTATION_DEBUG=1 shows more)"
