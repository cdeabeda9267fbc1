"""Which tokens may be printed, on the embedded model's own vocabulary."""

from __future__ import annotations

import pytest
from faster_whisper.tokenizer import Tokenizer
from tokenizers import Tokenizer as Vocabulary

from dictation.grammar.prompts import prompts
from dictation.speech import weights
from dictation.speech.catalogue import entry
from dictation.speech.vocabulary import needed_tokens, suppressed_tokens


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    embedded = entry("whisper-base")
    assert embedded is not None
    vocabulary = Vocabulary.from_file(str(weights.joined(embedded) / "tokenizer.json"))
    return Tokenizer(vocabulary, True, task="transcribe", language="ru")


@pytest.fixture(scope="module")
def suppressed(tokenizer: Tokenizer) -> set[int]:
    return set(suppressed_tokens(tokenizer, prompts("ru").alphabet))


@pytest.mark.parametrize(
    "text", [" Эналаприл десять миллиграмм, два раза в день.", " Щёлканье? Ёж, ёж. ЪЫЬ, объём!", "яблоко", " ёлка"]
)
def test_russian_can_be_printed(tokenizer: Tokenizer, suppressed: set[int], text: str) -> None:
    assert not suppressed & set(tokenizer.encode(text))


@pytest.mark.parametrize("text", ["5", " 160", "36,6", "S", " риск S3", "二", "½", "Ⅲ", "é", "ї", "°C", "ع"])
def test_digits_and_other_alphabets_cannot(tokenizer: Tokenizer, suppressed: set[int], text: str) -> None:
    assert suppressed & set(tokenizer.encode(text))


def test_the_end_of_a_text_can_be_printed(tokenizer: Tokenizer, suppressed: set[int]) -> None:
    assert tokenizer.eot not in suppressed
    assert {tokenizer.sot, tokenizer.no_speech, tokenizer.sot_prev} <= suppressed


def test_a_reduced_model_knows_all_that_it_may_print_and_be_told(tokenizer: Tokenizer, suppressed: set[int]) -> None:
    needed = set(needed_tokens(tokenizer, prompts("ru").alphabet))
    assert set(range(tokenizer.eot)) - suppressed <= needed
    assert {*tokenizer.sot_sequence, tokenizer.sot_prev, tokenizer.no_timestamps, tokenizer.eot} <= needed
    told = prompts("ru")
    for passage in (told.style, told.fallback, *told.sections.values()):
        assert set(tokenizer.encode(" " + passage)) <= needed
    assert len(needed) < 5000
