"""What a recogniser of Whisper's kind says without having heard it: loops, its own prompt, credits of subtitles."""

from __future__ import annotations

import re

_WORD = re.compile(r"\w+")
# Copies in a row, by the number of words that are copied, that nobody says: one word, up to five, more.
_WORD_COPIES, _PHRASE_COPIES, _SENTENCE_COPIES = 4, 3, 2
_SENTENCE = 6
# A run of so many words that comes again anywhere in fifteen seconds of speech.
_LONG_RUN = 8
_ECHO_RUN = 8
_SHORTEST_ECHO = 3


def loops(text: str) -> bool:
    """Whether words seem to go round in circles. Doctors do say things twice, so this is a suspicion: what is read
    the same way a second time was said."""
    words = _words(text)
    return _copied_in_a_row(words) or _long_run_again(words)


def _copied_in_a_row(words: list[str]) -> bool:
    for period in range(1, len(words) // 2 + 1):
        copies = _WORD_COPIES if period == 1 else _SENTENCE_COPIES if period >= _SENTENCE else _PHRASE_COPIES
        same = 0
        for first, again in zip(words, words[period:], strict=False):
            same = same + 1 if first == again else 0
            if same >= period * (copies - 1):
                return True
    return False


def _long_run_again(words: list[str]) -> bool:
    runs = [tuple(words[i : i + _LONG_RUN]) for i in range(len(words) - _LONG_RUN + 1)]
    return len(set(runs)) < len(runs)


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
