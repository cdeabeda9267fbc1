"""Schema of `grammars/*/prompts.yaml`: what a recogniser with a language model is told before it listens."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.rules import Rules, load


class Prompts(Rules):
    """`style` is a passage written the way dictated notes should come out (numbers in words, headings as sentences).
    `sections` are such passages for one section alone (keys of `headings.yaml`), told while a field of it is active.
    `fallback` is another such passage, shorter, for speech that goes wrong with the first. `alphabet` are the letters
    the language is written with: nothing else is printed, digits neither, so that numbers come as words.
    `hot_words` are words the recogniser spells wrongly without help, most useful first. `phantoms` are what it
    prints where nobody speaks (regular expressions over a whole utterance, lower case, without punctuation).
    """

    style: str = Field(min_length=1)
    sections: dict[str, str] = Field(default_factory=dict)
    fallback: str = Field(min_length=1)
    alphabet: str = Field(min_length=1)
    hot_words: tuple[str, ...] = ()
    phantoms: tuple[str, ...] = ()

    def problems(self) -> list[str]:
        repeated = sorted({word for word in self.hot_words if self.hot_words.count(word) > 1})
        return [f"hot word '{word}' is listed twice" for word in repeated]


@cache
def prompts(language: str) -> Prompts:
    """The prompts of a language."""
    return load(language, "prompts", Prompts)
