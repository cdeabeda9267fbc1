"""The component `med_examinations`: tests, procedures and consultations that are ordered."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spacy.language import Language
from spacy.tokens import Doc, Token

from dictation.clinical.facts import Examination, Section, get, put
from dictation.clinical.morphology import cases, inflect, parses
from dictation.clinical.noun_phrase import (
    NounPhrase,
    attribute_reading,
    is_adjective,
    is_noun,
    noun_reading,
    phrase_cases,
)
from dictation.clinical.phrases import Phrases, plain
from dictation.clinical.titles import MARKS, STOPS
from dictation.grammar.examinations import ExaminationRules, examination_rules
from dictation.grammar.orthography import orthography
from dictation.grammar.syntax import Syntax, syntax

_SECTION = "examinations"
# Cases in which an order names its examination: it stands in one of them, not in what depends on another.
_ORDERED = frozenset({"nomn", "accs"})


@Language.factory("med_examinations", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> ExaminationFinder:  # noqa: ARG001 - spaCy's signature
    written = {word.lower(): word for word in orthography(language).capitals}
    return ExaminationFinder(examination_rules(language), syntax(language), written)


class ExaminationFinder:
    """Leaves `Examination` facts: every item of the section of examinations, known names in a few others."""

    def __init__(self, rules: ExaminationRules, grammar: Syntax, abbreviations: dict[str, str]) -> None:
        self._names = Phrases(((name, kind) for kind, names in rules.names.items() for name in names), inflected=True)
        self._words = frozenset(word.lower() for name in rules.all_names() for word in name.split())
        self._only_there = frozenset(rules.only_in_section)
        self._also_in = frozenset(rules.also_in)
        self._ends = frozenset(map(plain, rules.ends))
        self._leads = frozenset(map(plain, rules.leads))
        self._towards = frozenset(map(plain, rules.towards))
        self._orders = frozenset(map(plain, rules.orders))
        self._ordering = frozenset(map(plain, rules.ordering))
        self._samples = frozenset(map(plain, rules.samples))
        self._sampled_for = frozenset(rules.sampled_for)
        self._unwanted = Phrases((words, None) for words in rules.unwanted)
        self._visits = frozenset(map(plain, rules.visits))
        self._specialists = frozenset(map(plain, rules.specialists))
        self._consultation = rules.consultation
        self._conjunctions = frozenset(grammar.conjunctions)
        self._prepositions = frozenset(grammar.prepositions)
        self._abbreviations = abbreviations

    def __call__(self, doc: Doc) -> Doc:
        matches = self._names.longest(doc)
        known = {match.start: match.end for match in matches}
        anywhere = {match.start for match in matches if match.rule not in self._only_there}
        unwanted = frozenset(match.start for match in self._unwanted.all(doc))
        found = []
        for section in get(doc, Section):
            if section.kind != _SECTION and section.kind not in self._also_in:
                continue
            consulted = False
            for start, end in self._items(doc, section, known):
                if unwanted.intersection(range(start, end)):
                    continue
                listed = consulted and end == start + 1 and self._is_specialist(doc[start])
                ordered = start in known and self._is_ordered(doc, section.start, start)
                if not (start in anywhere or section.kind == _SECTION or listed or ordered):
                    consulted = False
                    continue
                text = self._text(doc, start, end)
                if text:
                    found.append(Examination(start, end, text=text))
                consulted = listed or plain(doc[start].lemma_) == self._consultation
        put(doc, Examination, found)
        return doc

    def _is_ordered(self, doc: Doc, floor: int, i: int) -> bool:
        """Whether the last verb before the token in its sentence is one of ordering ("сдать ферритин, кальций")."""
        for j in range(i - 1, floor - 1, -1):
            if doc[j].text in STOPS:
                return False
            if doc[j].pos_ == "VERB":
                return plain(doc[j].lemma_) in self._ordering
        return False

    def _items(self, doc: Doc, section: Section, known: dict[int, int]) -> Iterator[tuple[int, int]]:
        """The section's items: parted by marks, by conjunctions between orders, and where a known name begins."""
        starts = {section.start}
        inside = {i for start, end in known.items() for i in range(start + 1, end)}
        ends = frozenset(known.values())
        for i in range(section.start + 1, section.end):
            previous = doc[i - 1]
            another = previous.lower_ in self._conjunctions and self._begins_order(doc, i, known)
            told = section.kind != _SECTION and i in known and plain(previous.lemma_) in self._ordering
            named = i not in inside and (i in known or self._is_order(doc[i])) and self._stands_alone(doc, i, ends)
            if previous.text in MARKS or another or told:
                starts.add(i)
            elif named:
                starts.add(self._with_attributes(doc, i, section.start, inside))
        for start, end in zip(sorted(starts), [*sorted(starts)[1:], section.end], strict=True):
            first, last = self._trimmed(doc, start, end, known)
            if first < last and not self._only_announces(doc, first, last, section.end):
                yield first, last

    def _begins_order(self, doc: Doc, i: int, known: dict[int, int]) -> bool:
        """After "и": another order, not another organ of the same one ("печени и почек")."""
        if i in known or self._is_specialist(doc[i]):
            return True
        if not doc[i].is_alpha or doc[i].pos_ not in ("NOUN", "ADJ", "X"):
            return False
        own = cases(doc[i].text)
        return bool(own & _ORDERED) and not ("gent" in own and i > 1 and "gent" in cases(doc[i - 2].text))

    def _is_order(self, token: Token) -> bool:
        lemma = plain(token.lemma_)
        taken = token.i + 1 < len(token.doc) and token.doc[token.i + 1].lower_ in self._sampled_for
        named = lemma in self._orders or (lemma in self._samples and taken and "nomn" in cases(token.text))
        return named and bool(cases(token.text) & _ORDERED)

    def _is_specialist(self, token: Token) -> bool:
        return plain(token.lemma_) in self._specialists

    def _with_attributes(self, doc: Doc, i: int, floor: int, inside: Collection[int]) -> int:
        """Where an order begins whose noun stands at the token ("повторный анализ")."""
        noun = noun_reading(doc[i])
        while (
            i - 1 > floor
            and i - 1 not in inside
            and is_adjective(doc[i - 1])
            and attribute_reading(doc[i - 1], noun) is not None
        ):
            i -= 1
        return i

    def _stands_alone(self, doc: Doc, i: int, ends: Collection[int]) -> bool:
        """A known name that does not depend on the words before it ("кровь на ферритин" is one order, and so is
        "креатинин с расчётом скорости клубочковой фильтрации"); `ends` are where known names end."""
        previous = doc[i - 1]
        if previous.lower_ in self._prepositions or previous.lower_ in self._leads:
            return False
        if not self._is_order(doc[i]) and is_adjective(previous):
            return attribute_reading(previous, noun_reading(doc[i])) is None
        # Of a word that no dictionary has ("кортизол") any reading may be meant.
        known = is_noun(doc[i]) and any(parse.is_known for parse in parses(doc[i].text))
        own = phrase_cases(doc, NounPhrase(i, i, i + 1)) if known else cases(doc[i].text)
        governs = i not in ends or plain(previous.lemma_) in self._orders
        if known and own and "gent" in own and is_noun(previous) and governs:
            return False
        return not own or bool(own & _ORDERED)

    def _only_announces(self, doc: Doc, start: int, end: int, limit: int) -> bool:
        """Whether a word for a consultation stands alone before the specialists ("Консультации. Окулист")."""
        rest = (doc[i] for i in range(end, limit) if doc[i].text not in MARKS)
        following = next(rest, None)
        alone = end == start + 1 and plain(doc[start].lemma_) == self._consultation
        return alone and following is not None and self._is_specialist(following)

    def _trimmed(self, doc: Doc, start: int, end: int, known: dict[int, int]) -> tuple[int, int]:
        while start < end and (self._leading(doc[start]) or doc[start].text in MARKS):
            start += 1
        named = known.get(start, start + 1)
        stop = next((i for i in range(named, end) if self._ends_order(doc, i)), end)
        while stop > start and (doc[stop - 1].text in MARKS or doc[stop - 1].lower_ in self._conjunctions):
            stop -= 1
        return start, stop

    def _ends_order(self, doc: Doc, i: int) -> bool:
        """Whether what follows is no part of the order's name: when and what for; "к" only before a visit."""
        if plain(doc[i].lower_) in self._ends:
            return True
        towards = plain(doc[i].lower_) in self._towards
        return towards and any(plain(token.lemma_) in self._visits for token in doc[i + 1 : i + 4])

    def _leading(self, token: Token) -> bool:
        return bool({plain(token.lower_), plain(token.lemma_)} & self._leads)

    def _text(self, doc: Doc, start: int, end: int) -> str:
        """The order in the nominative, in lower case but for abbreviations and names inside it; empty without a
        noun."""
        head = next(
            (i for i in range(start, end) if is_noun(doc[i]) or (doc[i].pos_ == "X" and doc[i].is_alpha)), None
        )
        if head is None:
            return ""
        if end == start + 1 and self._is_specialist(doc[head]):
            return f"{self._consultation} {inflect(noun_reading(doc[head]), 'gent')}"
        noun = noun_reading(doc[head])
        number, gender = noun.tag.number, noun.tag.gender
        words = []
        for i in range(start, end):
            token = doc[i]
            written = self._abbreviations.get(token.lower_)
            attribute = attribute_reading(token, noun) if i < head else None
            if plain(token.lemma_) == self._consultation and i == start:
                words.append(self._consultation)
            elif written or (token.is_upper and len(token.text) > 1):
                words.append(written or token.text)
            elif token.lower_ in self._words:
                words.append(token.lower_ if i == start else token.text)
            elif i == head and noun.tag.case and "nomn" not in cases(token.text):
                words.append(inflect(noun, "nomn", number))
            elif attribute is not None and "nomn" not in (attribute.tag.case,):
                words.append(inflect(attribute, "nomn", number, gender))
            else:
                words.append(token.lower_ if i == start else token.text)
        return _joined(doc, start, words)


def _joined(doc: Doc, start: int, words: list[str]) -> str:
    """Words with the spaces of the text."""
    parts = [word + doc[start + i].whitespace_ for i, word in enumerate(words)]
    return "".join(parts).strip()
