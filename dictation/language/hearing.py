"""The words of a transcript with how far each can be believed."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dictation.language.written import Token
from dictation.speech.transcript import Transcript

_WORD = re.compile(r"[^\W\d_]+")
# A digit, or a letter of another script than Cyrillic.
_OTHER = re.compile(r"[^\W_\u0400-\u04FF]")
_SENTENCE_END = frozenset(".!?…:;")


@dataclass(frozen=True, slots=True)
class Heard:
    """One word, or one part of a hyphenated one, in lower case.

    `token` is the index of its token, `start`, `end` its characters in the transcript. `confidence` is the
    recogniser's, None for text. `gap` says what parts it from the word before: "" nothing, "-" a hyphen, "," a mark
    within a sentence, "." the end of one, "|" something that no word reaches across (a number, an
    abbreviation in capitals, Latin letters, a line break).
    `known` means that it is a word, `service` a preposition, conjunction, particle or pronoun.
    """

    word: str
    token: int
    start: int
    end: int
    confidence: float | None
    gap: str
    known: bool
    service: bool


def hear(
    tokens: Sequence[Token],
    transcript: Transcript,
    known: Callable[[str], bool],
    service: Callable[[str], bool],
    name: Callable[[str], bool],
) -> list[Heard]:
    """The words of the tokens, in order. A word with a capital within a sentence is also known if it is a `name`."""
    confidence = confidences(transcript)
    heard: list[Heard] = []
    gap = "|"
    for number, token in enumerate(tokens):
        parts = list(_WORD.finditer(token.text))
        exact = len(token.text) == token.end - token.start
        if not parts or not _plain(token) or (len(parts) > 1 and not exact):
            gap = _wider(gap, _mark(token.text))
            continue
        for place, part in enumerate(parts):
            if place:
                gap = "-" if token.text[parts[place - 1].end() : part.start()] == "-" else "|"
            start = token.start + part.start() if exact else token.start
            end = token.start + part.end() if exact else token.end
            word = part.group().lower()
            heard.append(
                Heard(
                    word,
                    number,
                    start,
                    end,
                    confidence(start, end),
                    gap,
                    known=known(word) or (gap != "." and part.group()[0].isupper() and name(word)),
                    service=service(word),
                )
            )
            gap = ""
        trailing = token.text[parts[-1].end() :]
        gap = _wider(_mark(trailing) if trailing else "", "," if token.pause else "")
    return heard


def _plain(token: Token) -> bool:
    """Words of the language, no number, no abbreviation in capitals."""
    return (
        token.value is None and not _OTHER.search(token.text) and (len(token.text) == 1 or not token.text.isupper())
    )


def _mark(text: str) -> str:
    if text[-1:] in _SENTENCE_END:
        return "."
    return "|" if any(c.isalnum() or c == "\n" for c in text) else ","


def _wider(one: str, other: str) -> str:
    order = ["", "-", ",", ".", "|"]
    return max(one, other, key=order.index)


def confidences(transcript: Transcript) -> Callable[[int, int], float | None]:
    """Asks for the confidence of a range of characters: that of the least certain word in it. Asked in order."""
    placed = transcript.placed_words() if transcript.was_sound else ()
    words = [(w.start_char, w.end_char, w.word.confidence) for w in placed]
    at = 0

    def confidence(start: int, end: int) -> float | None:
        nonlocal at
        while at < len(words) and words[at][1] <= start:
            at += 1
        place, found = at, []
        while place < len(words) and words[place][0] < end:
            value = words[place][2]
            if value is not None:
                found.append(value)
            place += 1
        return min(found, default=None)

    return confidence
