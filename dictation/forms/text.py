"""The value of a text field: stretches of the written text as sentences."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from dictation.language.written import Token, join

_LETTER = re.compile(r"[^\W_]")
_ENDS = (".", "!", "?", "…")


def sentences(tokens: Sequence[Token]) -> str:
    """Tokens as sentences: marks before the first word fall away, the first letter is a capital, and a full stop
    ends the last one. Empty where there is no word."""
    kept = list(tokens)
    while kept and not _LETTER.search(kept[0].text):
        del kept[0]
    while kept and not (_LETTER.search(kept[-1].text) or kept[-1].text[-1] in "!?…%°)»"):
        del kept[-1]
    if not kept:
        return ""
    kept[0] = replace(kept[0], text=capital(kept[0].text))
    text = join(kept)
    return text if text.endswith(_ENDS) else f"{text}."


def capital(text: str) -> str:
    """The first character as a capital, the others as they are."""
    return text[:1].upper() + text[1:]
