"""Marks, spaces and capitals of the finished text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dictation.grammar.orthography import OrthographyRules
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

_ENDS = (".", "?", "!", "\n", "\n\n")
_CLOSING = frozenset(".,:;?!)»…")
_OPENING = frozenset("(«")
# Which of two neighbouring marks stays.
_STRENGTH = {",": 1, "-": 1, "–": 1, "—": 1, ";": 2, ":": 3, ".": 4, "…": 4, "!": 5, "?": 6}
_BREAKS = ("\n", "\n\n")


class Punctuation:
    """The last step: no doubled marks, right spaces, capitals at the beginning of sentences and in abbreviations."""

    def __init__(self, rules: OrthographyRules) -> None:
        self._capitals = {plain(word): word for word in rules.capitals}

    def __call__(self, tokens: Sequence[Token]) -> tuple[Token, ...]:
        return tuple(_spaced(self._cased(_single_marks(tokens))))

    def _cased(self, tokens: list[Token]) -> list[Token]:
        beginning = True
        cased = []
        for token in tokens:
            text = self._capitals.get(plain(token.text), token.text)
            if beginning and is_word(token) and text[0].islower():
                text = text[0].upper() + text[1:]
            cased.append(token if text == token.text else token.with_text(text))
            if token.text in _ENDS:
                beginning = True
            elif is_word(token):
                beginning = False
        return cased


def _single_marks(tokens: Sequence[Token]) -> list[Token]:
    """Of marks in a row the strongest; none at the beginning, nor a comma before a break."""
    kept: list[Token] = []
    for token in tokens:
        strength = _STRENGTH.get(token.text, 0)
        if strength:
            if not kept or kept[-1].text in _BREAKS:
                continue
            before = _STRENGTH.get(kept[-1].text, 0)
            if before:
                winner, other = (token, kept[-1]) if strength > before else (kept[-1], token)
                kept[-1] = replace(winner, space=token.space, pause=winner.pause or other.pause)
                continue
        elif token.text in _BREAKS and kept:
            while kept and kept[-1].text == ",":
                kept.pop()
            if kept and kept[-1].text in _BREAKS:
                kept[-1] = max(kept[-1], token, key=lambda t: len(t.text))
                continue
        kept.append(token)
    return kept


def _spaced(tokens: list[Token]) -> list[Token]:
    spaced = []
    for place, token in enumerate(tokens):
        after = tokens[place + 1].text if place + 1 < len(tokens) else ""
        space = token.space
        if after in _BREAKS or after in _CLOSING or token.text in _OPENING or token.text in _BREAKS:
            space = False
        elif is_word(token) and place + 1 < len(tokens) and is_word(tokens[place + 1]):
            space = True
        elif token.text in _CLOSING or after in _OPENING or after == "—" or token.text == "—" or not after:
            figures = token.text in ":," and after[:1].isdecimal() and not token.space
            space = not figures and (bool(after) or token.space)
        # A dotted abbreviation that ends a sentence gives its dot to the sentence.
        text = token.text
        if after == "." and len(text) > 1 and text.endswith("."):
            text = text[:-1]
        same = space == token.space and text == token.text
        spaced.append(token if same else replace(token, space=space, text=text))
    return spaced
