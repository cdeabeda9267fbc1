"""How it was heard: words of low confidence, words put right by sound, doubts of the spoken numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dictation.clinical.facts import Diagnosis, Fact, Measurement, Medication, Section
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason, reason
from dictation.forms.risk import risk
from dictation.grammar.checks import CheckRules, Risk, check_rules
from dictation.language.written import Token


def check_hearing(draft: Draft) -> Iterator[Doubt]:
    """Doubts about the words of every value: those that matter for its kind must have been heard well."""
    rules = check_rules(draft.language)
    for entry in draft.entries:
        for index, fact in enumerate(entry.facts):
            for code in dict.fromkeys(_reasons(fact, draft, rules)):
                yield Doubt(code, entry.item.key, index)


def _reasons(fact: Fact, draft: Draft, rules: CheckRules) -> Iterator[Reason]:
    for token in draft.tokens(fact):
        kind = _risk(token, fact, rules)
        if kind is not None and _heard_badly(token, kind, draft, rules):
            yield Reason.LOW_CONFIDENCE
        yield from _doubts(token, fact, kind)


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
    confidences: Iterable[float] = draft.alignment.confidences([token])
    return min(confidences, default=1.0) < rules.least(draft.engine, kind)


def _doubts(token: Token, fact: Fact, kind: Risk | None) -> Iterator[Reason]:
    """What the language stage doubted. A plain word put right by sound does no harm in free text or in a name."""
    harmless = kind is None and isinstance(fact, Section | Measurement)
    codes = {reason(code) for code in token.doubts} | ({Reason.RESPELLED} if token.heard is not None else set())
    for code in sorted(codes):
        if code is not Reason.RESPELLED or not harmless:
            yield code
