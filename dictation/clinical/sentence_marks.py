"""Where a sentence of a token list begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

from dictation.clinical.facts import Section

SENTENCE_ENDS = frozenset({".", ";", "?", "!"})
SEPARATORS = SENTENCE_ENDS | {",", ":", "-", "–", "—"}


def sentence_start(words: Sequence[str], i: int, section: Section | None) -> int:
    """The first token of the sentence that the token stands in, within its section."""
    floor = section.start if section is not None else 0
    while i > floor and words[i - 1] not in SENTENCE_ENDS:
        i -= 1
    return i
