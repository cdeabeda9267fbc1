"""Words without duration at the edges of a segment: invented in a run, doubted alone."""

from __future__ import annotations

import pytest

from dictation.speech.phantoms import without_phantoms
from dictation.speech.transcript import Word


def words(*given: tuple[str, float, float]) -> list[Word]:
    return [Word(text, start, end, 0.9) for text, start, end in given]


SAID = words(("давление", 1.0, 1.6), ("сто", 1.6, 1.9), ("тридцать", 1.9, 2.4))


def test_a_run_at_the_end_is_invented() -> None:
    again = words(("давление", 2.4, 2.4), ("сто", 2.4, 2.4), ("тридцать", 2.4, 2.41))
    assert without_phantoms([*SAID, *again]) == SAID


def test_a_run_at_the_beginning_is_invented() -> None:
    before = words(("и", 1.0, 1.0), ("так", 1.0, 1.0), ("далее", 1.0, 1.0))
    assert without_phantoms([*before, *SAID]) == SAID


@pytest.mark.parametrize("place", [0, 3])
def test_one_word_is_doubted(place: int) -> None:
    given = [*SAID[:place], *words(("не", 1.0 if place == 0 else 2.4, 1.0 if place == 0 else 2.4)), *SAID[place:]]
    assert [(w.text, w.confidence) for w in without_phantoms(given)] == [
        *[("не", 0.1)] * (place == 0),
        ("давление", 0.9),
        ("сто", 0.9),
        ("тридцать", 0.9),
        *[("не", 0.1)] * (place == 3),
    ]


@pytest.mark.parametrize(("before", "after"), [(0.9, 0.1), (0.05, 0.05), (None, 0.1)])
def test_a_doubted_word_is_never_surer_than_it_was(before: float | None, after: float) -> None:
    (word, *_) = without_phantoms([Word("не", 1.0, 1.0, before), *SAID])
    assert word == Word("не", 1.0, 1.0, after)


def test_a_small_word_between_others_stays() -> None:
    given = [SAID[0], *words(("в", 1.6, 1.6)), *SAID[1:]]
    assert without_phantoms(given) == given


def test_nothing_but_words_without_time() -> None:
    assert without_phantoms(words(*[("да", 1.0, 1.0)] * 3)) == []
    assert [w.confidence for w in without_phantoms(words(("да", 1.0, 1.0)))] == [0.1]
    assert without_phantoms([]) == []


def test_words_that_were_never_sound_stay() -> None:
    typed = [Word("да"), Word("нет"), Word("да")]
    assert without_phantoms(typed) == typed
