"""What is wrong with a reading: stretches left out, loops, echoes of the prompt."""

from __future__ import annotations

import pytest

from dictation.speech.attempt import Attempt
from dictation.speech.whisper import HeardWord


def heard(*starts: float) -> list[HeardWord]:
    """Words of half a second, sure of themselves."""
    return [HeardWord(f"слово{number}", start, start + 0.5, 0.9) for number, start in enumerate(starts)]


def attempt(words: list[HeardWord], seconds: float, text: str = "", prompt: str | None = None) -> Attempt:
    return Attempt(text or " ".join(word.text for word in words), prompt, words, seconds)


def test_even_speech_is_sound() -> None:
    found = attempt(heard(0.5, 1.2, 3.0, 4.1), 5.0)
    assert found.fault == 0
    assert found.doubted() == found.words


@pytest.mark.parametrize(
    ("starts", "seconds", "fault", "doubtful"),
    [
        ((0.5, 1.0, 6.0, 6.5), 7.5, 4.46, [1, 2]),  # left out in the middle
        ((4.0, 4.5), 5.5, 4.0, [0]),  # at the beginning
        ((0.5, 1.0), 9.0, 7.46, [1]),  # at the end
    ],
)
def test_speech_left_out(starts: tuple[float, ...], seconds: float, fault: float, doubtful: list[int]) -> None:
    found = attempt(heard(*starts), seconds)
    assert found.fault == pytest.approx(fault)
    assert [number for number, word in enumerate(found.doubted()) if word.confidence == 0.1] == doubtful


def test_no_words_at_all() -> None:
    assert attempt([], 2.0).fault == 2.0
    assert attempt([], 2.0).doubted() == []


def test_a_loop_is_worse_than_any_hole_and_wholly_doubted() -> None:
    found = attempt(heard(0.5, 1.0), 2.0, text="диагноз назначено " * 4)
    assert found.fault > 30
    assert [word.confidence for word in found.doubted()] == [0.1, 0.1]


def test_an_echo_counts_only_where_there_was_a_prompt() -> None:
    told = "Жалобы на головную боль. Анамнез заболевания."
    assert attempt(heard(0.5, 1.0), 2.0, text="Анамнез заболевания. Жалобы", prompt=told).fault == 0
    assert attempt(heard(0.5, 1.0), 2.0, text="головную боль. Анамнез", prompt=told).fault > 30
    assert attempt(heard(0.5, 1.0), 2.0, text="головную боль. Анамнез", prompt=None).fault == 0
