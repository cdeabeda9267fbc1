"""The written text: tokens that still know the characters of the transcript they were made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from dictation.speech.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Token:
    """One token of the written text.

    `text` never holds white space, but for a spoken line break, which is a token "\\n" or "\\n\\n"; an
    abbreviation keeps its dot ("рт."), so a token "." always ends a sentence. A blood pressure ("160/95"), a date
    and an angle ("45°") are one token, a range ("2–3") three, a number and its unit two. `start`, `end` are the
    characters of the transcript behind it (an empty range where a mark was put in); the starts never decrease. A
    token that a correction put further back spans from what it replaced to the correction. `pause` says that the
    speaker paused after it. `value` is the number a numeral stands for. `heard` is what the recogniser printed
    where the token was respelled; `doubts` are reason codes ("respelled", "ambiguous-number", …) that follow it
    into the record.
    """

    text: str
    start: int
    end: int
    space: bool = True
    pause: bool = False
    value: float | None = None
    heard: str | None = None
    doubts: tuple[str, ...] = ()

    def with_text(self, text: str) -> Token:
        return replace(self, text=text)


@dataclass(frozen=True, slots=True)
class Edit:
    """A command or self-correction met in the text: what kind, which characters of the transcript spoke it,
    whether it was carried out (`done`) or left for the doctor to see, and what it removed."""

    kind: str
    start: int
    end: int
    done: bool
    removed: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The text as a registrar would write it, aligned to the transcript token by token."""

    transcript: Transcript
    tokens: tuple[Token, ...]
    edits: tuple[Edit, ...] = ()

    @property
    def text(self) -> str:
        return join(self.tokens)


def join(tokens: Iterable[Token]) -> str:
    """Tokens as a string, with the spaces they ask for."""
    return "".join(token.text + (" " if token.space else "") for token in tokens).rstrip()
