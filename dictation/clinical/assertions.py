"""The component `med_assertions`: whether each finding is present, absent, possible, past, or a relative's.

Cues and their reach follow the ConText idea (Chapman, Harkema): a cue holds for the findings beside it, over lists
joined by commas and conjunctions, up to a terminator or the end of the sentence. Russian adds case: a denial takes
its findings in the genitive or accusative, which keeps it off a neighbour in the nominative.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.denied import DeniedStatements
from dictation.clinical.facts import Finding, Section, get, put
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import (
    PhraseReader,
    attribute_reading,
    is_adjective,
    is_noun,
    noun_reading,
)
from dictation.clinical.phrases import Phrases, plain
from dictation.clinical.reach import Cue, Page
from dictation.clinical.relatives import Relatives
from dictation.grammar.allergens import AllergyRules, allergy_rules
from dictation.grammar.cues import Cues, cues
from dictation.grammar.findings import FindingRules, finding_rules
from dictation.grammar.syntax import Syntax, syntax


@Language.factory("med_assertions", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> Asserter:  # noqa: ARG001 - spaCy's signature
    return Asserter(cues(language), syntax(language), finding_rules(language), allergy_rules(language))


class Asserter:
    """Gives the findings of a Doc their status and the wording that decided it."""

    def __init__(self, rules: Cues, grammar: Syntax, findings: FindingRules, allergies: AllergyRules) -> None:
        self._rules = rules
        self._reader = PhraseReader(grammar, findings)
        self._circumstance = findings.circumstance
        self._lacks = findings.lacks
        self._denied = DeniedStatements(rules, findings, self._reader)
        self._joints = frozenset({",", *grammar.conjunctions, *rules.particles})
        self._genitive = frozenset(grammar.genitive_negations)
        self._prepositions = frozenset(grammar.prepositions)
        self._particles = frozenset(rules.particles)
        self._pseudo = Phrases((words, None) for words in rules.pseudo)
        self._absent = _index(rules.absent)
        self._possible = _index(rules.possible)
        self._historical = _index(rules.historical)
        self._family = _index(rules.family)
        self._contacts = Phrases((words, None) for words in rules.contacts)
        self._told = Phrases((words, None) for words in rules.told)
        self._told_by = frozenset(map(plain, rules.told_by))
        self._terminators = Phrases((words, None) for words in rules.terminators)
        self._governing = frozenset(grammar.governing)
        self._allergies = allergies
        self._reactions = frozenset(map(plain, allergies.reactions)) - frozenset(map(plain, allergies.past_reaction))
        self._lasting = frozenset(map(plain, rules.lasting))

    def __call__(self, doc: Doc) -> Doc:
        findings = get(doc, Finding)
        judged: dict[int, tuple[str, str]] = {}
        page = Page(doc, findings, get(doc, Section), self._breaks(doc), self._joints, self._governing)
        statements: list[Finding] = []
        for cue in self._denials(doc, findings):
            reached = [] if cue.hidden else page.reached(cue, judged)
            for number in reached:
                judged[number] = ("absent", _text(doc, cue))
            said = any(statement.start <= cue.start < statement.end for statement in statements)
            if not reached and not said and page.tells(cue.start):
                statement = self._denied.read(
                    doc, cue.start, cue.end, backward=cue.backward, forward=page.open_after(cue)
                )
                if statement is not None and not page.overlapping(statement, judged):
                    statements.append(statement)
                    for number in page.reached(self._list_before(doc, cue, statement), judged):
                        judged[number] = ("absent", _text(doc, cue))
        for cue in self._doubts(doc, frozenset(finding.start for finding in findings)):
            for number in page.reached(cue, judged):
                judged[number] = ("possible", _text(doc, cue))
        doubted: set[int] = set()
        dates = frozenset(i for i in range(len(doc) - 2) if self._is_dated(doc, i))
        relatives = Relatives(doc, page, self._rules, dates)
        for cue in self._relatives(doc):
            own, unsure = relatives.own(cue, judged)
            doubted.update(unsure)
            for number in own:
                judged[number] = ("family", _text(doc, cue))
        for match in self._contacts.longest(doc):
            for number in page.reached(Cue(match.start, match.end, False, True), judged)[:1]:
                judged[number] = ("family", str(doc[match.start : match.end].text.lower()))
        for cue in self._past(doc, findings, page, dates):
            for number in page.in_clause(cue):
                judged.setdefault(number, ("historical", _text(doc, cue)))
        asserted = [
            replace(fact, reasons=(*fact.reasons, "uncertain")) if i in doubted else fact
            for i, finding in enumerate(findings)
            if (fact := self._asserted(doc, page, finding, judged.get(i))) and not self._is_reaction(doc, page, fact)
        ]
        put(doc, Finding, asserted + statements)
        return doc

    def _asserted(self, doc: Doc, page: Page, finding: Finding, judgement: tuple[str, str] | None) -> Finding:
        if finding.cue is not None:
            return finding
        if judgement is not None:
            return replace(finding, status=judgement[0], cue=judgement[1])
        section = page.section_of(finding)
        if section is not None and section.kind in self._rules.past_sections and not self._lasts(doc, finding):
            return replace(finding, status="historical")
        return finding

    def _is_reaction(self, doc: Doc, page: Page, finding: Finding) -> bool:
        """A reaction to a substance is the allergy's, not a finding of its own."""
        section = page.section_of(finding)
        if section is None or section.kind != self._allergies.section or finding.status == "absent":
            return False
        head = next((token for token in finding.span(doc) if is_noun(token)), None)
        return head is not None and plain(head.lemma_) in self._reactions

    def _lasts(self, doc: Doc, finding: Finding) -> bool:
        """A habit or a chronic disease: what the anamnesis tells of it holds today."""
        words = {plain(word) for word in finding.text.split()}
        near = doc[max(0, finding.start - 2) : min(len(doc), finding.end + 2)]
        words |= {plain(token.lemma_) for token in near}
        return bool(words & self._lasting)

    # Denial.

    def _denials(self, doc: Doc, findings: list[Finding]) -> Iterator[Cue]:
        hidden = {i for match in self._pseudo.longest(doc) for i in range(match.start, match.end)}
        inside = {i for f in findings for i in range(f.start, f.end)}
        begun = frozenset(f.start for f in findings)
        found: list[Cue] = []
        for match in self._absent.longest(doc):
            first = doc[match.start].lower_
            lacking = doc[match.start].lemma_ in self._lacks
            if match.start in hidden or (match.start in inside and (first in self._particles or lacking)):
                continue
            if match.rule == "before" or self._attributive(doc, match.end - 1):
                governs = match.end > match.start + 1 and doc[match.end - 1].lower_ in self._prepositions
                wanted = frozenset({"gent", "accs"})
                found.append(Cue(match.start, match.end, False, True, wanted, near=True, governs=governs))
            else:
                wanted = frozenset({"gent"}) if first in self._genitive else frozenset()
                if doc[match.start].lemma_ in self._rules.transitive:
                    wanted = frozenset({"gent", "accs"})
                forward = not self._has_object(doc, match.start, inside)
                backward = not self._lists_after(doc, match.end, begun)
                found.append(Cue(match.start, match.end, backward, forward or not backward, wanted))
        covered = {i for cue in found for i in range(cue.start, cue.end)}
        covered |= {i for match in self._possible.longest(doc) for i in range(match.start, match.end)}
        for i, token in enumerate(doc[:-1] if len(doc) else ()):
            if token.lower_ not in self._particles or i in covered:
                continue
            end = i + 2
            verb = doc[i + 1]
            participle = verb.tag_.startswith("PRTF") and verb.lemma_ in self._rules.actions
            if verb.pos_ != "VERB" and (i + 1) not in inside and not participle:
                continue
            while end < min(len(doc), i + 3) and doc[end].pos_ == "VERB" and not doc[end].is_sent_start:
                end += 1
            wanted = frozenset({"gent"}) if verb.lemma_ in self._rules.existence else frozenset()
            forward = not self._has_object(doc, i, inside)
            backward = not self._lists_after(doc, end, begun)
            found.append(Cue(i, end, backward, forward or not backward, wanted, hidden=i in hidden or participle))
        yield from sorted(found, key=lambda cue: cue.start)

    def _list_before(self, doc: Doc, cue: Cue, statement: Finding) -> Cue:
        """The denial of a noun as one of the list that ends with it ("тошноты, посторонних запахов не бывает")."""
        start = statement.start - 1
        ends = start > 0 and doc[start].lower_ in self._joints and start + 1 < cue.start
        listed = ends and any("gent" in cases(token.text) for token in doc[start + 1 : cue.start] if is_noun(token))
        return Cue(start if listed else cue.start, cue.end, listed, False, cue.cases or frozenset({"gent"}))

    def _lists_after(self, doc: Doc, i: int, begun: frozenset[int]) -> bool:
        """Whether a denial that ends here opens a list of what it denies ("не отмечает ни отёков, ни одышки")."""
        return i < len(doc) and doc[i].lower_ in self._particles and i + 1 in begun

    def _has_object(self, doc: Doc, cue: int, inside: set[int]) -> bool:
        """Whether the denial has what it denies right before it, and that is no finding ("жалоб нет")."""
        i = cue - 1
        while i > 0 and doc[i].pos_ == "ADV" and not doc[i].is_sent_start:
            i -= 1
        if i < 0 or doc[cue].is_sent_start or i in inside or not is_noun(doc[i]):
            return False
        first = self._reader.around(doc, i).start
        free = first == 0 or doc[first].is_sent_start or doc[first - 1].pos_ not in ("ADP", "NOUN")
        return free and "gent" in cases(doc[i].text) and doc[i].lemma_ not in self._circumstance

    def _attributive(self, doc: Doc, i: int) -> bool:
        """An adjective of the noun behind it ("без отрицательной динамики") speaks of that noun alone."""
        if not is_adjective(doc[i]) or i + 1 >= len(doc) or not is_noun(doc[i + 1]):
            return False
        return attribute_reading(doc[i], noun_reading(doc[i + 1])) is not None

    # Doubt, relatives, the past.

    def _doubts(self, doc: Doc, begun: frozenset[int]) -> Iterator[Cue]:
        """Wordings of doubt; one that may stand on either side is of the finding right behind it, else of the one
        before it ("не исключается плеврит", "плеврит не исключается")."""
        for match in self._possible.longest(doc):
            forward = match.rule != "after"
            leads = forward and match.end in begun
            yield Cue(match.start, match.end, match.rule != "before" and not leads, forward)

    def _relatives(self, doc: Doc) -> Iterator[Cue]:
        told = {i for match in self._told.all(doc) for i in range(match.start, min(len(doc), match.end + 2))}
        for match in self._family.longest(doc):
            possessive = match.start > 0 and doc[match.start - 1].lower_ in self._rules.possessive
            after = () if possessive else doc[match.end : match.end + 3]
            if match.start in told or any(plain(token.lemma_) in self._told_by for token in after):
                continue
            yield Cue(match.start, match.end, False, True)
            if possessive:
                yield Cue(match.start - 1, match.end, True, False)

    def _is_dated(self, doc: Doc, i: int) -> bool:
        numbered = doc[i].lower_ in self._rules.dated.preposition and doc[i + 1].text[:1].isdigit()
        return numbered and doc[i + 2].lemma_ in self._rules.dated.nouns

    def _past(self, doc: Doc, findings: list[Finding], page: Page, dates: frozenset[int]) -> Iterator[Cue]:
        """Wordings for the past and dates; without marks a date right before a finding is of that one."""
        for match in self._historical.longest(doc):
            yield Cue(match.start, match.end, match.rule != "before", match.rule != "after")
        for i in sorted(dates):
            opens = page.unmarked and any(finding.start == i + 3 for finding in findings)
            yield Cue(i, i + 3, not opens, True)

    def _breaks(self, doc: Doc) -> frozenset[int]:
        """Tokens over which no cue reaches."""
        return frozenset(match.start for match in self._terminators.all(doc))


def _index(reach: object) -> Phrases[str]:
    return Phrases((words, side) for side in ("before", "after", "around") for words in getattr(reach, side))


def _text(doc: Doc, cue: Cue) -> str:
    return str(doc[cue.start : cue.end].text.lower())
