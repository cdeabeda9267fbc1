"""From tokens of the written text back to what was heard: characters, words, seconds, confidence."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from dictation.forms.record import Evidence
from dictation.language.written import Token, Written
from dictation.speech.transcript import Word


class Alignment:
    """The chain from a stretch of tokens `[start, end)` to the transcript and the recording."""

    def __init__(self, written: Written) -> None:
        self._tokens = written.tokens
        self._words = list(written.transcript.placed_words())
        self._ends = [placed.end_char for placed in self._words]

    def evidence(self, start: int, end: int) -> list[Evidence]:
        """Where the tokens were said, from the first to the last; nothing for marks that were put in."""
        return self.of_tokens(self._tokens[start:end])

    def of_tokens(self, tokens: Iterable[Token]) -> list[Evidence]:
        """The same for tokens that need not be neighbours."""
        heard = [token for token in tokens if token.end > token.start]
        if not heard:
            return []
        return [self.of_characters(min(token.start for token in heard), max(token.end for token in heard))]

    def of_characters(self, start: int, end: int) -> Evidence:
        """Characters of the transcript with the seconds of their words."""
        words = self._overlapping(start, end)
        starts = [word.start for word in words if word.start is not None]
        ends = [word.end for word in words if word.end is not None]
        return Evidence(
            start_char=start,
            end_char=end,
            start=min(starts, default=None),
            end=max(ends, default=None),
        )

    def words(self, tokens: Iterable[Token]) -> list[Word]:
        """The words behind the tokens, a word once."""
        return list({id(w): w for token in tokens for w in self._overlapping(token.start, token.end)}.values())

    def after(self, token: Token) -> Word | None:
        """The word that was said right after a token in the same breath."""
        place = bisect_right(self._ends, token.end - 1)
        if place + 1 >= len(self._words) or self._words[place].utterance != self._words[place + 1].utterance:
            return None
        return self._words[place + 1].word

    def confidences(self, tokens: Iterable[Token]) -> list[float]:
        """Confidences of the words behind the tokens; empty for text that was never sound."""
        return [word.confidence for word in self.words(tokens) if word.confidence is not None]

    def least(self, start: int, end: int) -> float | None:
        """The least confidence of a stretch."""
        return min(self.confidences(self._tokens[start:end]), default=None)

    def mean(self, tokens: Iterable[Token]) -> float | None:
        """The mean confidence of tokens."""
        found = self.confidences(tokens)
        return round(sum(found) / len(found), 3) if found else None

    def _overlapping(self, start: int, end: int) -> list[Word]:
        found = []
        for placed in self._words[bisect_right(self._ends, start) :]:
            if placed.start_char >= end:
                break
            found.append(placed.word)
        return found
