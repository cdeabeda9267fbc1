"""Sentence starts, also where the text came without punctuation: what is sure to begin a new one."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from dictation.clinical.facts import Section
from dictation.clinical.noun_phrase import PhraseReader, is_head, is_noun, phrase_cases
from dictation.clinical.phrases import Phrases
from dictation.clinical.titles import MARKS, STOPS, without_marks
from dictation.grammar.cues import Cues
from dictation.grammar.findings import FindingRules
from dictation.grammar.syntax import Syntax


class SentenceSplitter:
    """Sets `is_sent_start`. Without marks a denial that follows its findings ends a sentence, and the first of those
    findings begins it ("до 38,6 | кашля и насморка нет | болен второй день")."""

    def __init__(self, cues: Cues, grammar: Syntax, findings: FindingRules) -> None:
        self._denials = Phrases((words, None) for words in cues.absent.around)
        self._particles = frozenset(cues.particles)
        self._genitive = frozenset(grammar.genitive_negations)
        self._transitive = frozenset(cues.transitive)
        self._conjunctions = frozenset(grammar.conjunctions)
        self._findings = findings
        self._reader = PhraseReader(grammar, findings)

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
            for section in sections:
                starts.update(self._at_denials(doc, section))
        for token in doc:
            token.is_sent_start = token.i in starts

    def _answers(self, doc: Doc, i: int, denials: set[int]) -> bool:
        """Whether a denial stands here, or behind an adverb ("инфаркт: ранее отрицает")."""
        first = i + 1 if doc[i].pos_ == "ADV" and i + 1 < len(doc) else i
        return first in denials or doc[first].lower_ in self._particles

    def _at_denials(self, doc: Doc, section: Section) -> Iterator[int]:
        for start, end in self._denied(doc, section):
            first = self._first_denied(doc, start, self._cases_denied(doc, start), section.start)
            if first is None:
                continue
            yield first
            if end < section.end and doc[end].pos_ not in ("ADP", "CCONJ", "NUM") and doc[end].is_alpha:
                yield end

    def _denied(self, doc: Doc, section: Section) -> Iterator[tuple[int, int]]:
        """Denials in the section."""
        for match in self._denials.longest(doc):
            if section.start <= match.start < section.end:
                yield match.start, match.end
        for i in range(section.start, section.end - 1):
            if doc[i].lower_ in self._particles and doc[i + 1].pos_ == "VERB":
                yield i, i + 2

    def _cases_denied(self, doc: Doc, cue: int) -> frozenset[str]:
        """The cases in which findings that stand side by side are all denied by the cue; none for one that has a
        subject ("сыпь отсутствует")."""
        if doc[cue].lemma_ in self._transitive:
            return frozenset({"gent", "accs"})
        denies = doc[cue].lower_ in self._genitive or doc[cue].lower_ in self._particles
        return frozenset({"gent"}) if denies else frozenset()

    def _first_denied(self, doc: Doc, cue: int, run: frozenset[str], floor: int) -> int | None:
        """Where the list of findings that ends at the cue begins; None where none stands there. Findings without a
        conjunction between them are of the list where all may stand in one of the cases `run`."""
        first: int | None = None
        nearest: int | None = None
        edge = cue
        while True:
            head = self._head_before(doc, edge, floor)
            if head is None:
                break
            phrase = self._reader.around(doc, head)
            joined = first is None or edge < first
            own = phrase_cases(doc, phrase)
            if not joined and not (own is None or own & run):
                break
            if not joined and "gent" not in run and self._told_of(doc, phrase.start, floor):
                break
            if run and own is not None:
                run = run & own
            first = max(floor, phrase.start)
            nearest = first if nearest is None else nearest
            follows = first > floor and doc[first - 1].lower_ in self._conjunctions
            if not follows and not run:
                break
            edge = first - 1 if follows else first
        if first is not None and "gent" not in run and first > floor and doc[first - 1].pos_ == "ADP":
            return nearest
        return first

    def _told_of(self, doc: Doc, i: int, floor: int) -> bool:
        """Whether a noun that is no finding stands before the place ("у родителей ожирение")."""
        return i > floor and doc[i - 1].pos_ == "NOUN" and not is_head(doc[i - 1], self._findings)

    def _head_before(self, doc: Doc, edge: int, floor: int) -> int | None:
        """The nearest finding whose phrase ends at the edge."""
        for i in range(edge - 1, max(floor, edge - 6) - 1, -1):
            if doc[i].pos_ == "VERB" or doc[i].text in MARKS:
                return None
            if is_noun(doc[i]) and is_head(doc[i], self._findings) and self._reader.complement_end(doc, i) == edge:
                return i
        return None
