"""The component `med_lemmatizer`: for each token the reading that its neighbours allow.

spaCy's Russian lemmatizer without a tagger leaves ambiguous words as they stand ("боли"). This one takes, of the
readings of the dictionary, the first that fits a preposition, a negation or a noun beside it, else the first.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, MorphAnalysis

from dictation.clinical.morphology import (
    UNIVERSAL_CASE,
    UNIVERSAL_POS,
    agrees,
    case_of,
    is_attribute,
    parses,
)
from dictation.grammar.syntax import Syntax, syntax


@Language.factory("med_lemmatizer", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> Lemmatizer:  # noqa: ARG001 - spaCy's signature
    return Lemmatizer(syntax(language))


class Lemmatizer:
    """Sets `lemma_`, `tag_` (the OpenCorpora tag of the reading), `pos_` and the case in `morph`."""

    def __init__(self, rules: Syntax) -> None:
        self._rules = rules

    def __call__(self, doc: Doc) -> Doc:
        readings = [self._readings(token.text) for token in doc]
        chosen = [found[0] for found in readings]
        for i in range(len(doc) - 1, -1, -1):
            if len(readings[i]) > 1:
                following = chosen[i + 1] if i + 1 < len(doc) else None
                chosen[i] = _fitting(readings[i], self._cases_wanted(doc, i), following)
        for i in range(1, len(doc)):
            chosen[i - 1], chosen[i] = _agreeing(chosen[i - 1], chosen[i], readings[i - 1], readings[i])
        for token, parse in zip(doc, chosen, strict=True):
            token.lemma_ = parse.normal_form
            token.tag_ = str(parse.tag)
            pos = parse.tag.POS
            if token.lower_.endswith(self._rules.adverb_endings):
                token.pos_ = "ADV"
            elif pos:
                token.pos_ = UNIVERSAL_POS[pos]
            elif "PNCT" in parse.tag:
                token.pos_ = "PUNCT"
            elif "NUMB" in parse.tag:
                token.pos_ = "NUM"
            else:
                token.pos_ = "X"
            case = parse.tag.case
            if case:
                token.morph = MorphAnalysis(doc.vocab, {"Case": UNIVERSAL_CASE[case]})
        return doc

    def _readings(self, word: str) -> tuple[Any, ...]:
        found = parses(word)
        if word.lower() in self._rules.nominal:
            return tuple(p for p in found if p.tag.POS == "NOUN") or found
        if any(p.normal_form in self._rules.terms for p in found):
            return tuple(p for p in found if p.normal_form in self._rules.terms)
        if any(p.normal_form in self._rules.attributive for p in found):
            return tuple(p for p in found if is_attribute(p)) or found
        return found

    def _cases_wanted(self, doc: Doc, i: int) -> frozenset[str]:
        """The cases that a preposition to the left or a negation nearby asks of the token; empty if any will do."""
        j = i - 1
        while j >= 0 and (doc[j].is_digit or (doc[j].is_alpha and _may_be_attribute(doc[j].text))):
            j -= 1
        if j >= 0:
            governed = self._rules.prepositions.get(doc[j].lower_)
            if governed:
                return frozenset(governed)
        for neighbour in (i - 1, i + 1):
            if 0 <= neighbour < len(doc) and doc[neighbour].lower_ in self._rules.genitive_negations:
                return frozenset({"gent"})
        return frozenset()


def _may_be_attribute(word: str) -> bool:
    return any(is_attribute(p) for p in parses(word))


def _agreeing(before: Any, parse: Any, left: tuple[Any, ...], right: tuple[Any, ...]) -> tuple[Any, Any]:
    """An adjective and the noun behind it in readings that go together ("щитовидная железа" is no iron)."""
    if parse.tag.POS != "NOUN" or not is_attribute(before) or agrees(before, parse):
        return before, parse
    nouns = sorted((p for p in right if p.tag.POS == "NOUN"), key=lambda p: case_of(p) != case_of(parse))
    pairs = ((a, n) for n in nouns for a in left if is_attribute(a) and agrees(a, n))
    return next(pairs, (before, parse))


def _fitting(readings: tuple[Any, ...], wanted: frozenset[str], following: Any) -> Any:
    """The first reading in a wanted case, agreeing with the noun that follows where it is an adjective."""

    def fits(parse: Any) -> bool:
        if is_attribute(parse) and following is not None and following.tag.POS in ("NOUN", "ADJF", "PRTF"):
            return agrees(parse, following)
        return not wanted or case_of(parse) in wanted

    first = readings[0]
    if fits(first) or first.tag.POS == "PREP":
        return first
    if wanted and first.tag.POS not in ("NOUN", "ADJF", "PRTF", "NPRO"):
        wanted_nouns = [p for p in readings if p.tag.case and fits(p)]
        return wanted_nouns[0] if wanted_nouns else first
    same_kind = [p for p in readings if p.tag.POS == first.tag.POS and fits(p)]
    others = [p for p in readings if p.tag.case and fits(p)]
    return (same_kind or others or [first])[0]
