"""From tokens back to characters, words, seconds and confidences."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.forms.alignment import Alignment
from dictation.forms.record import Evidence
from dictation.language.written import Token
from tests.forms.visits import heard, tokenise, written


def test_evidence_of_sound() -> None:
    """Words last 0.4 s and begin every half second."""
    alignment = Alignment(heard("пульс восемьдесят два ударов", {"два": 0.4}))
    assert alignment.evidence(1, 3) == [Evidence(start_char=6, end_char=21, start=0.5, end=1.4)]
    assert alignment.least(1, 3) == 0.4
    assert alignment.mean(tokenise("пульс восемьдесят два ударов")[1:3]) == 0.675


def test_text_has_no_times() -> None:
    alignment = Alignment(written("пульс восемьдесят"))
    assert alignment.evidence(0, 2) == [Evidence(start_char=0, end_char=17)]
    assert alignment.least(0, 2) is None
    assert alignment.mean(tokenise("пульс")) is None


def test_marks_that_were_put_in_have_no_evidence() -> None:
    given_text = written("кашель насморк")
    tokens = (given_text.tokens[0], Token(",", 6, 6), given_text.tokens[1])
    alignment = Alignment(replace(given_text, tokens=tokens))
    assert alignment.evidence(1, 2) == []
    assert alignment.evidence(0, 3) == [Evidence(start_char=0, end_char=14)]


def test_a_number_written_from_several_words_has_them_all() -> None:
    given_text = heard("вес двадцать с половиной", {"половиной": 0.2})
    tokens = (given_text.tokens[0], Token("20,5", 4, 24, value=20.5))
    alignment = Alignment(replace(given_text, tokens=tokens))
    assert alignment.evidence(1, 2) == [Evidence(start_char=4, end_char=24, start=0.5, end=1.9)]
    assert alignment.least(1, 2) == 0.2


@settings(deadline=None)
@given(st.lists(st.text(alphabet="абвг1", min_size=1, max_size=5), min_size=1, max_size=20), st.data())
def test_any_stretch_lies_within_its_words(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    given_text = heard(text)
    start = data.draw(st.integers(0, len(given_text.tokens) - 1))
    end = data.draw(st.integers(start + 1, len(given_text.tokens)))
    (found,) = Alignment(given_text).evidence(start, end)
    assert text[found.start_char : found.end_char].startswith(given_text.tokens[start].text)
    assert text[found.start_char : found.end_char].endswith(given_text.tokens[end - 1].text)
    assert found.start == text[: found.start_char].count(" ") * 0.5
    assert found.end == text[: found.end_char].count(" ") * 0.5 + 0.4
