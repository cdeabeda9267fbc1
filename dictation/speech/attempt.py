"""One attempt at reading a window, and what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from dictation.speech import guard
from dictation.speech.whisper import HeardWord

# From the start of one word to the next, nobody who dictates takes longer: the longest words take 1.5 s, and pauses
# within a window are cut to 0.8 s. A longer stretch holds speech that was not written down.
_LONGEST_STEP = 2.8
# The end of a word that the attention stretches over what was left out: seconds a letter, spoken slowly.
_SIGN = 0.09
# A loop or an echo is worse than any stretch left out.
_NONSENSE = 1000.0
# The confidence of a word that nobody shall take for heard.
_DOUBTED = 0.1


@dataclass(frozen=True, slots=True)
class Hole:
    """Speech that was left out between two times, in seconds; what it holds belongs before word number `at`."""

    start: float
    end: float
    at: int

    @property
    def around(self) -> tuple[int, int]:
        """The words before and after it, whose times and text are in doubt."""
        return self.at - 1, self.at


@dataclass(frozen=True)
class Attempt:
    """A reading with its words; `seconds` is the length of the window, `prompt` what was told before. `agreed` says
    that another reading gave the same text."""

    text: str
    prompt: str | None
    words: list[HeardWord]
    seconds: float
    agreed: bool = False

    @cached_property
    def fault(self) -> float:
        """0 where nothing is wrong; else the seconds of speech left out, or more for nonsense."""
        if self.nonsense:
            return _NONSENSE
        if not self.words:
            return self.seconds
        return max((hole.end - hole.start for hole in self.holes), default=0.0)

    @cached_property
    def nonsense(self) -> bool:
        """Whether it runs in circles or repeats what was told. What two readings agree on was said."""
        if self.agreed:
            return False
        return guard.loops(self.text) or (self.prompt is not None and guard.echoes(self.text, self.prompt))

    @cached_property
    def holes(self) -> list[Hole]:
        """Where speech was left out, in the order of time."""
        starts = [0.0, *(word.start for word in self.words), self.seconds]
        ends = [0.0, *(word.start + _SIGN * len(word.text) for word in self.words)]
        return [
            Hole(min(ends[number], end), end, number)
            for number, (start, end) in enumerate(pairwise(starts))
            if end - start > _LONGEST_STEP
        ]

    def doubted(self) -> list[HeardWord]:
        """The words, those in doubt with hardly any confidence: all of them in nonsense, else those around holes."""
        doubtful = {number for hole in self.holes for number in hole.around}
        return [
            replace(word, confidence=min(word.confidence, _DOUBTED)) if self.nonsense or number in doubtful else word
            for number, word in enumerate(self.words)
        ]
