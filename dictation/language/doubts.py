"""The doubts that the language stage leaves on tokens; they follow a value into the record as reasons."""

from __future__ import annotations

from dataclasses import replace

from dictation.language.written import Token

RESPELLED = "respelled"
UNREAD_NUMBER = "unread-number"
AMBIGUOUS_NUMBER = "ambiguous-number"
AMBIGUOUS_CODE = "ambiguous-code"
DOUBTFUL_COMMAND = "doubtful-command"
UNCLEAR_WORD = "unclear-word"


def doubted(token: Token, doubt: str) -> Token:
    """The token with one doubt more."""
    return token if doubt in token.doubts else replace(token, doubts=(*token.doubts, doubt))


def merged(tokens: tuple[Token, ...] | list[Token], *more: str) -> tuple[str, ...]:
    """All doubts of some tokens, once each, in order."""
    return tuple(dict.fromkeys([doubt for token in tokens for doubt in token.doubts] + list(more)))
