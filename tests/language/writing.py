"""What the tests of this stage share: one Writer, and short ways to ask it."""

from __future__ import annotations

from functools import cache

from dictation.language.writer import Writer
from dictation.language.written import Edit, Written
from dictation.speech.transcript import Transcript


@cache
def writer() -> Writer:
    return Writer("ru")


def write(text: str) -> Written:
    return writer()(Transcript.from_text(text))


def written(text: str) -> str:
    return write(text).text


def doubted(text: str) -> dict[str, tuple[str, ...]]:
    """The tokens with doubts, by their text."""
    return {token.text: token.doubts for token in write(text).tokens if token.doubts}


def commands(text: str) -> list[tuple[str, bool, str]]:
    """The edits but for spoken marks: kind, done, removed."""
    return [(edit.kind, edit.done, edit.removed) for edit in write(text).edits if edit.kind != "mark"]


def spoken(found: Written, edit: Edit) -> str:
    return found.transcript.text[edit.start : edit.end]
