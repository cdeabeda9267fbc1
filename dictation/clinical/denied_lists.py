"""Lists under one denial: where they begin, and where no cut may fall inside them.

"Туберкулёз, гепатит, аллергию отрицает" is one statement: parted from its denial, "туберкулёз" would be affirmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from spacy.tokens import Doc, Token

from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import PhraseReader, is_adjective, is_head, is_noun, phrase_cases
from dictation.clinical.phrases import Phrases
from dictation.clinical.titles import MARKS, STOPS, without_marks
from dictation.grammar.cues import Cues, cues
from dictation.grammar.findings import FindingRules, finding_rules
from dictation.grammar.syntax import Syntax, syntax

# So far before a cue its list may begin.
_REACH = 6
# Cases of what a verb denies of a person.
_OBJECT = frozenset({"gent", "accs", "ablt"})


class DeniedLists:
    """Finds denials that follow what they deny, and the lists before them."""

    def __init__(self, cues: Cues, grammar: Syntax, findings: FindingRules) -> None:
        self._denials = Phrases((words, None) for words in cues.absent.around)
        self._particles = frozenset(cues.particles)
        self._genitive = frozenset(grammar.genitive_negations)
        self._transitive = frozenset(cues.transitive)
        self._persons = frozenset(cues.persons)
        self._conjunctions = frozenset(grammar.conjunctions)
        self._governing = frozenset(grammar.governing)
        self._findings = findings
        self._reader = PhraseReader(grammar, findings)

    def denials(self, doc: Doc) -> Iterator[tuple[int, int]]:
        """Denials as stretches of tokens: set wordings, and a particle with its verb; but those before their list
        ("не отмечает ни отёков, ни одышки")."""
        found = [(match.start, match.end) for match in self._denials.longest(doc)]
        for i in range(len(doc) - 1):
            if doc[i].lower_ in self._particles and doc[i + 1].pos_ == "VERB":
                found.append((i, i + 2))
        for start, end in found:
            listed = self._opens_list(doc, end)
            if not listed:
                yield start, end

    def _opens_list(self, doc: Doc, i: int) -> bool:
        """Whether "ни" and a finding stand at the token."""
        if i >= len(doc) or doc[i].lower_ not in self._particles:
            return False
        head = next((j for j in range(i + 1, len(doc)) if not is_adjective(doc[j])), None)
        return head is not None and is_head(doc[head], self._findings)

    def ties(self, doc: Doc) -> frozenset[int]:
        """Tokens before which no clause may begin: inside a list, or between it and its denial."""
        bare = without_marks(doc)
        found: set[int] = set()
        for cue, _ in self.denials(doc):
            first = self.first_denied(doc, cue, 0) if bare else self._first_of_items(doc, cue)
            if first is not None:
                found.update(range(first + 1, cue + 1))
        return frozenset(found)

    def first_denied(self, doc: Doc, cue: int, floor: int) -> int | None:
        """Where the list of findings that ends at the cue begins; None where none stands there. Findings without a
        conjunction between them are of the list where all may stand in one of the cases that the cue governs."""
        run = self._cases_denied(doc, cue)
        first: int | None = None
        nearest: int | None = None
        edge = cue
        while True:
            head = self._head_before(doc, edge, floor)
            if head is None and first is None and edge == cue:
                edge = self._before_time(doc, cue, floor)
                head = self._head_before(doc, edge, floor)
            if head is None:
                break
            phrase = self._reader.around(doc, head)
            joined = first is None or edge < first
            own = phrase_cases(doc, phrase)
            if first is None and own is not None and self._told_of_person(doc, cue) and not own & _OBJECT:
                break
            if not joined and not (own is None or own & run):
                break
            if not joined and "gent" not in run and self._told_of(doc, phrase.start, floor):
                break
            before = doc[phrase.start - 1] if phrase.start > floor else None
            if before is not None and (before.lemma_ in self._governing or (not joined and before.pos_ == "ADP")):
                break
            if not joined and own is not None and "gent" not in own & run and self._is_object(doc, phrase.start):
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

    def _first_of_items(self, doc: Doc, cue: int) -> int | None:
        """The same where commas part the items: back over those that hold a noun in a case denied and no verb."""
        run = self._cases_denied(doc, cue)
        first: int | None = None
        end = cue
        while run:
            start = end
            while start > 0 and doc[start - 1].text not in MARKS:
                start -= 1
            told = any(doc[i].pos_ == "VERB" or doc[i].lower_ in self._genitive for i in range(start, end))
            head = next((doc[i] for i in range(start, end) if is_noun(doc[i])), None)
            if told or head is None or _governed(doc, head.i, start) or not self._is_item(head, run):
                break
            first = start
            if start == 0 or doc[start - 1].text in STOPS or doc[start - 1].text != ",":
                break
            end = start - 1
        return first

    def _is_item(self, noun: Token, run: frozenset[str]) -> bool:
        """Whether a noun may be denied in one of the cases: a genitive, or in the accusative what is a finding."""
        own = cases(noun.text)
        return not own or bool(own & run and ("gent" in own & run or is_head(noun, self._findings)))

    def _cases_denied(self, doc: Doc, cue: int) -> frozenset[str]:
        """The cases in which findings that stand side by side are all denied by the cue; none for one that has a
        subject ("сыпь отсутствует")."""
        if doc[cue].lemma_ in self._transitive:
            return frozenset({"gent", "accs"})
        denies = doc[cue].lower_ in self._genitive or doc[cue].lower_ in self._particles
        return frozenset({"gent"}) if denies else frozenset()

    def _told_of_person(self, doc: Doc, cue: int) -> bool:
        """Whether the denied verb has a person for its subject: "астма | не курит"."""
        return doc[cue].lower_ in self._particles and doc[cue + 1].lemma_ in self._persons

    def _is_object(self, doc: Doc, i: int) -> bool:
        """Whether a verb right before the place has what begins there ("перенёс грипп")."""
        return i > 0 and doc[i - 1].pos_ == "VERB" and doc[i - 1].lemma_ not in self._transitive

    def _told_of(self, doc: Doc, i: int, floor: int) -> bool:
        """Whether a noun that is no finding stands before the place ("у родителей ожирение")."""
        return i > floor and doc[i - 1].pos_ == "NOUN" and not is_head(doc[i - 1], self._findings)

    def _head_before(self, doc: Doc, edge: int, floor: int) -> int | None:
        """The nearest finding whose phrase ends at the edge."""
        for i in range(edge - 1, max(floor, edge - _REACH) - 1, -1):
            if doc[i].pos_ == "VERB" or doc[i].text in MARKS:
                return None
            if is_noun(doc[i]) and is_head(doc[i], self._findings) and self._reader.complement_end(doc, i) == edge:
                return self._governor(doc, i, edge, floor)
        return None

    def _before_time(self, doc: Doc, i: int, floor: int) -> int:
        """Back over adverbs and a phrase of time before a denial ("обмороков за последний месяц не было")."""
        while i > floor and doc[i - 1].pos_ == "ADV":
            i -= 1
        j = i - 1
        if j > floor and doc[j].lemma_ in self._findings.circumstance:
            while j > floor and (is_adjective(doc[j - 1]) or doc[j - 1].like_num or doc[j - 1].pos_ == "NUM"):
                j -= 1
            if j > floor and doc[j - 1].pos_ == "ADP":
                return j - 1
        return i

    def _governor(self, doc: Doc, head: int, edge: int, floor: int) -> int:
        """The noun that has the finding for its complement ("нарушений мочеиспускания", "кровь в моче"), else the
        finding itself."""
        before = self._reader.around(doc, head).start - 1
        if before > floor and doc[before].pos_ == "ADP":
            before -= 1
        governs = before >= floor and is_noun(doc[before]) and is_head(doc[before], self._findings)
        return before if governs and self._reader.complement_end(doc, before) == edge else head


def _governed(doc: Doc, i: int, floor: int) -> bool:
    """Whether a preposition stands before the noun and its attributes ("у сестры")."""
    while i > floor and is_adjective(doc[i - 1]):
        i -= 1
    return i > floor and doc[i - 1].pos_ == "ADP"


@cache
def denied_lists(language: str) -> DeniedLists:
    return DeniedLists(cues(language), syntax(language), finding_rules(language))
