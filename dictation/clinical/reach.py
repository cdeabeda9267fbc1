"""How far a cue reaches: the findings beside it, over lists, within its sentence."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from spacy.tokens import Doc

from dictation.clinical.facts import Finding, Section
from dictation.clinical.findings import NARRATIVE
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import is_abbreviation, is_adjective, is_declined, is_noun
from dictation.clinical.titles import without_marks

# The most tokens between a cue and the first finding it holds for.
_NEAR = 5


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue over `[start, end)`; which sides it looks to; the cases its findings may have (any if empty). A hidden
    one denies no finding ("боль не проходит"), only what its verb says; one that is near ("без") takes what stands
    right behind it. One that `governs` ends in a preposition ("жалоб на"): what stands behind it is its object."""

    start: int
    end: int
    backward: bool
    forward: bool
    cases: frozenset[str] = frozenset()
    hidden: bool = False
    near: bool = False
    governs: bool = False


class Page:
    """The findings of a Doc with what lies between them: `ends` are the tokens where findings end, `joints` join the
    items of a list, after one of the `governing` nouns ("на фоне") a genitive is its complement."""

    def __init__(
        self,
        doc: Doc,
        findings: list[Finding],
        sections: list[Section],
        breaks: frozenset[int],
        joints: frozenset[str],
        governing: frozenset[str],
    ) -> None:
        self.unmarked = without_marks(doc)
        self.ends = frozenset(finding.end for finding in findings)
        self._doc = doc
        self.findings = findings
        self._sections = sections
        self._breaks = breaks
        self.joints = joints
        self._governing = governing

    def section_of(self, finding: Finding) -> Section | None:
        return next((s for s in self._sections if s.start <= finding.start < s.end), None)

    def tells(self, token: int) -> bool:
        """Whether the token stands in a section that tells how the patient is."""
        section = next((s for s in self._sections if s.start <= token < s.end), None)
        return section is not None and section.kind in NARRATIVE

    def open_after(self, cue: Cue) -> bool:
        """Whether a cue may look to what follows it: not where it answers what a colon parts from it."""
        return cue.forward and not (cue.start > 0 and self._doc[cue.start - 1].text == ":")

    def overlapping(self, statement: Finding, judged: Collection[int]) -> bool:
        """Whether a finding that was judged already lies in the statement."""
        return any(
            f.start < statement.end and statement.start < f.end and i in judged for i, f in enumerate(self.findings)
        )

    def reached(self, cue: Cue, judged: Collection[int]) -> list[int]:
        """The findings a cue holds for: the one it lies in, else the list before it, else the list after it."""
        within = [i for i, f in enumerate(self.findings) if f.start < cue.end and cue.start < f.end]
        if within:
            return [i for i in within if i not in judged]
        if cue.backward:
            before = self._without_complaints(cue, self._list(cue, judged, backward=True))
            if before:
                return before
        return self._list(cue, judged, backward=False) if self.open_after(cue) else []

    def _without_complaints(self, cue: Cue, found: list[int]) -> list[int]:
        """A list in what may be the nominative, from where the complaints begin, tells what there is: of it only the
        last is denied ("снижение настроения, суицидальные мысли отрицает")."""
        if "accs" not in cue.cases or len(found) < 2:
            return found
        first = self.findings[found[-1]]
        section = self.section_of(first)
        opens = section is not None and section.kind == "complaints" and section.start == first.start
        if not opens or "nomn" not in self._cases(first):
            return found
        return [i for i in found if i == found[0] or "nomn" not in self._cases(self.findings[i])]

    def _list(self, cue: Cue, judged: Collection[int], *, backward: bool) -> list[int]:
        order = range(len(self.findings) - 1, -1, -1) if backward else range(len(self.findings))
        found: list[int] = []
        edge = cue.start if backward else cue.end
        wanted = cue.cases
        for i in order:
            finding = self.findings[i]
            start, end = (finding.end, edge) if backward else (edge, finding.start)
            if start > end:
                continue
            if i in judged or not self._joined(start, end, first=not found, near=cue.near):
                break
            if self._is_sign(finding) or (found and not self._heads_item(finding)):
                break
            own = self._cases(finding)
            if (
                wanted
                and own
                and not wanted & own
                and not (backward and not found and "nomn" in own and self._answers(finding, cue))
            ):
                break
            if backward and found and not self.unmarked and self._is_object(finding):
                break
            if found and start == end and not backward and "nomn" in own and not cue.governs:
                break
            if not found and not wanted and own:
                wanted = frozenset({"gent"}) if "gent" in own else own
            found.append(i)
            edge = finding.start if backward else finding.end
        return found

    def _joined(self, start: int, end: int, *, first: bool, near: bool) -> bool:
        """Whether nothing between two places parts them: at the cue itself no comma or verb, in a list only its
        joints, with the attributes and places of its items."""
        between = [self._doc[i] for i in range(start, end)]
        if self.parted(start, end) or any(token.pos_ == "VERB" for token in between):
            return False
        marks = {token.text for token in between if not token.text[0].isalnum()}
        if first and near:
            return all(is_adjective(token) or token.pos_ == "ADV" for token in between)
        if first:
            return len(between) <= _NEAR and marks <= {":"} and not self._speaks_of_other(start, end)
        if not marks <= {","}:
            return False
        if not between:
            return True
        return len(between) <= _NEAR + 1 and any(token.lower_ in self.joints for token in between)

    def _is_object(self, finding: Finding) -> bool:
        """Whether a verb right before a finding has it ("перенесла цистит, беременность отрицает")."""
        return finding.start > 0 and self._doc[finding.start - 1].pos_ == "VERB"

    def _answers(self, finding: Finding, cue: Cue) -> bool:
        """Whether a denial stands right behind a finding and before nothing else: it denies that one, though heard in
        the nominative ("рвота нет")."""
        closed = cue.end == len(self._doc) or self._doc[cue.end].is_sent_start or self._doc[cue.end].is_punct
        return closed and finding.end == cue.start

    def _speaks_of_other(self, start: int, end: int) -> bool:
        """Whether a noun of its own stands between a finding and a cue: the cue is about that one."""
        for i in range(start, end):
            if is_noun(self._doc[i]):
                j = i
                while j > start and is_adjective(self._doc[j - 1]):
                    j -= 1
                subject = cases(self._doc[i].text) == {"nomn"}
                if j == start + 1 and self._coordinated(start, i):
                    continue
                if j == 0 or self._doc[j - 1].pos_ not in ("ADP", "NOUN") or subject:
                    return True
        return False

    def _coordinated(self, conjunction: int, noun: int) -> bool:
        """Whether a noun is joined to the one before the conjunction in an oblique case ("отёков ног и рук нет")."""
        if self._doc[conjunction].pos_ != "CCONJ" or conjunction == 0:
            return False
        return bool(cases(self._doc[conjunction - 1].text) & cases(self._doc[noun].text) - {"nomn"})

    def _cases(self, finding: Finding) -> frozenset[str]:
        """The cases in which a finding's noun stands; empty where the finding is a verb or a sign."""
        for token in finding.span(self._doc):
            if token.pos_ == "NOUN" or is_abbreviation(token):
                return cases(token.text) if is_declined(token) else frozenset()
        return frozenset()

    def _is_sign(self, finding: Finding) -> bool:
        """What is said of an organ ("миндалины гиперемированы"): denied by its own particle alone."""
        span = finding.span(self._doc)
        noun = next((token.i for token in span if token.pos_ == "NOUN"), finding.end)
        return any(
            token.pos_ == "VERB" or (token.pos_ == "ADJ" and token.tag_.startswith("ADJS")) for token in span
        ) or any(
            token.tag_.startswith(("ADJF", "PRTF")) and "nomn" in token.tag_
            for token in self._doc[noun : finding.end]
        )

    def _heads_item(self, finding: Finding) -> bool:
        """Whether the finding begins an item of a list, not the complement of a word ("на фоне эритемы")."""
        if finding.start == 0 or self._doc[finding.start].is_sent_start:
            return True
        before = self._doc[finding.start - 1]
        if self.unmarked and finding.start in self.ends:
            return before.lemma_ not in self._governing
        return before.lower_ in self.joints or before.like_num or before.pos_ in ("VERB", "PUNCT", "ADV", "PART")

    def in_clause(self, cue: Cue) -> list[int]:
        """The findings in the clause of a cue, on the sides it looks to, and in a list that goes on from there."""
        found = []
        for i, finding in enumerate(self.findings):
            over = finding.start < cue.end and cue.start < finding.end
            ahead = cue.forward and finding.start >= cue.end and self._clear(cue.end, finding.start)
            behind = cue.backward and finding.end <= cue.start and self._told_together(finding.end, cue.start)
            if over or ahead or behind:
                found.append(i)
        return found

    def _clear(self, start: int, end: int) -> bool:
        return not self.parted(start, end) and not any(self._doc[i].text in (",", ";") for i in range(start, end))

    def _told_together(self, start: int, end: int) -> bool:
        """Whether a finding and a cue behind it are of one clause; without marks a verb may begin another."""
        verb = self.unmarked and any(token.pos_ == "VERB" for token in self._doc[start:end])
        return not verb and self._clear(start, end)

    def parted(self, start: int, end: int) -> bool:
        """Whether a terminator lies between two places, or a sentence begins."""
        if any(i in self._breaks for i in range(start, end)):
            return True
        return any(self._doc[i].is_sent_start for i in range(start, end + 1) if i < len(self._doc))
