"""Sentence starts, also where the text came without punctuation: what is sure to begin a new one."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from dictation.clinical.denied_lists import DeniedLists
from dictation.clinical.facts import Section
from dictation.clinical.phrases import Phrases
from dictation.clinical.titles import MARKS, STOPS, without_marks
from dictation.grammar.cues import Cues


class SentenceSplitter:
    """Sets `is_sent_start`. Without marks a denial that follows its findings ends a sentence, and the first of those
    findings begins it ("до 38,6 | кашля и насморка нет | болен второй день")."""

    def __init__(self, cues: Cues, lists: DeniedLists) -> None:
        self._denials = Phrases((words, None) for words in cues.absent.around)
        self._particles = frozenset(cues.particles)
        self._lists = lists

    def __call__(self, doc: Doc, sections: list[Section]) -> None:
        starts = {0}
        answers = {match.start for match in self._denials.longest(doc)}
        for i in range(1, len(doc)):
            parted = doc[i - 1].text in STOPS and doc[i].text not in MARKS
            if parted and (doc[i - 1].text != ":" or not self._answers(doc, i, answers)):
                starts.add(i)
        for section in sections:
            starts.update((section.start, section.start - section.heading, section.end))
        if without_marks(doc):
            starts.update(self._at_denials(doc, sections))
        for token in doc:
            token.is_sent_start = token.i in starts

    def _answers(self, doc: Doc, i: int, denials: set[int]) -> bool:
        """Whether a denial stands here, or behind an adverb ("инфаркт: ранее отрицает")."""
        first = i + 1 if doc[i].pos_ == "ADV" and i + 1 < len(doc) else i
        return first in denials or doc[first].lower_ in self._particles

    def _at_denials(self, doc: Doc, sections: list[Section]) -> Iterator[int]:
        for start, end in self._lists.denials(doc):
            section = next((s for s in sections if s.start <= start < s.end), None)
            first = self._lists.first_denied(doc, start, section.start) if section is not None else None
            if section is None or first is None:
                continue
            yield first
            if end < section.end and doc[end].pos_ not in ("ADP", "CCONJ", "NUM") and doc[end].is_alpha:
                yield end
