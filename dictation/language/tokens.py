"""The transcript as tokens: words, numbers and marks, each with its characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dictation.grammar.orthography import OrthographyRules
from dictation.language.phrases import plain
from dictation.language.written import Token
from dictation.speech.transcript import PlacedWord, Transcript

# Silence within speech, seconds, that separates one phrase from the next.
PAUSE = 0.45

_PIECE = re.compile(
    r"\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)(?!\d)"  # a date
    r"|\d+-(?:й|я|е|го|му|м|х|ми|ю|ый|ой|ая|ое|ого|ому|ым|ом)(?![^\W\d_])"  # an ordinal
    r"|[A-Z]\d\d(?:\.\d{1,2})?(?!\w)"  # a code
    r"|\d+(?:[.,]\d+)?"
    r"|[^\W\d_]+(?:[-'’][^\W_]+)*\d*"
    r"|[^\w\s]|_"
)
# A full stop with a small letter right after it ends no sentence: "мм.рт.ст."
_WITHIN = re.compile(r"(?<=[^\W\d_])\.(?=[a-zа-яё])")
_NEXT_CAPITAL = re.compile(r"\.\s+[^\W\d_a-zа-яё]")


class Tokeniser:
    """Cuts the words of a transcript. `numeral` tells number words: a hyphen beside one separates."""

    def __init__(self, rules: OrthographyRules, numeral: Callable[[str], bool]) -> None:
        self._dotted = frozenset(rules.dotted)
        self._numeral = numeral

    def __call__(self, transcript: Transcript) -> list[Token]:
        placed = list(transcript.placed_words())
        found: list[Token] = []
        for number, word in enumerate(placed):
            pieces = list(self._pieces(word, transcript.text))
            after = placed[number + 1] if number + 1 < len(placed) else None
            for start, end in pieces:
                last = (start, end) == pieces[-1]
                found.append(
                    Token(transcript.text[start:end], start, end, space=last, pause=last and _pause(word, after))
                )
        return found

    def _pieces(self, word: PlacedWord, text: str) -> Iterator[tuple[int, int]]:
        position, limit = word.start_char, word.end_char
        while position < limit:
            match = _PIECE.match(text, position, limit)
            if match is None:
                position += 1
                continue
            end = match.end()
            if "-" in match.group():
                yield from self._hyphens(match.group(), position)
            else:
                if plain(match.group()) in self._dotted and text[end : end + 1] == "." and end < limit:
                    end += not _NEXT_CAPITAL.match(text, end) and end + 1 < len(text)
                elif _WITHIN.match(text, end, limit):
                    end += 1
                yield position, end
            position = end

    def _hyphens(self, text: str, start: int) -> Iterator[tuple[int, int]]:
        """Such as "риск-три", "сто-сорок": the parts where one of them is a number word, else the whole."""
        parts = text.split("-")
        if not any(self._numeral(part) for part in parts):
            yield start, start + len(text)
            return
        for number, part in enumerate(parts):
            if number:
                yield start, start + 1
                start += 1
            if part:
                yield start, start + len(part)
            start += len(part)


def _pause(word: PlacedWord, after: PlacedWord | None) -> bool:
    if after is None or word.word.end is None or after.word.start is None:
        return False
    return after.field != word.field or after.word.start - word.word.end >= PAUSE
