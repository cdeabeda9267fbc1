"""The one client that hears of a dictation, and messages as it reads them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from dictation.workstation.failures import Failure, text
from dictation.workstation.mailbox import Letter, Mailbox
from dictation.workstation.protocol import ErrorNow, NoticeCode, NoticeNow, ServerMessage


@dataclass(frozen=True, slots=True, eq=False)
class Seat:
    """A connected client: where its messages go, the language of its texts, what to do when words are heard (its
    doctor is not idle then), and whether it is gone."""

    mailbox: Mailbox
    language: str
    heard: Callable[[], None] = lambda: None
    gone: threading.Event = field(default_factory=threading.Event)

    def tell(self, message: ServerMessage, *, last: bool = False) -> None:
        """Send a message; after the `last` one the connection ends."""
        self.mailbox.put(Letter(message.type, message.model_dump_json(), last))

    def notice(self, code: NoticeCode, seconds: float | None = None) -> None:
        """Something to know."""
        self.tell(NoticeNow(code=code, text=_texts()[code][self.language], seconds=seconds))

    def fail(self, failure: Failure, *, fatal: bool = False) -> None:
        """Something could not be done."""
        detail = failure.more.get("detail")
        told = ErrorNow(code=failure.code, text=text(failure.code, self.language), fatal=fatal, detail=detail)
        self.tell(told, last=fatal)


@cache
def _texts() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(
        (resources.files("dictation.workstation") / "notices.json").read_text(encoding="utf-8")
    )
    return found
