"""Signs: what is said of an organ ("миндалины гиперемированы", "живот мягкий, болезненный")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc, Token

from dictation.clinical.facts import Finding, Section
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
from dictation.clinical.titles import MARKS, STOPS, without_marks
from dictation.grammar.findings import FindingRules
from dictation.grammar.syntax import Syntax


@dataclass(slots=True)
class Reading:
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


class SignReader:
    """Reads the signs of a section, each as a noun with the organ in the genitive."""

    def __init__(self, rules: FindingRules, grammar: Syntax, reader: PhraseReader) -> None:
        self._rules = rules
        self._reader = reader
        self._conjunctions = frozenset(grammar.conjunctions)
        self._sides = frozenset(grammar.sides)
        self._prepositions = grammar.prepositions

    def read(self, reading: Reading) -> None:
        """Adds the signs of the section to the reading."""
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

    def _subject(self, reading: Reading, sign: int) -> NounPhrase | None:
        """What the sign is said of: a noun in the nominative before it, or the noun that it is the attribute of."""
        doc, section = reading.doc, reading.section
        following = self._attributed(doc, sign, section.end)
        if following is not None:
            governed = sign > section.start and is_noun(doc[sign - 1])
            if governed or is_head(doc[following], self._rules):
                return None
            return NounPhrase(sign + 1, following, self._reader.complement_end(doc, following))
        start = sign
        while start > section.start and start - 1 not in reading.taken and self._in_subject(doc[start - 1]):
            start -= 1
        subjects = list(self._subjects(doc, start, sign))
        agreeing = [phrase for phrase in subjects if _agrees(doc[sign], noun_reading(doc[phrase.head]))]
        if agreeing:
            return agreeing[-1]
        return (
            self._coordinated(doc, section.start, start, sign)
            or (subjects[0] if subjects else None)
            or self._behind(doc, sign, section.end)
        )

    def _coordinated(self, doc: Doc, floor: int, start: int, sign: int) -> NounPhrase | None:
        """A subject whose complement is joined by a conjunction ("конъюнктива век и глазных яблок")."""
        if start <= floor or doc[start - 1].lower_ not in self._conjunctions:
            return None
        for i in range(start - 2, floor - 1, -1):
            if doc[i].text in MARKS or doc[i].pos_ == "VERB":
                return None
            if is_noun(doc[i]) and _agrees(doc[sign], noun_reading(doc[i])) and "nomn" in _noun_cases(doc[i]):
                phrase = self._reader.around(doc, i)
                return phrase if phrase.end == sign else None
        return None

    def _behind(self, doc: Doc, sign: int, end: int) -> NounPhrase | None:
        """The subject right behind a verb or short form ("отекают голени", "увеличены подчелюстные лимфоузлы")."""
        i = sign + 1
        while i < end and is_adjective(doc[i]):
            i += 1
        predicate = doc[sign].pos_ == "VERB" or doc[sign].tag_.startswith(("ADJS", "PRTS"))
        if not predicate or i >= end or not is_noun(doc[i]) or is_head(doc[i], self._rules):
            return None
        nouns = (p for p in parses(doc[i].text) if p.tag.POS == "NOUN" and case_of(p) == "nomn")
        if not any(_agrees(doc[sign], noun) for noun in nouns):
            return None
        phrase = self._reader.around(doc, i)
        return NounPhrase(max(sign + 1, phrase.start), i, min(phrase.end, end))

    def _subjects(self, doc: Doc, start: int, sign: int) -> Iterator[NounPhrase]:
        """Nouns that may be the subject of a sign, in text order."""
        i = start
        while i < sign:
            named = is_noun(doc[i]) or i + 1 == sign
            if named and "nomn" in _noun_cases(doc[i]) and not self._after_preposition(doc, i):
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
            if self._said_before(doc, sign, following, end):
                return None
            return following if attribute_reading(doc[sign], noun) is not None else None
        return None

    def _said_before(self, doc: Doc, sign: int, noun: int, end: int) -> bool:
        """Whether no mark parts "кожа бледная | ногти ломкие": what follows has a sign of its own."""
        before = sign - 1
        if before < 0 or noun + 1 >= end or not without_marks(doc) or "nomn" not in _noun_cases(doc[before]):
            return False
        own, other = noun_reading(doc[before]), noun_reading(doc[noun])
        return (
            self._sign(doc[noun + 1])[0] is not None
            and attribute_reading(doc[sign], own) is not None
            and attribute_reading(doc[noun + 1], other) is not None
        )

    def _in_subject(self, token: Token) -> bool:
        if not token.is_alpha or token.lower_ in self._conjunctions:
            return False
        return token.pos_ in ("NOUN", "ADJ", "ADP", "ADV", "PART", "X") or token.lower_ in self._sides

    def _after_preposition(self, doc: Doc, i: int) -> bool:
        while i > 0 and (is_adjective(doc[i - 1]) or doc[i - 1].text[0].isdigit()):
            i -= 1
        return i > 0 and doc[i - 1].lower_ in self._prepositions

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

    def _sign_of(self, reading: Reading, sign: int, noun: str, status: str, subject: NounPhrase) -> None:
        doc = reading.doc
        place = self._reader.complement_end(doc, sign) if subject.head < sign else sign + 1
        tail = self._reader.tail(doc, sign + 1, place) if subject.head < sign else ""
        number = chosen(doc[sign]).tag.number
        of = self._reader.inflected(doc, subject, "gent", number=str(number) if number else None)
        text = " ".join(part for part in (noun, of, tail) if part)
        start, end = min(subject.start, sign), max(subject.end, place)
        if subject.end <= sign and any(token.text in MARKS for token in doc[subject.end : sign]):
            start = sign
        cue = doc[sign].lower_ if status == "absent" else None
        reading.add(start, end, text, sign, status, cue)
        reading.taken.update(range(sign, place))

    def _function(self, reading: Reading, subject: NounPhrase, quality: int) -> None:
        """ "Дыхание жёсткое" is "жёсткое дыхание"."""
        doc = reading.doc
        if doc[subject.head].lemma_ not in self._rules.functions or subject.head + 1 != quality:
            return
        if attribute_reading(doc[quality], noun_reading(doc[subject.head])) is None:
            return
        name = self._reader.inflected(doc, subject, "nomn", complement=False)
        reading.add(subject.start, quality + 1, f"{doc[quality].lower_} {name}", quality)
        reading.taken.add(subject.head)


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
