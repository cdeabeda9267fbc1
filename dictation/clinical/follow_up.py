"""The component `med_follow_up`: when to come back."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.facts import FollowUp, Section, get, put
from dictation.clinical.titles import MARKS, STOPS

_SECTION = "follow-up"


@Language.factory("med_follow_up", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> FollowUpFinder:  # noqa: ARG001 - spaCy's signature
    return FollowUpFinder()


class FollowUpFinder:
    """Leaves a `FollowUp` for each sentence of the section, in lower case, without its heading and full stop."""

    def __call__(self, doc: Doc) -> Doc:
        found = []
        for section in get(doc, Section):
            if section.kind == _SECTION:
                found += self._sentences(doc, section)
        put(doc, FollowUp, found)
        return doc

    def _sentences(self, doc: Doc, section: Section) -> list[FollowUp]:
        found = []
        start = section.start
        for i in range(section.start, section.end + 1):
            if i < section.end and doc[i].text not in STOPS:
                continue
            end = i
            while start < end and doc[start].text in MARKS:
                start += 1
            while end > start and doc[end - 1].text in MARKS:
                end -= 1
            if start < end:
                text = doc[start:end].text
                found.append(FollowUp(start, end, text=text[:1].lower() + text[1:]))
            start = i + 1
        return found
