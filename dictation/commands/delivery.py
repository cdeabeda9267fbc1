"""Handing a filled record over: printed, as JSON or for people, and written where a folder was named."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from dictation.console import Terminal
from dictation.forms.questionnaire import Form
from dictation.forms.record import Record
from dictation.forms.render import to_terminal
from dictation.outputs import write_outputs


@dataclass
class Delivery:
    """Hands every record over; `doubtful` once one of them needs checking."""

    terminal: Terminal
    form: Form
    out: Path | None
    doubtful: bool = field(default=False, init=False)

    def hand_over(self, record: Record, stem: str) -> None:
        self.doubtful |= record.needs_checking()
        written = write_outputs(record, self.form, self.out, stem) if self.out else []
        if self.terminal.json:
            self.terminal.document(record.model_dump(mode="json"))
            return
        self.terminal.show(to_terminal(record, self.form))
        for path in written:
            self.terminal.text(str(path))
