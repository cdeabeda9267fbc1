"""What a recogniser of Whisper's kind says without having heard it: loops, its own prompt, credits of subtitles."""

from __future__ import annotations

import re
import zlib
from collections import Counter

_WORD = re.compile(r"\w+")
# Above this, text is more regular than speech (the threshold of OpenAI's reference decoder).
_REGULAR = 2.4
_LOOPED_RUN = 3
_ECHO_RUN = 8
_SHORTEST_ECHO = 3


def loops(text: str) -> bool:
    """Whether words go round in circles: text that compresses too well, or a run of three words a third time in
    close succession, or one word four times in a row."""
    words = _words(text)
    data = " ".join(words).encode("utf-8")
    if len(words) > 8 and len(data) / len(zlib.compress(data)) > _REGULAR:
        return True
    if any(len(set(words[i : i + 4])) == 1 for i in range(len(words) - 3)):
        return True
    runs = Counter(zip(words, words[1:], words[2:], strict=False))
    return any(count >= _LOOPED_RUN for count in runs.values())


def echoes(text: str, prompt: str) -> bool:
    """Whether the text is a passage of the prompt, or repeats eight words of it in a row."""
    words, told = _words(text), _words(prompt)
    run = min(max(len(words), _SHORTEST_ECHO), _ECHO_RUN)
    runs = {tuple(told[i : i + run]) for i in range(len(told) - run + 1)}
    return any(tuple(words[i : i + run]) in runs for i in range(len(words) - run + 1))


def is_phantom(text: str, phantoms: tuple[str, ...]) -> bool:
    """Whether the whole text is one of the phrases that are printed where nobody speaks."""
    plain = " ".join(_words(text))
    return any(re.fullmatch(pattern, plain) for pattern in phantoms)


def _words(text: str) -> list[str]:
    return [match.group() for match in _WORD.finditer(text.lower())]
