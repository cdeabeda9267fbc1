"""What relatives have: how far a word for one of them reaches, and where the note speaks of the patient again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from spacy.tokens import Doc

from dictation.clinical.morphology import case_of, chosen
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, noun_reading
from dictation.clinical.reach import Cue, Page
from dictation.clinical.titles import MARKS
from dictation.grammar.cues import Cues

Judged = Mapping[int, tuple[str, str]]


class Relatives:
    """The findings of others in one Doc. `dated` are the tokens where a date begins."""

    def __init__(self, doc: Doc, page: Page, rules: Cues, dated: frozenset[int]) -> None:
        self._doc = doc
        self._page = page
        self._dated = dated
        self._persons = frozenset(rules.persons)
        self._patients = frozenset(rules.patients)
        self._patient: str | None = None
        self._sought = False

    def own(self, cue: Cue, judged: Judged) -> tuple[list[int], list[int]]:
        """The findings of a relative: those that follow, or those before "у матери" that are not told of another. And
        of all findings those that may be the relative's or the patient's."""
        if cue.forward:
            found, unsure = self._following(cue, judged)
            return [*self._done_by(cue, judged), *found], unsure
        reached = self._page.reached(cue, judged)
        if not reached:
            return [], []
        start = min(self._page.findings[i].start for i in reached)
        while start > 0 and start not in self._page.ends and self._doc[start - 1].text not in MARKS:
            start -= 1
            if self._doc[start].pos_ == "VERB" and self._doc[start].lemma_ in self._persons:
                return [], []
        return reached, []

    def _done_by(self, cue: Cue, judged: Judged) -> list[int]:
        """The finding that a verb right before a relative tells of that one ("дома кашляет старшая сестра")."""
        relative = noun_reading(self._doc[cue.end - 1])
        start = cue.start
        while start > 0 and attribute_reading(self._doc[start - 1], relative) is not None:
            start -= 1
        if case_of(relative) != "nomn" or start == 0 or not self._doc[start - 1].tag_.startswith("VERB"):
            return []
        said = chosen(self._doc[start - 1]).tag
        if said.number != relative.tag.number or said.gender not in (None, relative.tag.gender):
            return []
        return [i for i, f in enumerate(self._page.findings) if i not in judged and f.start == start - 1 == f.end - 1]

    def _following(self, cue: Cue, judged: Judged) -> tuple[list[int], list[int]]:
        """The findings after a relative, to the end of the sentence, the first that is denied or dated, or a verb of
        persons that speaks of the patient again."""
        found: list[int] = []
        unsure: list[int] = []
        position = cue.end
        again, doubtful = self._patient_again(cue)
        for i, finding in enumerate(self._page.findings):
            if finding.end <= cue.end:
                continue
            if self._page.parted(position, finding.start) or judged.get(i, ("",))[0] == "absent":
                break
            if finding.start >= doubtful:
                unsure.append(i)
            if finding.start >= again or (found and finding.end in self._dated):
                break
            found.append(i)
            position = finding.end
        return found, unsure

    def _patient_again(self, cue: Cue) -> tuple[int, int]:
        """The verb after a relative whose subject is the patient, and the one from which that is doubtful: any after
        "у отца" is the patient's, and one of another gender, but right behind the relative, where it was misheard;
        where no marks join the clauses, a second verb is the patient's by the patient's gender, and doubtful."""
        relative = noun_reading(self._doc[cue.end - 1])
        nominative = case_of(relative) == "nomn" and not self._governed(cue.start)
        told = False
        doubtful = end = len(self._doc)
        for token in self._doc[cue.end :]:
            if token.is_sent_start:
                break
            if token.tag_.startswith(("ADJS", "PRTS")):
                told = True
            if token.lemma_ not in self._persons or not token.tag_.startswith("VERB"):
                continue
            said = chosen(token).tag
            other = said.gender is not None and said.gender != relative.tag.gender and relative.tag.number == "sing"
            if not nominative or (other and token.i > cue.end):
                return token.i, doubtful
            if told and self._doc[token.i - 1].lower_ not in self._page.joints:
                gender = self._gender()
                if said.gender is None or gender == said.gender:
                    return token.i, min(doubtful, token.i)
                if gender is None:
                    doubtful = min(doubtful, token.i)
            told = True
        return end, doubtful

    def _gender(self) -> str | None:
        """The patient's gender by the words and verbs that speak of the patient; None where they do not tell."""
        if not self._sought:
            self._sought = True
            said = Counter(
                str(chosen(token).tag.gender)
                for token in self._doc
                if token.lemma_ in self._patients and chosen(token).tag.gender is not None
            )
            genders = said.most_common(2)
            if genders and (len(genders) == 1 or genders[0][1] > genders[1][1]):
                self._patient = genders[0][0]
        return self._patient

    def _governed(self, i: int) -> bool:
        """Whether a preposition stands before the word and its attributes."""
        while i > 0 and is_adjective(self._doc[i - 1]):
            i -= 1
        return i > 0 and self._doc[i - 1].pos_ == "ADP"
