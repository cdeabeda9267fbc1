"""Values of a history of which no word says when they were measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from dictation.clinical.facts import Measurement
from dictation.clinical.measured_values import STOPS
from dictation.clinical.templates import Stems

UNSAID = "unsaid"
"""The subject of such a value until all of them are known."""

_TOGETHER = 2
# So near before an examination without a heading a value is likely to be of it.
_BEFORE = 8


def settled(facts: list[Measurement], stems: Stems, unheaded: Sequence[int] = ()) -> Iterator[Measurement]:
    """One alone is the past's ("температура 38"). Several different ones in one sentence are what is measured at a
    visit, the heading of the examination left out or not heard: where the note holds no other value of today, they
    are taken as today's and ask for a look. One right before an examination whose heading was not heard (those begin
    at `unheaded`) may belong to it: the value of today is asked for."""
    today = {fact.kind for fact in facts if fact.subject == "today"}
    together: dict[int, set[tuple[int, int]]] = defaultdict(set)
    for fact in facts:
        if fact.subject == UNSAID:
            together[_sentence(stems, fact)].add((fact.start, fact.end))
    for fact in facts:
        if fact.subject != UNSAID:
            yield fact
        elif len(together[_sentence(stems, fact)]) >= _TOGETHER and fact.kind not in today:
            yield replace(fact, subject="today", reasons=tuple(dict.fromkeys((*fact.reasons, "uncertain"))))
        else:
            yield replace(fact, subject="past", reasons=())
            if fact.kind not in today and any(0 <= start - fact.end <= _BEFORE for start in unheaded):
                yield replace(fact, subject="today", value=None, unit_said=False, reasons=("no-value", "uncertain"))


def _sentence(stems: Stems, fact: Measurement) -> int:
    return sum(stem in STOPS for stem in stems.stems[: fact.start])
