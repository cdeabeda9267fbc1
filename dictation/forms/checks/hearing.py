"""How it was heard: words of low confidence, words put right by sound, doubts of the spoken numbers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import zip_longest

from dictation.clinical.facts import Diagnosis, Fact, Measurement, Medication, Section
from dictation.clinical.said_codes import bears_out
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason, reason
from dictation.forms.risk import risk, turned
from dictation.grammar.checks import CheckRules, Risk, check_rules
from dictation.grammar.numerals import numerals
from dictation.language.phrases import plain
from dictation.language.written import Token
from dictation.speech.transcript import Word

# Shorter words are small ones, often heard badly though they are right.
_SHORTEST = 3
_MARKS = ".,:;-–"
_ALWAYS_SHOWN: frozenset[Risk | None] = frozenset({"number", "negation", "side"})


def check_hearing(draft: Draft) -> Iterator[Doubt]:
    """Doubts about the words of every value: those that matter for its kind must have been heard well."""
    rules = check_rules(draft.language)
    for entry in draft.entries:
        for index, fact in enumerate(entry.facts):
            for code in dict.fromkeys(_reasons(fact, draft, rules)):
                yield Doubt(code, entry.item.key, index)
        if any(_is_poor_text(fact, draft, rules) for fact in entry.facts):
            yield Doubt(Reason.LOW_CONFIDENCE, entry.item.key)


def _is_poor_text(fact: Fact, draft: Draft, rules: CheckRules) -> bool:
    """Whether a stretch of free text was heard badly all over, or holds a word that is as good as not heard: around
    what the recogniser left out it is sure of nothing."""
    if not isinstance(fact, Section):
        return False
    words = draft.alignment.words(draft.tokens(fact))
    if any(_is_unheard(word, "word", draft, rules) for word in words):
        return True
    mean = draft.alignment.mean(draft.tokens(fact))
    return mean is not None and mean < rules.least(draft.engine, "text")


def _reasons(fact: Fact, draft: Draft, rules: CheckRules) -> Iterator[Reason]:
    for token in draft.tokens(fact):
        kind = _risk(token, fact, rules)
        if kind is not None and _heard_badly(token, kind, draft, rules):
            yield Reason.LOW_CONFIDENCE
        if kind == "number" and _may_go_on(token, draft, rules):
            yield Reason.LOW_CONFIDENCE
        changed = turned(token, rules) and not isinstance(fact, Measurement)
        for code in _doubts(token, kind, changed, matters=kind is not None or isinstance(fact, Section)):
            if code is not Reason.AMBIGUOUS_CODE or not _is_borne_out(fact, draft.language):
                yield code


def _is_borne_out(fact: Fact, language: str) -> bool:
    """Whether the words of a diagnosis name the rubric of its code, so that its letter was not another."""
    if not isinstance(fact, Diagnosis) or fact.icd10 is None:
        return False
    return bears_out(fact.candidates, fact.icd10, language)


def _risk(token: Token, fact: Fact, rules: CheckRules) -> Risk | None:
    """Of a measurement only the number matters, of a prescription the drug's name too, of a diagnosis every word."""
    kind = risk(token, rules)
    if isinstance(fact, Measurement):
        return kind if kind == "number" else None
    if kind is None and isinstance(fact, Medication) and token.text.lower() in fact.said.lower().split():
        return "name"
    if kind is None and isinstance(fact, Diagnosis) and len(token.text) > 1:
        return "diagnosis"
    return kind


def _heard_badly(token: Token, kind: Risk, draft: Draft, rules: CheckRules) -> bool:
    words = draft.alignment.words([token])
    known = [
        word.confidence
        for word, after in zip_longest(words, words[1:])
        if word.confidence is not None and not _is_underrated(word, after, draft, rules)
    ]
    return min(known, default=1.0) < rules.least(draft.engine, kind)


def _is_underrated(word: Word, after: Word | None, draft: Draft, rules: CheckRules) -> bool:
    """Whether the engine's confidence in the word says nothing. Right before a unit it does: "сто шесть" is what is
    left of "сто шестнадцать" and "сто шестьдесят"."""
    unit = after is not None and plain(after.text.strip(_MARKS)) in _units(draft.language)
    return not unit and rules.underrated(draft.engine, word.text)


@cache
def _units(language: str) -> frozenset[str]:
    cardinals = numerals(language).cardinals
    return frozenset(plain(form) for value in range(1, 10) for form in cardinals[value])


def _may_go_on(token: Token, draft: Draft, rules: CheckRules) -> bool:
    """Whether what was said right after a number was not heard: it may have been the number's end."""
    after = draft.alignment.after(token)
    return after is not None and _is_unheard(after, "following", draft, rules)


def _is_unheard(word: Word, risk: Risk, draft: Draft, rules: CheckRules) -> bool:
    if word.confidence is None or len(word.text.strip(_MARKS)) < _SHORTEST:
        return False
    return word.confidence < rules.least(draft.engine, risk) and not rules.underrated(draft.engine, word.text)


def _doubts(token: Token, kind: Risk | None, turned: bool, *, matters: bool) -> Iterator[Reason]:
    """What the language stage doubted. A word put right by sound without near-certainty is shown where it `matters`:
    in a text, which would tell what nobody said, and where a value hangs on it. A number, a negation or a side, and
    one that stood there and is `turned` into something else, is shown even where the repair was near-certain."""
    codes = {reason(code) for code in token.doubts}
    if turned or (token.heard is not None and kind in _ALWAYS_SHOWN):
        codes.add(Reason.RESPELLED)
    for code in sorted(codes):
        if code is not Reason.RESPELLED or matters or turned:
            yield code
