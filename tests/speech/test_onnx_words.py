"""Tokens into words: where a word begins and ends, how sure it is."""

from __future__ import annotations

from math import log

import pytest

from dictation.speech.onnx_words import SpokenToken, words_of


def tokens(*given: tuple[str, float, float]) -> list[SpokenToken]:
    """Text, time, probability."""
    return [SpokenToken(text, time, log(probability)) for text, time, probability in given]


# A letter lasts 0.08 s (LETTER).
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([], []),
        # letters, the space a token of its own (GigaAM CTC, T-one); the space's time is nobody's
        (
            [("н", 1.0, 0.9), ("е", 1.1, 0.8), (" ", 1.2, 0.3), ("я", 2.0, 0.7)],
            [("не", 1.0, 1.18, 0.8), ("я", 2.0, 2.08, 0.7)],
        ),
        # pieces of words, the space before the first (Vosk, GigaAM e2e): the last piece has three letters
        (
            [(" ло", 0.5, 0.9), ("зар", 0.7, 0.6), ("тан", 0.9, 0.95), (" пять", 1.5, 0.99)],
            [("лозартан", 0.5, 1.14, 0.6), ("пять", 1.5, 1.82, 0.99)],
        ),
        # a word ends at the latest where the next begins
        ([(" два", 0.5, 0.9), (" три", 0.6, 0.9)], [("два", 0.5, 0.6, 0.9), ("три", 0.6, 0.84, 0.9)]),
        # marks belong to the word before them and have no say in its times and confidence
        (
            [(" Боль", 0.2, 0.9), (",", 0.8, 0.1), (" отёк", 1.0, 0.8), (" ", 1.4, 0.2), (".", 1.5, 0.2)],
            [("Боль,", 0.2, 0.52, 0.9), ("отёк.", 1.0, 1.32, 0.8)],
        ),
        # a number keeps its sign; nothing stands before a first mark
        ([(" до", 0.1, 0.9), (" -5", 0.5, 0.9)], [("до", 0.1, 0.26, 0.9), ("-5", 0.5, 0.66, 0.9)]),
        ([(" —", 0.1, 0.5), (" да", 0.4, 0.9)], [("—", 0.1, 0.18, 0.5), ("да", 0.4, 0.56, 0.9)]),
        # a token that holds a space
        ([("а и", 0.1, 0.9)], [("а", 0.1, 0.1, 0.9), ("и", 0.1, 0.18, 0.9)]),
        # spaces alone are no words
        ([(" ", 0.1, 0.9), ("  ", 0.2, 0.9)], []),
    ],
)
def test_words(given: list[tuple[str, float, float]], expected: list[tuple[str, float, float, float]]) -> None:
    words = words_of(tokens(*given))
    assert [word.text for word in words] == [text for text, _, _, _ in expected]
    assert [(word.start, word.end, word.confidence) for word in words] == [
        pytest.approx(rest) for _, *rest in expected
    ]
