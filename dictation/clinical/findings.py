"""The component `med_findings`: complaints, signs and diseases as noun phrases, not yet judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Token

from dictation.clinical.facts import Finding, Section, get, put
from dictation.clinical.morphology import case_of, chosen, parses
from dictation.clinical.noun_phrase import (
    NounPhrase,
    PhraseReader,
    attribute_reading,
    is_adjective,
    is_head,
    is_noun,
    noun_reading,
)
from dictation.clinical.outcomes import OutcomeReader
from dictation.clinical.phrases import Match, Phrases
from dictation.clinical.titles import MARKS, STOPS, without_marks
from dictation.grammar.findings import FindingRules, finding_rules
from dictation.grammar.syntax import Syntax, syntax

# The sections that tell how the patient is; what is planned is no finding.
NARRATIVE = frozenset({"complaints", "anamnesis-morbi", "anamnesis-vitae", "allergies", "objective"})


@Language.factory("med_findings", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> FindingFinder:  # noqa: ARG001 - spaCy's signature
    return FindingFinder(finding_rules(language), syntax(language))


@dataclass(slots=True)
class _Reading:
    """One section while it is read: `taken` tokens head or fill a finding already."""

    doc: Doc
    section: Section
    found: list[Finding] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)

    def add(
        self, start: int, end: int, text: str, head: int, status: str = "present", cue: str | None = None
    ) -> None:
        self.found.append(Finding(start, end, text=text, status=status, cue=cue))
        self.taken.add(head)


class FindingFinder:
    """Leaves `Finding` facts, all present but those that a word itself denies."""

    def __init__(self, rules: FindingRules, grammar: Syntax) -> None:
        self._rules = rules
        self._conjunctions = frozenset(grammar.conjunctions)
        self._sides = frozenset(grammar.sides)
        self._prepositions = grammar.prepositions
        self._reader = PhraseReader(grammar, rules)
        self._phrases = Phrases(rules.phrases.items())
        self._inabilities = Phrases(rules.inabilities.items())
        self._outcomes = OutcomeReader(rules, grammar, self._reader)

    def __call__(self, doc: Doc) -> Doc:
        found: list[Finding] = []
        said: list[tuple[Match[str], str | None]] = [
            (match, doc[match.start : match.end].text.lower()) for match in self._inabilities.longest(doc)
        ]
        said += [(match, None) for match in self._phrases.longest(doc)]
        for section in get(doc, Section):
            if section.kind in NARRATIVE:
                found += self._in_section(doc, section, said)
        put(doc, Finding, found)
        return doc

    def _in_section(self, doc: Doc, section: Section, said: list[tuple[Match[str], str | None]]) -> list[Finding]:
        reading = _Reading(doc, section, list(self._outcomes.read(doc, section)))
        reading.taken.update(i for finding in reading.found for i in range(finding.start, finding.end))
        for match, cue in said:
            if section.start <= match.start and match.end <= section.end and match.start not in reading.taken:
                reading.add(match.start, match.end, match.rule, match.start, cue=cue)
                reading.taken.update(range(match.start, match.end))
        self._verbs(reading)
        self._signs(reading)
        self._nouns(reading)
        if section.kind == "complaints" and not without_marks(doc):
            self._bare_items(reading)
        return reading.found

    def _verbs(self, reading: _Reading) -> None:
        for token in reading.section.span(reading.doc):
            noun = self._rules.verbs.get(token.lemma_)
            if noun and token.i not in reading.taken and token.pos_ in ("VERB", "ADJ"):
                reading.add(token.i, token.i + 1, noun, token.i)

    # Signs: what is said of an organ.

    def _signs(self, reading: _Reading) -> None:
        doc, section = reading.doc, reading.section
        subject: NounPhrase | None = None
        for i in range(section.start, section.end):
            token = doc[i]
            if token.text in STOPS:
                subject = None
            if i in reading.taken or not token.is_alpha:
                continue
            noun, status = self._sign(token)
            if noun is None and not (is_adjective(token) or token.pos_ == "ADJ"):
                continue
            own = self._subject(reading, i)
            if noun is None:
                subject = own or subject
                if own is not None and token.lemma_ not in self._rules.normal:
                    self._function(reading, own, i)
                continue
            if own is None and self._attributed(doc, i, section.end) is not None:
                continue
            own = own or self._carried(doc, i, subject)
            if own is not None:
                subject = own
                for organ in self._joined(doc, section.start, subject):
                    self._sign_of(reading, i, noun, status, organ)

    def _sign(self, token: Token) -> tuple[str | None, str]:
        for signs, status in ((self._rules.signs, "present"), (self._rules.denied_signs, "absent")):
            noun = signs.get(token.lower_) or signs.get(token.lemma_)
            if noun:
                return noun, status
        return None, "present"

    def _subject(self, reading: _Reading, sign: int) -> NounPhrase | None:
        """What the sign is said of: a noun in the nominative before it, or the noun that it is the attribute of."""
        doc, section = reading.doc, reading.section
        following = self._attributed(doc, sign, section.end)
        if following is not None:
            governed = sign > section.start and is_noun(doc[sign - 1])
            if governed or is_head(doc[following], self._rules):
                return None
            return NounPhrase(sign + 1, following, self._reader.complement_end(doc, following))
        start = sign
        while start > section.start and self._in_subject(doc[start - 1]):
            start -= 1
        subjects = list(self._subjects(doc, start, sign))
        agreeing = [phrase for phrase in subjects if _agrees(doc[sign], noun_reading(doc[phrase.head]))]
        return (agreeing[-1] if agreeing else subjects[0]) if subjects else None

    def _subjects(self, doc: Doc, start: int, sign: int) -> Iterator[NounPhrase]:
        """Nouns that may be the subject of a sign, in text order."""
        i = start
        while i < sign:
            if is_noun(doc[i]) and "nomn" in _noun_cases(doc[i]) and not self._after_preposition(doc, start, i):
                phrase = self._reader.around(doc, i)
                yield NounPhrase(max(start, phrase.start), i, min(phrase.end, sign))
                i = max(i + 1, phrase.end)
            else:
                i += 1

    def _attributed(self, doc: Doc, sign: int, end: int) -> int | None:
        """The noun that an adjective stands before as its attribute."""
        if not is_adjective(doc[sign]):
            return None
        following = sign + 1
        while following < end and is_adjective(doc[following]):
            following += 1
        if following < end and is_noun(doc[following]):
            noun = noun_reading(doc[following])
            return following if attribute_reading(doc[sign], noun) is not None else None
        return None

    def _in_subject(self, token: Token) -> bool:
        if not token.is_alpha or token.lower_ in self._conjunctions:
            return False
        return token.pos_ in ("NOUN", "ADJ", "ADP", "ADV", "PART", "X") or token.lower_ in self._sides

    def _after_preposition(self, doc: Doc, start: int, i: int) -> bool:
        while i > start and is_adjective(doc[i - 1]):
            i -= 1
        return i > start and doc[i - 1].lower_ in self._prepositions

    def _joined(self, doc: Doc, floor: int, subject: NounPhrase) -> list[NounPhrase]:
        """The organ, and one joined to it ("печень и селезёнка не увеличены")."""
        before = subject.start - 2
        if before < floor or doc[subject.start - 1].lower_ not in self._conjunctions or not is_noun(doc[before]):
            return [subject]
        other = self._reader.around(doc, before)
        if "nomn" not in _noun_cases(doc[before]) or other.start < floor:
            return [subject]
        return [NounPhrase(other.start, before, before + 1), subject]

    def _carried(self, doc: Doc, sign: int, subject: NounPhrase | None) -> NounPhrase | None:
        """ "Простата увеличена, безболезненная": the second sign speaks of the first one's organ."""
        if subject is None:
            return None
        between = doc[subject.end : sign]
        return subject if not any(is_noun(token) for token in between) and len(between) <= 6 else None

    def _sign_of(self, reading: _Reading, sign: int, noun: str, status: str, subject: NounPhrase) -> None:
        doc = reading.doc
        place = self._reader.complement_end(doc, sign) if subject.head < sign else sign + 1
        tail = self._reader.tail(doc, sign + 1, place) if subject.head < sign else ""
        of = self._reader.inflected(doc, subject, "gent")
        text = " ".join(part for part in (noun, of, tail) if part)
        start, end = min(subject.start, sign), max(subject.end, place)
        if subject.end <= sign and any(token.text in MARKS for token in doc[subject.end : sign]):
            start = sign
        cue = doc[sign].lower_ if status == "absent" else None
        reading.add(start, end, text, sign, status, cue)
        reading.taken.update(range(sign, place))

    def _function(self, reading: _Reading, subject: NounPhrase, quality: int) -> None:
        """ "Дыхание жёсткое" is "жёсткое дыхание"."""
        doc = reading.doc
        if doc[subject.head].lemma_ not in self._rules.functions or subject.head + 1 != quality:
            return
        if attribute_reading(doc[quality], noun_reading(doc[subject.head])) is None:
            return
        name = self._reader.inflected(doc, subject, "nomn", complement=False)
        reading.add(subject.start, quality + 1, f"{doc[quality].lower_} {name}", quality)
        reading.taken.add(subject.head)

    # Nouns that are a finding by themselves.

    def _nouns(self, reading: _Reading) -> None:
        doc, section = reading.doc, reading.section
        heads = [
            i
            for i in range(section.start, section.end)
            if i not in reading.taken and doc[i].is_alpha and is_noun(doc[i]) and is_head(doc[i], self._rules)
        ]
        shared = self._shared(doc, heads)
        covered: set[int] = set()
        for head in heads:
            if head in covered:
                continue
            phrase = self._reader.around(doc, head, frozenset(reading.taken))
            covered.update(i for i in heads if phrase.head < i < phrase.end)
            end = min(phrase.end, section.end)
            tail = shared.get(head)
            self._add_noun(reading, NounPhrase(max(phrase.start, section.start), head, end), tail)

    def _add_noun(self, reading: _Reading, phrase: NounPhrase, shared: str | None) -> None:
        doc = reading.doc
        lemma = doc[phrase.head].lemma_
        plainly = all(token.lemma_ in self._rules.idle for token in doc[phrase.start : phrase.head])
        following = self._adverb(doc, phrase)
        if (
            lemma in self._rules.incomplete
            and plainly
            and phrase.end == phrase.head + 1
            and not shared
            and not following
        ):
            return
        if lemma in self._rules.lacks and not any(
            token.lemma_ in self._rules.faculties for token in doc[phrase.head + 1 : phrase.end]
        ):
            return
        attributes = [t for t in doc[phrase.start : phrase.head] if t.lemma_ not in self._rules.idle]
        if lemma in self._rules.functions and attributes and all(t.lemma_ in self._rules.normal for t in attributes):
            return
        text = self._reader.inflected(doc, phrase, "nomn")
        if shared:
            text = f"{text} {shared}"
        if following:
            text = f"{following} {text}"
        if reading.section.kind == "objective":
            where = self._where(reading, phrase)
            if where and where not in text:
                text = f"{text} {where}"
        reading.add(phrase.start, phrase.end, text, phrase.head)

    def _adverb(self, doc: Doc, phrase: NounPhrase) -> str | None:
        """ "Мочеиспускание ночью" is "ночное мочеиспускание"."""
        if phrase.end != phrase.head + 1 or phrase.end >= len(doc):
            return None
        lemma = self._rules.adverbs.get(doc[phrase.end].lower_)
        noun = noun_reading(doc[phrase.head])
        if lemma is None or noun.tag.gender is None:
            return None
        adjective = chosen(Doc(doc.vocab, words=[lemma])[0])
        form = adjective.inflect({"nomn", "sing", noun.tag.gender})
        return str(form.word) if form else None

    def _where(self, reading: _Reading, phrase: NounPhrase) -> str | None:
        """The side or place that the clause begins with ("справа ниже угла лопатки влажные хрипы")."""
        doc = reading.doc
        start = phrase.start
        while start > reading.section.start and doc[start - 1].text not in MARKS:
            start -= 1
        if start == phrase.start:
            return None
        if doc[start].lower_ in self._sides:
            return doc[start].lower_
        whole = self._reader.place_end(doc, start) == phrase.start
        return doc[start].lower_ + doc[start : phrase.start].text[len(doc[start]) :] if whole else None

    def _shared(self, doc: Doc, heads: list[int]) -> dict[int, str]:
        """Complements that stand after the last of several joined heads and belong to all of them."""
        shared: dict[int, str] = {}
        for head, following in zip(reversed(heads[:-1]), reversed(heads[1:]), strict=True):
            start = self._reader.around(doc, following).start
            between = [token.lower_ for token in doc[head + 1 : start]]
            if len(between) != 1 or not (
                between[0] in self._conjunctions or (between[0] == "," and following in shared)
            ):
                continue
            if doc[head].lemma_ not in self._rules.local or doc[following].lemma_ not in self._rules.local:
                continue
            end = self._reader.complement_end(doc, following)
            tail = shared.get(following) or self._reader.tail(doc, following + 1, end)
            if tail:
                shared[head] = tail
        return shared

    # What else the complaints list.

    def _bare_items(self, reading: _Reading) -> None:
        """An item of the complaints in which nothing was known: its first noun."""
        doc = reading.doc
        spans = [(f.start, f.end) for f in reading.found]
        for start, end in _items(doc, reading.section, self._conjunctions):
            if any(s < end and start < e for s, e in spans):
                continue
            if any(token.pos_ == "VERB" for token in doc[start:end]):
                continue
            head = next((i for i in range(start, end) if is_noun(doc[i])), None)
            if (
                head is None
                or doc[head].lemma_ in self._rules.no_complaint
                or doc[head].lemma_ in self._rules.circumstance
            ):
                continue
            if head > start and any(not is_adjective(token) for token in doc[start:head]):
                continue
            phrase = self._reader.around(doc, head)
            self._add_noun(reading, NounPhrase(max(start, phrase.start), head, min(phrase.end, end)), None)


def _items(doc: Doc, section: Section, conjunctions: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = section.start
    for i in range(section.start, section.end):
        if doc[i].text in MARKS or doc[i].lower_ in conjunctions:
            if start < i:
                yield start, i
            start = i + 1
    if start < section.end:
        yield start, section.end


def _noun_cases(token: Token) -> set[str]:
    return {str(case_of(p)) for p in parses(token.text) if p.tag.POS == "NOUN"}


def _agrees(sign: Token, noun: Any) -> bool:
    """Whether a sign may be said of a noun: one number, and in the singular one gender."""
    said = chosen(sign).tag
    if said.number is None or noun.tag.number is None:
        return True
    return said.number == noun.tag.number and (
        said.number == "plur" or said.gender is None or said.gender == noun.tag.gender
    )
