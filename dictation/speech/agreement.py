"""Which words of a partial will stay: those that reading after reading agrees on."""

from __future__ import annotations

from collections import deque

from dictation.speech.recogniser import Partial

# Readings that must agree, and seconds of sound between them. Readings of Whisper base that follow each other sooner
# repeat each other's mistakes. Of words that the recogniser was sure of and two readings agreed on the final changed
# 4 of 118, of words that three agreed on 1 of 99, of those it was not sure of 16 of 102 (44 segments of five voices).
_READINGS = 3
_APART = 1.2
# Words at the end of a reading are cut short by the end of the sound: they are never taken for certain.
_UNCERTAIN_TAIL = 1


class Agreement:
    """The readings of one open utterance, each of more sound than the one before (LocalAgreement)."""

    def __init__(self) -> None:
        self._stable: list[str] = []
        self._last: list[str] | None = None
        self._readings: deque[list[str]] = deque(maxlen=_READINGS)
        self._counted_until: float | None = None

    def partials(self, text: str, sure: int, start: float, end: float) -> list[Partial]:
        """The next partial, of the sound from `start` to `end` seconds: the words agreed on so far stand, the rest is
        as read now. Only of the first `sure` words is the recogniser sure; what it doubts stands with no agreement,
        for the final is read with more care. None where nothing changed."""
        words = text.split()
        unchanged = words == self._last
        self._last = words
        shown = [*self._stable, *words[len(self._stable) :]]
        if self._counted_until is None or end - self._counted_until >= _APART:
            self._counted_until = end
            self._readings.append(words)
            agreed = min(self._agreed(), sure, len(words) - _UNCERTAIN_TAIL)
            if agreed > len(self._stable):
                self._stable = shown[:agreed]
                unchanged = False
        return [] if unchanged or not shown else [Partial(" ".join(shown), start, len(self._stable))]

    def _agreed(self) -> int:
        """How many words at the beginning all readings have; none before there are enough readings."""
        if len(self._readings) < _READINGS:
            return 0
        count = 0
        for same in zip(*self._readings, strict=False):
            if len({_plain(word) for word in same}) > 1:
                break
            count += 1
        return count


def _plain(word: str) -> str:
    return word.lower().strip(".,:;!?")
