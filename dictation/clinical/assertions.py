"""The component `med_assertions`: whether each finding is present, absent, possible, past, or a relative's.

Cues and their reach follow the ConText idea (Chapman, Harkema): a cue holds for the findings beside it, over lists
joined by commas and conjunctions, up to a terminator or the end of the sentence. Russian adds case: a denial takes
its findings in the genitive or accusative, which keeps it off a neighbour in the nominative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.denied import DeniedStatements
from dictation.clinical.facts import Finding, Section, get, put
from dictation.clinical.findings import NARRATIVE
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import (
    PhraseReader,
    attribute_reading,
    is_abbreviation,
    is_adjective,
    is_noun,
    noun_reading,
)
from dictation.clinical.phrases import Phrases, plain
from dictation.grammar.cues import Cues, cues
from dictation.grammar.findings import FindingRules, finding_rules
from dictation.grammar.syntax import Syntax, syntax

# The most tokens between a cue and the first finding it holds for.
_NEAR = 5


@Language.factory("med_assertions", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> Asserter:  # noqa: ARG001 - spaCy's signature
    return Asserter(cues(language), syntax(language), finding_rules(language))


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue over `[start, end)`; which sides it looks to; the cases its findings may have (any if empty). A
    hidden one denies no finding ("боль не проходит"), only what its verb says; one that is near ("без") takes what stands right behind it."""

    start: int
    end: int
    backward: bool
    forward: bool
    cases: frozenset[str] = frozenset()
    hidden: bool = False
    near: bool = False


