"""The component `med_sections`: which part of a note each stretch of text belongs to."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.facts import Section, put
from dictation.clinical.titles import TitleFinder
from dictation.grammar.headings import headings
from dictation.language.phonetics import phonetics


@Language.factory("med_sections", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> Sectioner:
    return Sectioner(language)


class Sectioner:
    """Leaves `Section` facts in the Doc."""

    def __init__(self, language: str) -> None:
        self._titles = TitleFinder(headings(language), phonetics(language))

    def __call__(self, doc: Doc) -> Doc:
        found = self._titles(doc)
        ends = [*(heading.start for heading in found[1:]), len(doc)][: len(found)]
        put(
            doc,
            Section,
            [
                Section(h.end, end, kind=h.kind, heading=h.end - h.start, by="heading", role=h.role)
                for h, end in zip(found, ends, strict=True)
                if h.end < end
            ],
        )
        return doc
