"""What goes wrong in a request, as every client hears it: a code of a closed list and a text for people."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from dictation.errors import ChangedError, DictationError, InputError, RuleError, SigningError, StoreError, UsageError

LANGUAGES = ("ru", "kk", "en")


@dataclass(frozen=True, slots=True)
class Known:
    """A code's HTTP status and its texts by language."""

    status: int
    texts: dict[str, str]


class Failure(Exception):  # noqa: N818 - an answer to a client
    """Answered as `{"error": {"code", "text", **more}}`. KeyError for a code that is not in the list."""

    def __init__(self, code: str, **more: Any) -> None:
        super().__init__(code)
        self.code, self.more = code, more
        self.status = known()[code].status

    def body(self, language: str) -> dict[str, Any]:
        """The answer in a language of people."""
        return {"error": {"code": self.code, "text": text(self.code, language), **self.more}}


@cache
def known() -> dict[str, Known]:
    """The closed list, `failures.json`."""
    raw = json.loads((resources.files("dictation.workstation") / "failures.json").read_text(encoding="utf-8"))
    return {code: Known(entry["status"], {name: entry[name] for name in LANGUAGES}) for code, entry in raw.items()}


def text(code: str, language: str) -> str:
    """What a code means, for people."""
    return known()[code].texts[language]


def failure_of(error: DictationError) -> Failure:
    """An error of the program as an answer; `detail` is its own line, in English."""
    match error:
        case SigningError():
            code = "not-signable"
        case ChangedError():
            code = "changed"
        case StoreError():
            code = "store"
        case UsageError() | InputError() | RuleError():
            code = "invalid"
        case _:
            code = "unavailable"
    return Failure(code, detail=str(error))


def preferred(accept_language: str) -> str:
    """The first language of an Accept-Language header that there are texts in; Russian where none is."""
    wanted = []
    for place, part in enumerate(accept_language.split(",")[:20]):
        tag, _, weight = part.strip().partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        wanted.append((-quality, place, tag.split("-")[0].lower()))
    return next((tag for _, _, tag in sorted(wanted) if tag in LANGUAGES), "ru")