class Asserter:
    """Gives the findings of a Doc their status and the wording that decided it."""

    def __init__(self, rules: Cues, grammar: Syntax, findings: FindingRules) -> None:
        self._rules = rules
        self._denied = DeniedStatements(rules, findings, PhraseReader(grammar, findings))
        self._joints = frozenset({",", *grammar.conjunctions, *rules.particles})
        self._genitive = frozenset(grammar.genitive_negations)
        self._prepositions = frozenset(grammar.prepositions)
        self._particles = frozenset(rules.particles)
        self._pseudo = Phrases((words, None) for words in rules.pseudo)
        self._absent = _index(rules.absent)
        self._possible = _index(rules.possible)
        self._historical = _index(rules.historical)
        self._family = _index(rules.family)
        self._told = Phrases((words, None) for words in rules.told)
        self._told_by = frozenset(map(plain, rules.told_by))
        self._terminators = Phrases((words, None) for words in rules.terminators)
        self._lasting = frozenset(map(plain, rules.lasting))

    def __call__(self, doc: Doc) -> Doc:
        findings = get(doc, Finding)
        judged: dict[int, tuple[str, str]] = {}
        page = _Page(doc, findings, get(doc, Section), self._breaks(doc), self._joints)
        statements: list[Finding] = []
        for cue in self._denials(doc, findings):
            reached = [] if cue.hidden else page.reached(cue, judged.keys())
            for number in reached:
                judged[number] = ("absent", _text(doc, cue))
            said = any(statement.start <= cue.start < statement.end for statement in statements)
            if not reached and not said and page.tells(cue.start):
                statement = self._denied.read(
                    doc, cue.start, cue.end, backward=cue.backward, forward=page.open_after(cue)
                )
                if statement is not None and not page.overlapping(statement, judged.keys()):
                    statements.append(statement)
        for cue in self._doubts(doc):
            for number in page.reached(cue, judged.keys()):
                judged[number] = ("possible", _text(doc, cue))
        for cue in self._relatives(doc):
            for number in page.following(cue, judged) if cue.forward else page.reached(cue, judged.keys()):
                judged[number] = ("family", _text(doc, cue))
        for cue in self._past(doc):
            for number in page.in_clause(cue):
                judged.setdefault(number, ("historical", _text(doc, cue)))
        asserted = [self._asserted(doc, page, f, judged.get(i)) for i, f in enumerate(findings)]
        put(doc, Finding, asserted + statements)
        return doc

    def _asserted(self, doc: Doc, page: _Page, finding: Finding, judgement: tuple[str, str] | None) -> Finding:
        if finding.cue is not None:
            return finding
        if judgement is not None:
            return replace(finding, status=judgement[0], cue=judgement[1])
        section = page.section_of(finding)
        if section is not None and section.kind in self._rules.past_sections and not self._lasts(doc, finding):
            return replace(finding, status="historical")
        return finding

    def _lasts(self, doc: Doc, finding: Finding) -> bool:
        """A habit or a chronic disease: what the anamnesis tells of it holds today."""
        words = {plain(word) for word in finding.text.split()}
        near = doc[max(0, finding.start - 2) : min(len(doc), finding.end + 2)]
        words |= {plain(token.lemma_) for token in near}
        return bool(words & self._lasting)

    # Denial.

    def _denials(self, doc: Doc, findings: list[Finding]) -> Iterator[_Cue]:
        hidden = {i for match in self._pseudo.longest(doc) for i in range(match.start, match.end)}
        inside = {i for f in findings for i in range(f.start, f.end)}
        found: list[_Cue] = []
        for match in self._absent.longest(doc):
            first = doc[match.start].lower_
            if match.start in hidden or (match.start in inside and first in self._particles):
                continue
            if match.rule == "before" or self._attributive(doc, match.end - 1):
                found.append(_Cue(match.start, match.end, False, True, frozenset({"gent", "accs"}), near=True))
            else:
                wanted = frozenset({"gent"}) if first in self._genitive else frozenset()
                found.append(_Cue(match.start, match.end, True, True, wanted))
        covered = {i for cue in found for i in range(cue.start, cue.end)}
        for i, token in enumerate(doc[:-1] if len(doc) else ()):
            if token.lower_ not in self._particles or i in covered:
                continue
            end = i + 2
            verb = doc[i + 1]
            participle = verb.tag_.startswith("PRTF") and verb.lemma_ in self._rules.actions
            if verb.pos_ != "VERB" and (i + 1) not in inside and not participle:
                continue
            while end < len(doc) and doc[end].pos_ == "VERB" and end < i + 3:
                end += 1
            wanted = frozenset({"gent"}) if verb.lemma_ in self._rules.existence else frozenset()
            found.append(_Cue(i, end, True, True, wanted, hidden=i in hidden or participle))
        yield from sorted(found, key=lambda cue: cue.start)

    def _attributive(self, doc: Doc, i: int) -> bool:
        """An adjective of the noun behind it ("без отрицательной динамики") speaks of that noun alone."""
        if not is_adjective(doc[i]) or i + 1 >= len(doc) or not is_noun(doc[i + 1]):
            return False
        return attribute_reading(doc[i], noun_reading(doc[i + 1])) is not None

    # Doubt, relatives, the past.

    def _doubts(self, doc: Doc) -> Iterator[_Cue]:
        for match in self._possible.longest(doc):
            yield _Cue(match.start, match.end, match.rule != "before", match.rule != "after")

    def _relatives(self, doc: Doc) -> Iterator[_Cue]:
        told = {i for match in self._told.all(doc) for i in range(match.start, min(len(doc), match.end + 2))}
        for match in self._family.longest(doc):
            after = doc[match.end : match.end + 3]
            if match.start in told or any(plain(token.lemma_) in self._told_by for token in after):
                continue
            start = match.start - (match.start > 0 and doc[match.start - 1].lower_ in self._prepositions)
            yield _Cue(match.start, match.end, False, True)
            if start < match.start:
                yield _Cue(start, match.end, True, False)

    def _past(self, doc: Doc) -> Iterator[_Cue]:
        for match in self._historical.longest(doc):
            yield _Cue(match.start, match.end, match.rule != "before", match.rule != "after")
        for i in range(len(doc) - 2):
            if doc[i].lower_ in self._rules.dated.preposition and doc[i + 1].text[:1].isdigit():
                if doc[i + 2].lemma_ in self._rules.dated.nouns:
                    yield _Cue(i, i + 3, True, True)

    def _breaks(self, doc: Doc) -> frozenset[int]:
        """Tokens over which no cue reaches."""
        return frozenset(match.start for match in self._terminators.all(doc))


