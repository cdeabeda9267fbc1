"""Spoken templates ("[по] {n} раз* в (день|сутки)") matched against the tokens of a text, whatever their case forms.

In a template a word matches every form of itself, `слово*` every word that begins so, `(a|b c)` alternatives,
`[x]` something that may be missing, `{name}` a slot given by the caller (a number, a unit). Templates become regular
expressions over the stems of the tokens, one space after each.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

NUMBER = r"\d+(?:[.,]\d+)?"
RANGE = rf"{NUMBER}(?: ?[-–—] ?{NUMBER})?"

_PIECE = re.compile(r"[()\[\]|]|\{\w+\}|[^\s()\[\]|{}]+")
_BRACKETS = {"(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|"}


class Stems:
    """The stems of a text's tokens as one string, and the way back from its characters to tokens."""

    def __init__(self, words: Iterable[str], stem: Callable[[str], str]) -> None:
        self.stems = [stem(word.strip()) for word in words]
        self.offsets = [0]
        for word in self.stems:
            self.offsets.append(self.offsets[-1] + len(word) + 1)
        self.text = "".join(word + " " for word in self.stems)

    def token(self, offset: int) -> int:
        """The token that begins at a character of `text`."""
        return bisect_left(self.offsets, offset)


@dataclass(frozen=True, slots=True)
class Found:
    """A template met in tokens `[start, end)`, with the texts of its slots."""

    start: int
    end: int
    slots: Mapping[str, str]


class Template:
    """Several wordings of one thing, compiled."""

    def __init__(
        self, wordings: Iterable[str], stem: Callable[[str], str], slots: Mapping[str, str] | None = None
    ) -> None:
        longest_first = sorted(wordings, key=len, reverse=True)
        sources = [_source(wording, stem, slots or {}) for wording in longest_first if "{" in wording]
        plain = [_source(wording, stem, {}) for wording in longest_first if "{" not in wording]
        if plain:
            sources.append("(?:" + "|".join(plain) + ")")
        self._patterns = [re.compile(r"(?:(?<= )|^)" + source) for source in sources]

    def at(self, stems: Stems, start: int, end: int | None = None) -> Found | None:
        """The longest match that begins at a token and ends by `end`."""
        stop = stems.offsets[len(stems.stems) if end is None else end]
        best: Found | None = None
        for pattern in self._patterns:
            match = pattern.match(stems.text, stems.offsets[start], stop)
            if match and match.end() > match.start():
                found = Found(start, stems.token(match.end()), match.groupdict())
                if best is None or found.end > best.end:
                    best = found
        return best

    def within(self, stems: Stems, start: int, end: int) -> Iterator[Found]:
        """Matches inside tokens `[start, end)`, by template, then by place."""
        for pattern in self._patterns:
            for match in pattern.finditer(stems.text, stems.offsets[start], stems.offsets[end]):
                if match.end() > match.start():
                    yield Found(stems.token(match.start()), stems.token(match.end()), match.groupdict())

    def last(self, stems: Stems, start: int, end: int) -> Found | None:
        """The match that ends last inside tokens `[start, end)`."""
        return max(self.within(stems, start, end), key=lambda found: found.end, default=None)


def _source(wording: str, stem: Callable[[str], str], slots: Mapping[str, str]) -> str:
    """A template as the source of a regular expression; each word takes the space after it along."""
    parts = []
    for piece in _PIECE.findall(wording):
        if piece in _BRACKETS:
            parts.append(_BRACKETS[piece])
        elif piece.startswith("{"):
            name = piece[1:-1]
            parts.append(f"(?P<{name}>{slots[name]}) ")
        elif piece.endswith("*"):
            parts.append(prefix(piece, stem) + " ")
        else:
            parts.append(re.escape(stem(piece)) + " ")
    return "".join(parts)


def prefix(piece: str, stem: Callable[[str], str]) -> str:
    """`слово*` as a regular expression over stems. The last letter is dropped where it belongs to an ending, which
    the stem of the text has lost ("инъекци*" must match "инъекц")."""
    begins = piece[:-1].lower().replace("ё", "е")
    cut = stem(begins)
    return re.escape(cut if len(begins) - len(cut) == 1 else begins) + r"\S*"


def number(text: str) -> float:
    """A written number: "36,6", "0.5"."""
    return float(text.replace(",", "."))
