"""Several diseases dictated in one breath: where one diagnosis ends and the next begins.

"Гипертоническая болезнь, сахарный диабет 2 типа" are two diagnoses, "Сахарный диабет 2 типа, диабетическая
полинейропатия" is one with a code of its own, and "Подагра, острый артрит" names one disease twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc

from dictation.clinical.facts import Candidate
from dictation.clinical.icd10 import Coder
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, is_noun, noun_reading
from dictation.clinical.titles import without_marks

# From this score on the lexicon knows what a part names, and nothing of it is left over.
EXACT = 0.93
# From this score on the parts together have a code of their own.
_TOGETHER = 0.85


@dataclass(frozen=True, slots=True)
class DiagnosisPart:
    """Tokens `[start, end)` of one diagnosis. A `doubtful` one may be a complication of the one before, the same
    disease, or share an attribute with it."""

    start: int
    end: int
    doubtful: bool = False


class DiagnosisParter:
    """Parts a sentence where the lexicon knows the diseases on both sides, their rubrics are no neighbours, and it
    has no code for the two together."""

    def __init__(self, coder: Coder, conjunctions: frozenset[str]) -> None:
        self._coder = coder
        self._conjunctions = conjunctions

    def __call__(self, doc: Doc, start: int, end: int) -> list[DiagnosisPart]:
        """The diagnoses of the tokens, in text order; one where they are not surely several."""
        if without_marks(doc):
            return self._without_marks(doc, start, end)
        return self._between_marks(doc, start, end)

    def _between_marks(self, doc: Doc, start: int, end: int) -> list[DiagnosisPart]:
        found = [DiagnosisPart(start, end)]
        known: Candidate | None = None
        for first, last, joined in self._items(doc, start, end):
            best = self._known(doc, first, last)
            if best is None or not _named(doc, first, last):
                continue
            if known is not None and self._apart(doc, (found[-1].start, last), known, best):
                found[-1] = DiagnosisPart(found[-1].start, first - 1, found[-1].doubtful)
                found.append(DiagnosisPart(first, end, joined or best.icd10[0] == known.icd10[0]))
                known = best
            known = known or best
        return found

    def _items(self, doc: Doc, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Stretches between commas and conjunctions, and whether a conjunction is before."""
        begin, joined = start, False
        for i in range(start, end + 1):
            if i == end or doc[i].text == "," or doc[i].lower_ in self._conjunctions:
                if i > begin:
                    yield begin, i, joined
                begin, joined = i + 1, i < end and doc[i].text != ","

    def _without_marks(self, doc: Doc, start: int, end: int) -> list[DiagnosisPart]:
        whole = [DiagnosisPart(start, end)]
        if self._known(doc, start, end) is not None:
            return whole
        for i in range(start + 1, end):
            if not self._may_begin(doc, i):
                continue
            known = self._known(doc, start, i)
            rest = self._without_marks(doc, i, end) if known is not None else []
            best = self._known(doc, rest[0].start, rest[0].end) if rest else None
            if known is not None and best is not None and self._apart(doc, (start, rest[0].end), known, best):
                second = DiagnosisPart(i, rest[0].end, best.icd10[0] == known.icd10[0])
                return [DiagnosisPart(start, i), second, *rest[1:]]
        return whole

    def _may_begin(self, doc: Doc, i: int) -> bool:
        """Whether a disease may begin at the token: a nominative that is not joined to the word before."""
        if doc[i].pos_ not in ("NOUN", "ADJ", "X") or not _named(doc, i, len(doc)):
            return False
        before = doc[i - 1]
        return not (is_adjective(before) and attribute_reading(before, noun_reading(doc[i])) is not None)

    def _apart(self, doc: Doc, both: tuple[int, int], one: Candidate, other: Candidate) -> bool:
        """Whether two diseases are two diagnoses: rubrics of another ten, and no code of its own for both."""
        if one.icd10[:2] == other.icd10[:2]:
            return False
        together = next(iter(self._coder.candidates(doc[both[0] : both[1]].text)), None)
        own = {one.icd10[:3], other.icd10[:3]}
        if together is None or together.score < _TOGETHER or together.icd10[:3] not in own:
            return True
        return together.icd10 in (one.icd10, other.icd10) or together.icd10 in own

    def _known(self, doc: Doc, start: int, end: int) -> Candidate | None:
        best = next(iter(self._coder.candidates(doc[start:end].text)), None)
        return best if best is not None and best.score >= EXACT else None


def _named(doc: Doc, start: int, end: int) -> bool:
    """Whether the first noun stands in the nominative, or shows no case: a disease of its own, no complement."""
    noun = next((doc[i] for i in range(start, end) if is_noun(doc[i])), None)
    own = cases(noun.text) if noun is not None else frozenset()
    return not own or "nomn" in own
