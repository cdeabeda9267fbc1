"""Visits put together by hand: a text, its tokens, and the facts that a clinical pipeline would leave."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

import spacy
from spacy.tokens import Doc

from dictation.clinical import facts
from dictation.clinical.facts import Fact
from dictation.language.written import Token, Written
from dictation.speech.transcript import Transcript, Utterance, Word

_TOKEN = re.compile(r"\d+(?:[.,/]\d+)*|[^\W\d_]+(?:-[^\W\d_]+)*|[^\w\s]")
_BLANK = spacy.blank("ru")


def tokenise(text: str) -> tuple[Token, ...]:
    """Words, numbers and marks of a text that is already written as a registrar would."""
    found = []
    for match in _TOKEN.finditer(text):
        number = re.fullmatch(r"\d+(?:[.,]\d+)?", match.group())
        found.append(
            Token(
                match.group(),
                match.start(),
                match.end(),
                space=match.end() < len(text) and text[match.end()].isspace(),
                value=float(match.group().replace(",", ".")) if number else None,
            )
        )
    return tuple(found)


def written(text: str, **changes: Token) -> Written:
    """A text that was never sound."""
    return Written(Transcript.from_text(text), tokenise(text))


def heard(text: str, confidence: dict[str, float] | None = None, default: float = 0.95) -> Written:
    """The same as one utterance of half a second a word; `confidence` by the word as printed."""
    given = confidence or {}
    words = tuple(
        Word(word, start=index * 0.5, end=index * 0.5 + 0.4, confidence=given.get(word.strip(".,"), default))
        for index, word in enumerate(text.split())
    )
    utterance = Utterance(text, words, words[0].start, words[-1].end)
    return Written(Transcript.from_utterances([utterance]), tokenise(text))


def with_token(given: Written, text: str, **changes: object) -> Written:
    """The first token of that text changed."""
    index = next(i for i, token in enumerate(given.tokens) if token.text == text)
    tokens = list(given.tokens)
    tokens[index] = replace(tokens[index], **changes)  # type: ignore[arg-type] # the names of the fields are the caller's
    return replace(given, tokens=tuple(tokens))


def doc_of(given: Written, found: Iterable[Fact] = ()) -> Doc:
    """A Doc over the tokens, with the facts."""
    doc = Doc(
        _BLANK.vocab, words=[token.text for token in given.tokens], spaces=[token.space for token in given.tokens]
    )
    kinds: dict[type[Fact], list[Fact]] = {}
    for fact in found:
        kinds.setdefault(type(fact), []).append(fact)
    for kind, of_kind in kinds.items():
        facts.put(doc, kind, of_kind)
    return doc


def place(given: Written, phrase: str, nth: int = 0) -> tuple[int, int]:
    """The tokens `[start, end)` of a phrase, its nth occurrence."""
    wanted = [token.text for token in tokenise(phrase)]
    texts = [token.text for token in given.tokens]
    starts = [i for i in range(len(texts) - len(wanted) + 1) if texts[i : i + len(wanted)] == wanted]
    return starts[nth], starts[nth] + len(wanted)
