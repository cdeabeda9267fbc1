"""Endings of adjectives that sound alike. The right forms are those of the grammar; the wrong ones are what an
unstressed ending sounds like too (Moscow norm: "ый" and "ой", "ая" and "ое" fall together)."""

from __future__ import annotations

import pytest

from dictation.grammar.numerals import numerals
from dictation.grammar.orthography import orthography
from dictation.language.agreement import Agreement
from dictation.language.numerals import Numerals
from dictation.language.tokens import Tokeniser
from dictation.language.written import join
from dictation.speech.transcript import Transcript, Utterance, Word


def agreed(text: str, confidence: float | None = 0.7) -> str:
    words = tuple(Word(word, None, None, confidence) for word in text.split())
    transcript = Transcript.from_utterances([Utterance(text, words)])
    tokens = Tokeniser(orthography("ru"), Numerals(numerals("ru")).is_cardinal)(transcript)
    return join(Agreement("ru")(tokens, transcript))


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("Общей анализ крови", "Общий анализ крови"),
        ("острой бронхит", "острый бронхит"),
        ("сердечное недостаточность", "сердечная недостаточность"),
        ("правой коленной сустав увеличен", "правый коленный сустав увеличен"),
        # A result agrees with what it is of, whatever stands between.
        ("симптом поколачивания слева отрицательной, справа положительной.",
         "симптом поколачивания слева отрицательный, справа положительный."),
        ("проба Манту положительное", "проба Манту положительная"),
    ],
)  # fmt: skip
def test_an_ending_that_sounds_alike(heard: str, expected: str) -> None:
    assert agreed(heard) == expected


@pytest.mark.parametrize(
    "text",
    [
        "на левой голень отёк",  # the preposition tells the case: it is the noun that is wrong
        "винного голени",  # another sound
        "острой, бронхит",  # a mark between
        "боль в правой руке",
        "симптом отрицательный",
        "реакции отрицательной степени",
        "два поперечных пальца",
        "кожа бледная",
    ],
)
def test_what_is_left(text: str) -> None:
    assert agreed(text) == text


def test_words_that_were_heard_badly_are_left_to_be_doubted() -> None:
    """ "Стресс утренний недели" was "стресса три недели": that the two do not agree is the only sign of it."""
    assert agreed("общей анализ крови", 0.49) == "общей анализ крови"


def test_a_text_that_was_typed_is_left() -> None:
    assert agreed("общей анализ крови", None) == "общей анализ крови"
