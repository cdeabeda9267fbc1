"""Respelling: clinical words that the recogniser misheard, repaired by sound across word boundaries.

`Respeller(language)(tokens, transcript)` runs after the commands and before the numerals. It takes tokens as the
recogniser printed them, words and marks each a token of its own ("на", "лоприл", ","), and returns the tokens in
order with stretches of one to four words replaced by what was most likely said. A respelled token

- has the words in `text` (one token a word, in the case form that was heard), `heard` = what stood there for the
  whole stretch, and `start`, `end` over all characters of the stretch (tokens of one repaired phrase share them);
- has "respelled" in `doubts` where the doctor must look: drugs, numerals, negations and sides always, other words
  where the repair is not near-certain;
- keeps `space` and `pause` of the last token that it replaced.

A word that is left as it stands although it is nothing known and something could be meant has "unclear-word".
Confidences come from the words of the transcript behind a token's characters; without them (typed text) only
words that are no Russian words may change.
"""

from __future__ import annotations

from dictation.language.written import Token
from dictation.speech.transcript import Transcript


class Respeller:
    """Repairs the words of one language; made once, used for any number of transcripts."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, tokens: list[Token], transcript: Transcript) -> list[Token]:
        return list(tokens)
