"""Tokens of a CTC or transducer model put together into words with times and confidences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# How long a letter sounds in Russian speech of ordinary pace, seconds: such models tell when a token begins, not when
# it ends.
LETTER = 0.08


@dataclass(frozen=True, slots=True)
class SpokenToken:
    """A piece of text as the model's vocabulary has it (a space stands before the piece that begins a word), the time
    at which it was heard, and its logarithmic probability."""

    text: str
    time: float
    log_probability: float


@dataclass(frozen=True, slots=True)
class SpokenWord:
    """A word, seconds from the start of the sound, and the probability of its least sure token."""

    text: str
    start: float
    end: float
    confidence: float


def words_of(tokens: Sequence[SpokenToken]) -> list[SpokenWord]:
    """Words between spaces. Marks that stand alone belong to the word before them.

    A word begins with its first letter and ends when its last token has sounded, but not after the next word begins.
    """
    return [_word(piece, following) for piece, following in pairwise([*_pieces(tokens), []])]


def _pieces(tokens: Sequence[SpokenToken]) -> list[list[SpokenToken]]:
    """The tokens of each word, cut at spaces within a token too."""
    pieces: list[list[SpokenToken]] = []
    apart = True
    for token in tokens:
        for number, part in enumerate(token.text.split(" ")):
            apart = apart or number > 0
            if not part:
                continue
            spoken = SpokenToken(part, token.time, token.log_probability)
            if not pieces or (apart and any(sign.isalnum() for sign in part)):
                pieces.append([spoken])
            else:
                pieces[-1].append(spoken)
            apart = False
    return pieces


def _sounding(piece: list[SpokenToken]) -> list[SpokenToken]:
    """Those with letters or digits; all where there is none."""
    return [token for token in piece if any(sign.isalnum() for sign in token.text)] or piece


def _word(piece: list[SpokenToken], following: list[SpokenToken]) -> SpokenWord:
    sounding = _sounding(piece)
    last = sounding[-1]
    limit = _sounding(following)[0].time if following else math.inf
    return SpokenWord(
        text="".join(token.text for token in piece),
        start=sounding[0].time,
        end=min(last.time + LETTER * len(last.text), limit),
        confidence=min(math.exp(token.log_probability) for token in sounding),
    )
