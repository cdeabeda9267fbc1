"""What a live dictation looks like in the terminal: level, active field, text, and the form as it fills."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Group
from rich.live import Live
from rich.text import Text

from dictation.audio.events import Lost, MicrophoneEvent, Overflow, Regained, Silent
from dictation.commands.meter import bar
from dictation.console import Terminal
from dictation.forms.questionnaire import Form
from dictation.forms.record import Record
from dictation.forms.render import to_terminal
from dictation.live import FieldChanged, Filled, Final, LiveEvent
from dictation.speech.recogniser import Partial

_REFRESH = 5
_KEYS = "space: pause and go on   n, p: next, previous field   a: any field   q: finish"
# Words of the last finals that stay in view.
_SHOWN = 40


def told(event: MicrophoneEvent) -> str:
    """What befell the microphone, in one line."""
    match event:
        case Lost():
            return f"{event.name} is gone; plug it in again"
        case Regained():
            return f"{event.name} is back"
        case Overflow():
            return f"{event.seconds:.2f} s of sound were lost: the machine could not keep up"
        case Silent():
            return f"{event.name} gives nothing at all: it is muted, or programs may not use it"


class LiveView:
    """Draws where there is a terminal; elsewhere the finals are printed as lines."""

    def __init__(self, terminal: Terminal, form: Form, record: Record) -> None:
        self._terminal, self._form, self._record = terminal, form, record
        self._live: Live | None = None
        self._field: str | None = None
        self._words: list[str] = []
        self._partial = Partial("")
        self._level = Text("")
        self._notice = ""
        self._drawn = 0.0
        self.paused = False

    @contextmanager
    def shown(self) -> Iterator[None]:
        if self._terminal.json or not self._terminal.out.is_terminal:
            yield
            return
        with Live(console=self._terminal.out, refresh_per_second=_REFRESH, transient=True) as self._live:
            yield

    def show(self, event: LiveEvent) -> None:
        match event:
            case Partial():
                self._partial = event
            case Final():
                self._words += event.utterance.text.split()
                self._partial = Partial("")
                if self._live is None and not self._terminal.json:
                    self._terminal.text(event.utterance.text)
            case Filled():
                self._record = event.record
            case FieldChanged():
                self._field = event.key
            case _:
                pass

    def notice(self, line: str | None) -> None:
        """One line that stays until there is another; None takes it away."""
        self._notice = line or ""
        if line and self._live is None:
            self._terminal.error(line)

    def level(self, level: float, peak: float) -> None:
        self._level = Text("paused", "bold yellow") if self.paused else bar(level, peak)

    def draw(self) -> None:
        if self._live is None or time.monotonic() - self._drawn < 1 / _REFRESH:
            return
        self._drawn = time.monotonic()
        words = self._partial.text.split()
        sure, open_ = words[: self._partial.stable], words[self._partial.stable :]
        said = Text(" ".join(self._words[-_SHOWN:]))
        said.append((" " + " ".join(sure)).rstrip())
        said.append((" " + " ".join(open_)).rstrip(), "dim")
        lines = [self._level, said, Text(_KEYS, "dim")]
        if self._notice:
            lines.insert(0, Text(self._notice, "bold red"))
        self._live.update(Group(*lines, to_terminal(self._record, self._form, active=self._field)))