class _Page:
    """The findings of a Doc with what lies between them."""

    def __init__(
        self,
        doc: Doc,
        findings: list[Finding],
        sections: list[Section],
        breaks: frozenset[int],
        joints: frozenset[str],
    ) -> None:
        self._doc = doc
        self._findings = findings
        self._sections = sections
        self._breaks = breaks
        self._joints = joints

    def section_of(self, finding: Finding) -> Section | None:
        return next((s for s in self._sections if s.start <= finding.start < s.end), None)

    def tells(self, token: int) -> bool:
        """Whether the token stands in a section that tells how the patient is."""
        section = next((s for s in self._sections if s.start <= token < s.end), None)
        return section is not None and section.kind in NARRATIVE

    def open_after(self, cue: _Cue) -> bool:
        """Whether a cue may look to what follows it: not where it answers what a colon parts from it."""
        return cue.forward and not (cue.start > 0 and self._doc[cue.start - 1].text == ":")

    def overlapping(self, statement: Finding, judged: object) -> bool:
        """Whether a finding that was judged already lies in the statement."""
        return any(
            f.start < statement.end and statement.start < f.end and i in judged  # type: ignore[operator]
            for i, f in enumerate(self._findings)
        )

    def reached(self, cue: _Cue, judged: object) -> list[int]:
        """The findings a cue holds for: the one it lies in, else the list before it, else the list after it."""
        within = [i for i, f in enumerate(self._findings) if f.start < cue.end and cue.start < f.end]
        if within:
            return [i for i in within if i not in judged]  # type: ignore[operator]
        if cue.backward:
            before = self._list(cue, judged, backward=True)
            if before:
                return before
        return self._list(cue, judged, backward=False) if self.open_after(cue) else []

    def _list(self, cue: _Cue, judged: object, *, backward: bool) -> list[int]:
        order = range(len(self._findings) - 1, -1, -1) if backward else range(len(self._findings))
        found: list[int] = []
        edge = cue.start if backward else cue.end
        wanted = cue.cases
        for i in order:
            finding = self._findings[i]
            start, end = (finding.end, edge) if backward else (edge, finding.start)
            if start > end:
                continue
            if i in judged or not self._joined(start, end, first=not found, near=cue.near):  # type: ignore[operator]
                break
            if self._is_sign(finding) or (found and not self._heads_item(finding)):
                break
            own = self._cases(finding)
            if wanted and own and not wanted & own:
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
        if self._parted(start, end) or any(token.pos_ == "VERB" for token in between):
            return False
        marks = {token.text for token in between if not token.text[0].isalnum()}
        if first and near:
            return all(is_adjective(token) or token.pos_ == "ADV" for token in between)
        if first:
            return len(between) <= _NEAR and marks <= {":"} and not self._speaks_of_other(start, end)
        if not marks <= {","}:
            return False
        return len(between) <= _NEAR + 1 and any(token.lower_ in self._joints for token in between)

    def _speaks_of_other(self, start: int, end: int) -> bool:
        """Whether a noun of its own stands between a finding and a cue: the cue is about that one."""
        for i in range(start, end):
            if is_noun(self._doc[i]):
                j = i
                while j > start and is_adjective(self._doc[j - 1]):
                    j -= 1
                if j == 0 or self._doc[j - 1].pos_ not in ("ADP", "NOUN"):
                    return True
        return False

    def _cases(self, finding: Finding) -> frozenset[str]:
        """The cases in which a finding's noun stands; empty where the finding is a verb or a sign."""
        for token in finding.span(self._doc):
            if is_abbreviation(token):
                return frozenset()
            if token.pos_ == "NOUN":
                return cases(token.text)
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
        """Whether the finding begins an item of a list, not the complement of a word before it ("на фоне эритемы")."""
        if finding.start == 0 or self._doc[finding.start].is_sent_start:
            return True
        before = self._doc[finding.start - 1]
        return before.lower_ in self._joints or before.pos_ in ("VERB", "PUNCT", "ADV", "PART")

    def following(self, cue: _Cue, judged: dict[int, tuple[str, str]]) -> list[int]:
        """The findings after a relative, to the end of the sentence or the first that is denied."""
        found: list[int] = []
        position = cue.end
        for i, finding in enumerate(self._findings):
            if finding.start < cue.end:
                continue
            if self._parted(position, finding.start) or judged.get(i, ("",))[0] == "absent":
                break
            found.append(i)
            position = finding.end
        return found

    def in_clause(self, cue: _Cue) -> list[int]:
        """The findings in the clause of a cue, on the sides it looks to, and in a list that goes on from there."""
        found = []
        for i, finding in enumerate(self._findings):
            if finding.start < cue.end and cue.start < finding.end:
                found.append(i)
            elif cue.forward and finding.start >= cue.end and self._clear(cue.end, finding.start):
                found.append(i)
            elif cue.backward and finding.end <= cue.start and self._clear(finding.end, cue.start):
                found.append(i)
        return found

    def _clear(self, start: int, end: int) -> bool:
        return not self._parted(start, end) and not any(self._doc[i].text in (",", ";") for i in range(start, end))

    def _parted(self, start: int, end: int) -> bool:
        """Whether a terminator lies between two places, or a sentence begins."""
        if any(i in self._breaks for i in range(start, end)):
            return True
        return any(self._doc[i].is_sent_start for i in range(start, end + 1) if i < len(self._doc))


def _index(reach: object) -> Phrases[str]:
    return Phrases((words, side) for side in ("before", "after", "around") for words in getattr(reach, side))


def _text(doc: Doc, cue: _Cue) -> str:
    return str(doc[cue.start : cue.end].text.lower())
