"""What was heard before a dictation was broken off: its sound comes again, its words need not be found again."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from dictation.audio.endpointing import SpeechSegment
from dictation.speech.transcript import Utterance

# Times of words are kept in hundredths of a second.
_ROUNDED = 0.01


class Remembered:
    """The utterances of a stream whose sound is given again, in order. True while some are left."""

    def __init__(self) -> None:
        self._left: deque[tuple[float, float, Utterance]] = deque()

    def __bool__(self) -> bool:
        return bool(self._left)

    def put(self, utterances: Iterable[Utterance]) -> None:
        """These, in place of any that are left. One without times is nowhere in the sound."""
        self._left = deque(
            (one.start, one.end, one) for one in utterances if one.start is not None and one.end is not None
        )

    def of(self, segment: SpeechSegment) -> Utterance | None:
        """The utterance that was heard in a segment. None where it is to be heard anew: because nothing is known of
        it, or because the sound was parted otherwise then."""
        inside: list[tuple[float, float, Utterance]] = []
        while self._left and self._left[0][0] < segment.voice_end:
            inside.append(self._left.popleft())
        if len(inside) != 1:
            return None
        start, end, known = inside[0]
        fits = start >= segment.voice_start - _ROUNDED and end <= segment.voice_end + _ROUNDED
        return known if fits else None
