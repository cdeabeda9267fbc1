"""Words whose mishearing can hurt somebody: numbers, negations, sides."""

from __future__ import annotations

import re

from dictation.grammar.checks import CheckRules, Risk
from dictation.language.written import Token

_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"[^\W\d_]+")


def risk(token: Token, rules: CheckRules) -> Risk | None:
    """What kind of risky word a token is, None for all the others."""
    word = token.text.lower()
    if token.value is not None or _DIGIT.search(word):
        return "number"
    if word in rules.negations:
        return "negation"
    if word.startswith(rules.sides):
        return "side"
    return None


def turned(token: Token, rules: CheckRules) -> bool:
    """Whether a negation or a side was heard where none is written: a repair by sound may have turned the meaning."""
    if token.heard is None:
        return False
    gone = set(_WORD.findall(token.heard.lower())) - set(_WORD.findall(token.text.lower()))
    return any(word in rules.negations or word.startswith(rules.sides) for word in gone)


def is_word(token: Token) -> bool:
    """Whether a token holds a letter or a digit."""
    return any(character.isalnum() for character in token.text)
