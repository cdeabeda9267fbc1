"""Schema of `grammars/*/reasons.yaml`: what a reason code says to people."""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from dictation.grammar.rules import Rules, load


class ReasonTexts(Rules):
    """A short clause for each reason code, lower case, no full stop: it stands in brackets beside a value."""

    reasons: dict[str, Annotated[str, Field(min_length=3, pattern=r"[^.]$")]]


@cache
def reason_texts(language: str) -> ReasonTexts:
    """The texts of a language."""
    return load(language, "reasons", ReasonTexts)
