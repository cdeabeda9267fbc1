"""Readings that neighbours decide. Forms and lemmas by the grammar of Russian, worked out by hand."""

from __future__ import annotations

import pytest
from spacy.language import Language


@pytest.mark.parametrize(
    ("text", "word", "lemma", "tag"),
    [
        ("без боли", "боли", "боль", "NOUN,inan,femn sing,gent"),
        ("при боли", "боли", "боль", "NOUN,inan,femn sing,loct"),
        ("сильные боли", "боли", "боль", "NOUN,inan,femn plur,nomn"),
        ("в правом ухе", "правом", "правый", "ADJF,Qual neut,sing,loct"),
        ("в правом ухе", "ухе", "ухо", "NOUN,inan,neut sing,loct"),
        ("щитовидная железа", "железа", "железа", "NOUN,inan,femn sing,nomn"),
        ("на левой стопе", "стопе", "стопа", "NOUN,inan,femn sing,loct"),
        ("у самой катаракта", "катаракта", "катаракта", "NOUN,inan,femn sing,nomn"),
        ("отёк голени", "отёк", "отёк", "NOUN,inan,masc sing,nomn"),
        ("миндалины гиперемированы", "гиперемированы", "гиперемировать", "PRTS,perf,past,pssv plur"),
    ],
)
def test_reading_that_the_context_allows(nlp: Language, text: str, word: str, lemma: str, tag: str) -> None:
    token = next(token for token in nlp(text) if token.text == word)
    assert (token.lemma_, token.tag_) == (lemma, tag)


def test_universal_part_of_speech_and_case(nlp: Language) -> None:
    doc = nlp("в горле першит, 38,6")
    assert [token.pos_ for token in doc] == ["ADP", "NOUN", "VERB", "PUNCT", "NUM"]
    assert doc[1].morph.get("Case") == ["Loc"]


def test_letters_that_have_no_name(nlp: Language) -> None:
    assert [token.text for token in nlp("кашель \U00017000 сухой")] == ["кашель", "\U00017000", "сухой"]
