"""Who the patient is, as a note begins with it: it leads to the first section and belongs to none."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dictation.clinical.clauses import Clause
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, noun_reading
from dictation.clinical.phrases import plain
from dictation.grammar.headings import Headings

_ANIMATE = "anim"
_NAMING = frozenset({"Nom", "Gen"})
_BESIDE = "Ins"
# Years.
_OLDEST = 130


class Introductions:
    """Tells the words that only introduce the patient ("Обратился чабан 40 лет", "Женщина 31 года, учитель")."""

    def __init__(self, rules: Headings) -> None:
        self._leads = frozenset(map(plain, rules.lead))
        self._around = frozenset(map(plain, (*rules.lead, *rules.lead_bare, *rules.introducing)))
        self._bare = frozenset(map(plain, rules.lead_bare))
        self._ages = frozenset(rules.ages)
        self._year = rules.dated.noun

    def names(self, doc: Doc, start: int, end: int) -> bool:
        """Whether the words say who the patient is, and how old ("Женщина 61 года на наблюдении")."""
        who = any(plain(token.lemma_) in self._bare or _is_person(token) for token in doc[start:end])
        return who and any(self._is_number_of(doc, i) for i in range(start, end))

    def leads(self, doc: Doc, start: int, end: int) -> bool:
        """Whether the words only lead to others."""
        return all(plain(token.lemma_) in self._leads or not token.is_alpha for token in doc[start:end])

    def only(self, doc: Doc, start: int, end: int) -> bool:
        """Whether the words introduce the patient and say nothing more."""
        return all(self._introduces(doc, i) for i in range(start, end))

    def length(self, doc: Doc, clauses: list[Clause]) -> int:
        """How many clauses at the start of a note are an introduction; the first of them says who and how old."""
        number = 0
        for clause in clauses:
            start, end = clause.start, clause.end
            first = number == 0 and not self.names(doc, start, end)
            if clause.begins or clause.told or first or not self.only(doc, start, end):
                break
            number += 1
        return number if number < len(clauses) else 0

    def end_bare(self, doc: Doc) -> int:
        """Where an introduction at the start of a note without marks ends: behind the age; 0 where there is none."""
        for i in range(1, len(doc)):
            if not self._introduces(doc, i - 1):
                break
            if self._is_number_of(doc, i - 1) and self.names(doc, 0, i + 1):
                return i + 1
        return 0

    def _introduces(self, doc: Doc, i: int) -> bool:
        token = doc[i]
        if token.like_num:
            return self._is_number_of(doc, i)
        if not token.is_alpha or {plain(token.lower_), plain(token.lemma_)} & self._around or _is_person(token):
            return True
        if _BESIDE in token.morph.get("Case", []) and _ANIMATE in token.tag_:
            return i > 0 and doc[i - 1].lower_ in self._around
        if self._is_age(doc, i):
            return i > 0 and self._is_number_of(doc, i - 1)
        following = doc[i + 1] if i + 1 < len(doc) else None
        if following is None or not (is_adjective(token) and _is_person(following)):
            return False
        return attribute_reading(token, noun_reading(following)) is not None

    def _is_number_of(self, doc: Doc, i: int) -> bool:
        """Whether an age is told here, and no year ("2016 года")."""
        number = doc[i].text.replace(",", ".", 1)
        counted = number.replace(".", "", 1).isdigit()
        return counted and float(number) <= _OLDEST and self._is_age(doc, i + 1)

    def _is_age(self, doc: Doc, i: int) -> bool:
        return i < len(doc) and (doc[i].lemma_ == self._year or doc[i].lemma_ in self._ages)


def _is_person(token: Token) -> bool:
    """A noun that names somebody, as what the patient is ("чабан", "пенсионерка") or of whom is spoken."""
    return token.pos_ == "NOUN" and _ANIMATE in token.tag_ and bool(_NAMING & set(token.morph.get("Case", [])))
