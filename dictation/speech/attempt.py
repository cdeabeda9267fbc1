"""One attempt at reading a window, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from dictation.speech import guard
from dictation.speech.whisper import HeardWord

# From the start of one word to the next, nobody who dictates takes longer: the longest words take 1.5 s, and pauses
# within a window are cut to 0.8 s. A longer stretch holds speech that was not written down.
_LONGEST_STEP = 2.8
# A loop or an echo is worse than any stretch left out.
_NONSENSE = 1000.0
# The confidence of a word that nobody shall take for heard.
_DOUBTED = 0.1


@dataclass(frozen=True)
class Attempt:
    """A reading with its words; `seconds` is the length of the window, `prompt` what was told before."""

    text: str
    prompt: str | None
    words: list[HeardWord]
    seconds: float

    @cached_property
    def fault(self) -> float:
        """0 where nothing is wrong; else the seconds of speech left out, or more for nonsense."""
        if self._nonsense:
            return _NONSENSE
        if not self.words:
            return self.seconds
        return max((end - start for start, end, _ in self._holes()), default=0.0)

    def doubted(self) -> list[HeardWord]:
        """The words, those in doubt with hardly any confidence: all of them in nonsense, else those around holes."""
        doubtful = {number for _, _, around in self._holes() for number in around}
        return [
            replace(word, confidence=min(word.confidence, _DOUBTED)) if self._nonsense or number in doubtful else word
            for number, word in enumerate(self.words)
        ]

    @cached_property
    def _nonsense(self) -> bool:
        return guard.loops(self.text) or (self.prompt is not None and guard.echoes(self.text, self.prompt))

    def _holes(self) -> Iterator[tuple[float, float, tuple[int, int]]]:
        """Stretches that are too long for what was written: start, end, the words around."""
        starts = [0.0, *(word.start for word in self.words), self.seconds]
        last = len(self.words) - 1
        for number, (start, end) in enumerate(pairwise(starts)):
            if end - start > _LONGEST_STEP:
                yield start, end, (max(number - 1, 0), min(number, last))
