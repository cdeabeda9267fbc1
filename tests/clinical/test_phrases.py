"""Phrases of the rules in a Doc. Cases worked out by hand."""

from __future__ import annotations

import spacy
from spacy.tokens import Doc

from dictation.clinical.phrases import Match, Phrases


def _doc(text: str, **lemmas: str) -> Doc:
    words = text.split()
    return Doc(spacy.blank("ru").vocab, words=words, lemmas=[lemmas.get(word, word.lower()) for word in words])


PHRASES = Phrases([("боль", "short"), ("боль в груди", "long"), ("ещё раз", "again")])


def test_words_fit_by_form_or_lemma() -> None:
    doc = _doc("Боли в груди и боль", Боли="боль")
    assert list(PHRASES.all(doc)) == [Match(0, 1, "short"), Match(0, 3, "long"), Match(4, 5, "short")]


def test_the_longest_at_a_place_is_taken_once() -> None:
    assert PHRASES.longest(_doc("боль в груди")) == [Match(0, 3, "long")]


def test_case_and_dots_do_not_matter() -> None:
    assert PHRASES.longest(_doc("ЕЩЕ раз")) == [Match(0, 2, "again")]


def test_names_fit_in_every_case_form() -> None:
    names = Phrases([("анализы мочи", "urine")], inflected=True)
    assert names.longest(_doc("анализа мочи", анализа="анализ", мочи="моча")) == [Match(0, 2, "urine")]


def test_a_doc_whose_lemmas_change_is_read_anew() -> None:
    doc = _doc("боли")
    assert PHRASES.longest(doc) == []
    doc[0].lemma_ = "боль"
    assert PHRASES.longest(doc) == [Match(0, 1, "short")]


def test_nothing_in_an_empty_doc() -> None:
    assert PHRASES.longest(_doc("")) == []
