"""Russian word forms: the readings of a word, cached, and its forms in other cases."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from spacy.tokens import Token

from dictation.language.dictionary import dictionary

_LANGUAGE = "ru"

# Readings as a place or a person's name, seldom meant in a note unless written with a capital.
_NAMES = frozenset({"Geox", "Name", "Surn", "Patr", "Orgn", "Trad"})
_DECLINED = frozenset({"NOUN", "ADJF", "PRTF", "NPRO", "NUMR"})
_ATTRIBUTES = frozenset({"ADJF", "PRTF"})

# OpenCorpora parts of speech as Universal POS tags, and cases as Universal features.
UNIVERSAL_POS = {
    "NOUN": "NOUN",
    "ADJF": "ADJ",
    "ADJS": "ADJ",
    "COMP": "ADJ",
    "VERB": "VERB",
    "INFN": "VERB",
    "PRTF": "ADJ",
    "PRTS": "VERB",
    "GRND": "VERB",
    "NUMR": "NUM",
    "ADVB": "ADV",
    "NPRO": "PRON",
    "PRED": "VERB",
    "PREP": "ADP",
    "CONJ": "CCONJ",
    "PRCL": "PART",
    "INTJ": "INTJ",
}
UNIVERSAL_CASE = {
    "nomn": "Nom",
    "gent": "Gen",
    "datv": "Dat",
    "accs": "Acc",
    "ablt": "Ins",
    "loct": "Loc",
    "gen2": "Gen",
    "loc2": "Loc",
    "acc2": "Acc",
    "voct": "Nom",
    "gen1": "Gen",
}
# The second genitive, locative and accusative stand where the plain case does.
_CASE_KIN = {"gen1": "gent", "gen2": "gent", "loc2": "loct", "acc2": "accs", "voct": "nomn"}


@lru_cache(maxsize=50_000)
def parses(word: str) -> tuple[Any, ...]:
    """The readings of a word, likeliest first; readings as a name come last for a word in lower case."""
    found = tuple(dictionary(_LANGUAGE).parse(word.lower()))
    if not word[:1].isupper():
        plain = tuple(p for p in found if not _NAMES & p.tag.grammemes)
        found = plain + tuple(p for p in found if _NAMES & p.tag.grammemes)
    return found


def case_of(parse: Any) -> str | None:
    """The case of a reading: nomn, gent, datv, accs, ablt, loct or None."""
    case = parse.tag.case
    return _CASE_KIN.get(case, case) if case else None


@lru_cache(maxsize=50_000)
def cases(word: str) -> frozenset[str]:
    """Every case the word may stand in as a noun, adjective, participle or pronoun."""
    return frozenset(str(case_of(p)) for p in parses(word) if p.tag.POS in _DECLINED and p.tag.case)


def is_attribute(parse: Any) -> bool:
    """Adjectives and participles that stand beside a noun."""
    return parse.tag.POS in _ATTRIBUTES


def agrees(attribute: Any, noun: Any) -> bool:
    """Whether an adjective's reading goes with a noun's: case, number, and gender in the singular."""
    a, n = attribute.tag, noun.tag
    if case_of(attribute) != case_of(noun) or a.number != n.number:
        return False
    return bool(a.number == "plur" or a.gender is None or n.gender is None or a.gender == n.gender)


def chosen(token: Token) -> Any:
    """The reading that the lemmatizer chose for the token."""
    readings = parses(token.text)
    return next((p for p in readings if str(p.tag) == token.tag_), readings[0])


def inflect(parse: Any, case: str, number: str | None = None, gender: str | None = None) -> str:
    """The form of a reading in a case, and in a number and gender where given; the word itself where it has none."""
    wanted = {case} | ({number} if number else set()) | ({gender} if gender and number != "plur" else set())
    form = parse.inflect(wanted)
    return str(form.word if form else parse.word)
