"""A tokenizer for plain text that splits as the language stage does: words, numbers with their signs, marks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

# A number keeps its decimals, slashes and degree sign; a word its hyphens; every other character stands alone.
_PIECES = re.compile(
    r"\d+-[а-яё]{1,3}\b|\d+(?:[.,/:×-]\d+)*°?[CС]?|[^\W\d_]+(?:[-'’][^\W_]+)*(?:\d+)?|[^\w\s]|_|\n", re.UNICODE
)
_SPACE = re.compile(r"[^\S\n]+")


@registry.tokenizers("med_tokenizer")  # type: ignore[untyped-decorator] # spaCy's registry has no types
def create() -> Callable[[Language], PlainTokenizer]:
    return lambda nlp: PlainTokenizer(nlp.vocab)


class PlainTokenizer:
    """Text to Doc. It has no state but the vocabulary, so nothing of it is written to disk."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        words: list[str] = []
        spaces: list[bool] = []
        for match in _PIECES.finditer(_SPACE.sub(" ", text).strip()):
            words.append(match.group())
            spaces.append(match.string[match.end() : match.end() + 1] == " ")
        return Doc(self.vocab, words=words, spaces=spaces)

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _data: bytes, **_: Any) -> PlainTokenizer:
        return self

    def to_disk(self, _path: Path | str, **_: Any) -> None:
        return None

    def from_disk(self, _path: Path | str, **_: Any) -> PlainTokenizer:
        return self
