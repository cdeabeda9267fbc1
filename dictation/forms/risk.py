"""Words whose mishearing can hurt somebody: numbers, negations, sides."""

from __future__ import annotations

import re

from dictation.grammar.checks import CheckRules, Risk
from dictation.language.written import Token

_DIGIT = re.compile(r"\d")


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


def is_word(token: Token) -> bool:
    """Whether a token holds a letter or a digit."""
    return any(character.isalnum() for character in token.text)
