"""Which words of a partial will stay: those that reading after reading agrees on."""

from __future__ import annotations

from dictation.speech.recogniser import Partial

# Words at the end of a reading are cut short by the end of the sound: they are never taken for certain.
_UNCERTAIN_TAIL = 1


class Agreement:
    """The readings of one open utterance, each of more sound than the one before (LocalAgreement of two)."""

    def __init__(self) -> None:
        self._stable: list[str] = []
        self._before: list[str] = []

    def partials(self, text: str, start: float) -> list[Partial]:
        """The next partial: the words agreed on so far stand, the rest is as read now. None where nothing changed."""
        words = text.split()
        agreed = 0
        for word, earlier in zip(words, self._before, strict=False):
            if _plain(word) != _plain(earlier):
                break
            agreed += 1
        agreed = min(agreed, len(words) - _UNCERTAIN_TAIL)
        shown = [*self._stable, *words[len(self._stable) :]]
        unchanged = words == self._before
        self._before = words
        if agreed > len(self._stable):
            self._stable = shown[:agreed]
            unchanged = False
        return [] if unchanged or not shown else [Partial(" ".join(shown), start, len(self._stable))]


def _plain(word: str) -> str:
    return word.lower().strip(".,:;!?")
