"""Text fields, by the conventions of the evaluation data: first letter a capital, a full stop at the end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dictation.clinical.facts import Section
from dictation.forms.filler import fill
from dictation.forms.questionnaire import load_form
from dictation.forms.text import sentences
from dictation.language.written import Token, join
from tests.forms.visits import doc_of, tokenise, written


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("головную боль в затылке.", "Головную боль в затылке."),
        (": кашель, насморк", "Кашель, насморк."),
        ("не отягощён,", "Не отягощён."),
        ("сатурация 99%", "Сатурация 99%."),
        ("как спали?", "Как спали?"),
        (".", ""),
        ("", ""),
    ],
)
def test_sentences(said: str, value: str) -> None:
    assert sentences(tokenise(said)) == value


def test_abbreviation_at_the_end_keeps_one_full_stop() -> None:
    tokens = [Token("160/95", 0, 6), Token("мм", 7, 9), Token("рт.", 10, 13), Token("ст.", 14, 17, space=False)]
    assert sentences([*tokens, Token(".", 17, 18)]) == "160/95 мм рт. ст."


@settings(deadline=None)
@given(st.lists(st.sampled_from(["боль", "36,6", ",", ".", ":", "нет", "°C"]), max_size=12))
def test_words_are_never_lost(texts: list[str]) -> None:
    tokens = [Token(text, 0, 0) for text in texts]
    value = sentences(tokens)
    words = [text.lower() for text in texts if any(c.isalnum() for c in text)]
    assert [word.strip(".,:").lower() for word in value.split() if any(c.isalnum() for c in word)] == words
    assert value == "" or value[-1] in ".!?…"
    assert value == "" or value[0] == value[0].upper()
    assert join(tokens) == join([Token(text, 0, 0) for text in texts])


def test_a_sure_sentence_start_is_printed_where_no_mark_was_heard() -> None:
    said = written("кожа сухая отёков нет давление высокое")
    doc = doc_of(said, [Section(0, 6, kind="objective")])
    for token in doc:
        token.is_sent_start = token.i in (0, 2, 4)
    record = fill(load_form("052u-visit"), said, doc, source=None, language="ru")
    assert record.fields["objective"].value == "Кожа сухая. Отёков нет. Давление высокое."
