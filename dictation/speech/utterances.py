"""Words put together into an utterance."""

from __future__ import annotations

from collections.abc import Iterable

from dictation.speech.transcript import Utterance, Word


def utterance(words: Iterable[Word], field: str | None = None) -> Utterance:
    """Words in order as one utterance, from the first word's start to the last one's end."""
    held = tuple(words)
    return Utterance(" ".join(word.text for word in held), held, held[0].start, held[-1].end, field)
