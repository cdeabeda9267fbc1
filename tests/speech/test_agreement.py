"""Which words of a partial are shown as stable."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dictation.speech.agreement import Agreement
from dictation.speech.recogniser import Partial


def shown(*readings: str, every: float = 1.25, sure: int = 99) -> list[tuple[str, int]]:
    """What is shown of readings, each of so many seconds of sound more than the one before."""
    agreement = Agreement()
    ends = [1.5 + every * number for number in range(1, len(readings) + 1)]
    partials = [agreement.partials(reading, sure, 1.5, end) for reading, end in zip(readings, ends, strict=True)]
    return [(p.text, p.stable) for made in partials for p in made]


def test_three_readings_must_agree_and_the_last_word_is_never_certain() -> None:
    assert shown("жалобы", "жалобы на", "Жалобы на кашель", "жалобы на кашель и") == [
        ("жалобы", 0),
        ("жалобы на", 0),
        ("Жалобы на кашель", 1),
        ("Жалобы на кашель и", 2),
    ]


def test_what_is_stable_stays_when_a_reading_differs() -> None:
    assert shown("а б в", "а б в г", "а б в г д", "х у з г д е") == [
        ("а б в", 0),
        ("а б в г", 0),
        ("а б в г д", 3),
        ("а б в г д е", 3),
    ]


def test_the_same_reading_again_is_not_shown_again() -> None:
    assert shown("да нет", "да нет", "да нет") == [("да нет", 0), ("да нет", 1)]


def test_readings_that_follow_too_soon_are_shown_but_do_not_count() -> None:
    # Every 0.5 s: the first, fourth and seventh reading count.
    said = ["а б", "а б в", "а б в г", "а б в г", "а б в д", "а б в д е", "а б в д е"]
    assert shown(*said, every=0.5) == [
        ("а б", 0),
        ("а б в", 0),
        ("а б в г", 0),
        ("а б в д", 0),
        ("а б в д е", 0),
        ("а б в д е", 2),
    ]


def test_what_the_recogniser_doubts_and_all_behind_it_is_not_stable() -> None:
    said = ["а б в г", "а б в г", "а б в г д"]
    assert shown(*said, sure=2) == [("а б в г", 0), ("а б в г д", 2)]
    assert shown(*said, sure=0) == [("а б в г", 0), ("а б в г д", 0)]


def test_nothing_read_shows_nothing() -> None:
    assert shown("", "") == []


def test_the_start_is_told() -> None:
    assert Agreement().partials("да", 1, 1.5, 2.0) == [Partial("да", 1.5, 0)]


@given(st.lists(st.lists(st.sampled_from(["а", "б", "в"]), max_size=6).map(" ".join), max_size=12))
def test_stable_words_never_change_and_never_grow_fewer(readings: list[str]) -> None:
    before: list[str] = []
    for text, stable in shown(*readings):
        words = text.split()
        assert words[: len(before)] == before
        assert len(before) <= stable <= len(words)
        before = words[:stable]
