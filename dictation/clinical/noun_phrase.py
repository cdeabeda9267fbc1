"""Noun phrases without a parser: what stands around a noun, and the phrase in another case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc, Token

from dictation.clinical.morphology import agrees, case_of, cases, chosen, inflect, is_attribute, parses
from dictation.grammar.findings import FindingRules
from dictation.grammar.syntax import Syntax

_NOT_NOMINAL = frozenset({"ADP", "CCONJ", "PART", "ADV", "VERB"})


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """Tokens `[start, end)` around a noun: agreeing attributes before it, its complement after it."""

    start: int
    head: int
    end: int


class PhraseReader:
    """Reads noun phrases by the rules of one language."""

    def __init__(self, syntax: Syntax, rules: FindingRules) -> None:
        self._syntax = syntax
        self._rules = rules
        self._sides = frozenset(syntax.sides)
        self._conjunctions = frozenset(syntax.conjunctions)

    def around(self, doc: Doc, head: int, taken: frozenset[int] = frozenset()) -> NounPhrase:
        """The phrase of the noun at `head`; it does not reach into `taken` tokens."""
        return NounPhrase(self._first(doc, head), head, self.complement_end(doc, head, taken))

    def _first(self, doc: Doc, head: int) -> int:
        noun = noun_reading(doc[head])
        start = head
        while start > 0 and attribute_reading(doc[start - 1], noun) is not None:
            start -= 1
        return start

    def complement_end(self, doc: Doc, head: int, taken: frozenset[int] = frozenset()) -> int:
        """Where the complement of a noun ends: genitives, one phrase of place or kind, a side."""
        lemma = doc[head].lemma_
        nested = lemma in self._rules.lacks or (lemma in self._rules.incomplete and lemma not in self._rules.unnested)
        end = self._genitives(doc, head + 1, nested, taken)
        end = self._side(doc, end)
        placed = self.place_end(doc, end, taken)
        if placed > end:
            end = self._side(doc, placed)
        return end

    def _side(self, doc: Doc, i: int) -> int:
        return i + 1 if i < len(doc) and doc[i].lower_ in self._sides else i

    def _genitives(self, doc: Doc, i: int, nested: bool, taken: frozenset[int]) -> int:
        """The end of a chain of genitives; another complaint belongs to it only where one is asked for."""
        while True:
            j = i
            while j < len(doc) and j not in taken and _in_case(doc[j], "gent") and is_adjective(doc[j]):
                j += 1
            if j >= len(doc) or j in taken or not _in_case(doc[j], "gent") or is_adjective(doc[j]):
                return i
            lemma = doc[j].lemma_
            if lemma in self._rules.circumstance or lemma in self._syntax.genitive_negations:
                return i
            substance = j == i and lemma in self._rules.substances
            if not nested and not substance and is_head(doc[j], self._rules):
                return i
            nested = False
            i = self._coordinated(doc, j + 1, "gent", taken)

    def _coordinated(self, doc: Doc, i: int, case: str, taken: frozenset[int]) -> int:
        """The end of a noun joined by a conjunction to the one of a case before it ("боязнь света и звука"), where it
        can be neither a subject nor a finding."""
        if i + 1 >= len(doc) or doc[i].lower_ not in self._conjunctions:
            return i
        j = i + 1
        while j < len(doc) and j not in taken and _in_case(doc[j], case) and is_adjective(doc[j]):
            j += 1
        if j >= len(doc) or j in taken or not is_noun(doc[j]) or is_head(doc[j], self._rules):
            return i
        own = phrase_cases(doc, NounPhrase(j, j, j + 1)) or frozenset()
        lemma = doc[j].lemma_
        timed = lemma in self._rules.circumstance or lemma in self._syntax.genitive_negations
        return i if timed or case not in own or "nomn" in own else j + 1

    def place_end(self, doc: Doc, i: int, taken: frozenset[int] = frozenset()) -> int:
        """The end of a phrase of place that begins at `i`; `i` where none does."""
        if i >= len(doc) or doc[i].lower_ not in self._rules.place:
            return i
        governed = self._syntax.prepositions.get(doc[i].lower_, ())
        j = i + 1
        while j < len(doc) and is_adjective(doc[j]) and any(_in_case(doc[j], case) for case in governed):
            j += 1
        if j >= len(doc) or j in taken or not any(_in_case(doc[j], case) for case in governed):
            return i
        if doc[j].lemma_ in self._rules.circumstance or is_adjective(doc[j]):
            return i
        case = next((case for case in governed if _in_case(doc[j], case)), "gent")
        end = self._genitives(doc, j + 1, False, taken)
        return self._coordinated(doc, end, case, taken) if end == j + 1 else end

    def inflected(
        self, doc: Doc, phrase: NounPhrase, case: str, *, complement: bool = True, number: str | None = None
    ) -> str:
        """The phrase with its noun and attributes in a case, side adverbs and idle attributes aside; in a `number`
        that is known of a noun whose form leaves it open."""
        noun = noun_reading(doc[phrase.head])
        singular = case == "nomn" and doc[phrase.head].lemma_ in self._rules.singular
        number = "sing" if singular else _number(doc, phrase, noun, number)
        words = []
        for i in range(phrase.start, phrase.head):
            attribute = attribute_reading(doc[i], noun)
            if attribute is None or attribute.normal_form in self._rules.idle:
                continue
            words.append(_form(doc[i], attribute, case, number, noun.tag.gender))
        words.append(_form(doc[phrase.head], noun, case, number, None))
        if complement:
            words.append(self.tail(doc, phrase.head + 1, phrase.end))
        return " ".join(word for word in words if word)

    def tail(self, doc: Doc, start: int, end: int) -> str:
        """A complement as it was said."""
        return " ".join(token.text for token in doc[start:end] if token.is_alpha or token.text[0].isalnum())


def phrase_cases(doc: Doc, phrase: NounPhrase) -> frozenset[str] | None:
    """The cases in which a noun and the attributes before it may stand together; None for an abbreviation, which
    shows none."""
    if not is_declined(doc[phrase.head]):
        return None
    nouns = [p for p in parses(doc[phrase.head].text) if p.tag.POS == "NOUN" and p.tag.case]
    readings = [p for p in nouns if p.normal_form == doc[phrase.head].lemma_] or nouns
    attributes = [parses(token.text) for token in doc[phrase.start : phrase.head]]
    return frozenset(
        str(case_of(noun))
        for noun in readings
        if all(any(is_attribute(p) and agrees(p, noun) for p in others) for others in attributes)
    )


def is_declined(token: Token) -> bool:
    """Whether a noun shows its case: not an abbreviation or another word that is never declined."""
    return not is_abbreviation(token) and any(p.tag.POS == "NOUN" and "Fixd" not in p.tag for p in parses(token.text))


def is_adjective(token: Token) -> bool:
    return token.is_alpha and not is_abbreviation(token) and is_attribute(chosen(token))


def is_abbreviation(token: Token) -> bool:
    """An abbreviation in capitals: any case, no number."""
    return token.is_alpha and token.text.isupper() and len(token.text) > 1


def is_noun(token: Token) -> bool:
    return token.pos_ == "NOUN" or is_abbreviation(token)


def is_head(token: Token, rules: FindingRules) -> bool:
    """Whether the noun names a complaint, a sign or a disease."""
    lemma = token.lemma_
    if lemma in rules.symptoms or lemma in rules.diseases or lemma in rules.lacks:
        return True
    return (
        is_noun(token)
        and lemma.endswith(rules.disease_endings)
        and lemma not in rules.not_diseases
        and len(lemma) > 4
    )


def noun_reading(token: Token) -> Any:
    """The chosen reading if it is a noun, else the first that is one, else the chosen."""
    reading = chosen(token)
    if reading.tag.POS == "NOUN":
        return reading
    return next((p for p in parses(token.text) if p.tag.POS == "NOUN"), reading)


def attribute_reading(token: Token, noun: Any) -> Any:
    """The reading under which a token is an attribute of the noun, or None."""
    if not token.text[:1].isalpha():
        return None
    attributes = [p for p in parses(token.text) if is_attribute(p)]
    exact = next((p for p in attributes if agrees(p, noun)), None)
    if exact is not None or not attributes:
        return exact
    others = [p for p in noun.lexeme if p.word == noun.word]
    return next((p for p in attributes for other in others if agrees(p, other)), None)


def _number(doc: Doc, phrase: NounPhrase, noun: Any, known: str | None) -> str | None:
    """The number of the phrase: that of an attribute, or one known, where the noun's form leaves it open."""
    for i in range(phrase.start, phrase.head):
        attribute = attribute_reading(doc[i], noun)
        if attribute is not None and attribute.tag.number:
            return str(attribute.tag.number)
    if known and any(p.tag.number == known and p.normal_form == noun.normal_form for p in parses(noun.word)):
        return known
    return str(noun.tag.number) if noun.tag.number else None


def _form(token: Token, reading: Any, case: str, number: str | None, gender: str | None) -> str:
    if is_abbreviation(token):
        return token.text
    if reading.tag.case is None:
        return token.lower_
    if case_of(reading) == case and number in (None, reading.tag.number):
        return str(reading.word)
    return inflect(reading, case, number, gender)


def _in_case(token: Token, case: str) -> bool:
    if is_abbreviation(token):
        return True
    return token.is_alpha and token.pos_ not in _NOT_NOMINAL and case in cases(token.text)
