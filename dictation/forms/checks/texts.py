"""A text that holds a doubtful value is itself in doubt: the same number stands in both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dictation.clinical.facts import Measurement
from dictation.forms.draft import Doubt, Draft, Entry
from dictation.forms.reasons import reason


def texts_in_doubt(draft: Draft, doubts: Iterable[Doubt]) -> Iterator[Doubt]:
    """For every measurement with a reason to look at it, the same reason for the text it was dictated in."""
    known = list(doubts)
    for entry in draft.entries:
        for index, fact in enumerate(entry.facts):
            if not isinstance(fact, Measurement):
                continue
            found = [doubt.reason for doubt in known if doubt.key == entry.item.key and doubt.index in (index, None)]
            for code in dict.fromkeys([*map(reason, fact.reasons), *found]):
                for text, number in _texts_around(fact, draft):
                    yield Doubt(code, text.item.key, number)


def _texts_around(fact: Measurement, draft: Draft) -> Iterator[tuple[Entry, int]]:
    for entry in draft.filled_by("section"):
        for number, section in enumerate(entry.facts):
            if section.start <= fact.start < section.end:
                yield entry, number
