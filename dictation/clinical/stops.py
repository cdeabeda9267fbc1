"""Which drugs are not to be taken: stopped, avoided, or replaced by another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from dictation.clinical.mentions import Mention
from dictation.clinical.morphology import cases, parses
from dictation.clinical.prescription import Elements, PrescriptionReader
from dictation.clinical.sentence_marks import SENTENCE_ENDS, SEPARATORS
from dictation.clinical.templates import Found, Template
from dictation.grammar.prescriptions import Intents

# So many words may stand between "отменить" and the name, or between what was read of the drug and "отменить".
_REACH = 3
# … and so many beside what is read of the first drug between it and the one that replaces it.
_BETWEEN = 6


@dataclass(frozen=True, slots=True)
class Exchange:
    """One drug in place of another, numbered as they were named; tokens `[start, end)` say so, both names included.
    `ordered` where the verb is the doctor's own act ("заменить", "меняю"), not a report ("заменили")."""

    start: int
    end: int
    stopped: int
    given: int
    ordered: bool


class StopReader:
    """Cues of stopping around a drug's name, and pairs of drugs of which one replaces the other."""

    def __init__(self, rules: Intents, reader: PrescriptionReader) -> None:
        stem = reader.stem
        self._reader = reader
        self._before = Template(rules.stopped, stem)
        self._after = Template((*rules.stopped_after, *rules.barred_after), stem)
        self._barred = Template(rules.barred_after, stem)
        self._kept = Template(rules.kept, stem)
        self._aimed = Template(rules.aimed, stem)
        self._links = Template((*rules.links, *rules.intakes), stem)
        self._replacing = Template(rules.replacing, stem)
        self._replaced_by = Template(rules.replaced_by, stem)
        self._by = Template(rules.by, stem)
        self._instead = Template(rules.instead, stem)

    def before(self, stems: Elements, words: Sequence[str], begin: int, start: int) -> Found | None:
        """The cue that governs a name beginning at `start` ("отменить пока приём ибупрофена")."""
        found = self._before.last(stems, begin, start)
        if found is None or start - found.end > _REACH or self._is_kept(stems, found, begin):
            return None
        return found if self._links_up(stems, words, found.end, start) else None

    def after(self, stems: Elements, words: Sequence[str], mention: Mention, end: int) -> Found | None:
        """The cue behind what was read of a drug ("ибупрофен пока отменить"), unless a word between that no
        dictionary has names another ("ибупрофен 200 мг цимицифугу больше не пить")."""
        place = mention.read.end
        stop = min(end, place + _REACH + 1)
        matches = [
            found
            for found in self._after.within(stems, place, stop)
            if not self._is_kept(stems, found, place) and self._aimed.at(stems, found.start) is None
            if not any(_is_strange(word) for word in words[place : found.start])
        ]
        return min(matches, key=lambda found: (found.start, -found.end), default=None)

    def ends_the_clause(self, words: Sequence[str], found: Found, limit: int) -> bool:
        return found.end >= limit or words[found.end] in SEPARATORS

    def tells_a_manner(self, stems: Elements, words: Sequence[str], found: Found, limit: int) -> bool:
        """ "Не принимать натощак" forbids a manner, not the drug."""
        barred = self._barred.at(stems, found.start)
        if barred is None or barred.end != found.end or self.ends_the_clause(words, found, limit):
            return False
        return self._reader.element(stems, found.end, limit) is not None

    def has_object(self, words: Sequence[str], found: Found, limit: int) -> bool:
        """Whether what is stopped is named behind the cue ("прекратить курение")."""
        if found.end >= limit or words[found.end] in SEPARATORS:
            return False
        reading = parses(words[found.end])[0].tag.POS
        return reading == "INFN" or (reading in ("NOUN", "ADJF") and bool(cases(words[found.end]) & {"accs", "gent"}))

    def exchanges(self, stems: Elements, words: Sequence[str], mentions: Sequence[Mention]) -> list[Exchange]:
        """Every two neighbours of one sentence of which one replaces the other."""
        found = []
        for number, (first, second) in enumerate(pairwise(mentions)):
            between = words[first.name.end : second.start]
            if any(word in SENTENCE_ENDS for word in between):
                continue
            span = self._replaced(stems, words, first, second) or self._in_place_of(stems, words, first, second)
            if span is not None:
                start, verb = span
                ordered = verb is None or _is_order(words[verb])
                found.append(Exchange(start, second.read.end, number, number + 1, ordered))
            elif self._comes_instead(stems, first, second):
                found.append(Exchange(first.start, second.read.end, number + 1, number, ordered=True))
        return found

    def _replaced(
        self, stems: Elements, words: Sequence[str], first: Mention, second: Mention
    ) -> tuple[int, int | None] | None:
        """ "Эналаприл заменить на лозартан", "перевести с эналаприла на лозартан": where it begins, and the verb."""
        verb = self._replaced_by.last(stems, first.name.end, second.start)
        if verb is not None and self._links_up(stems, words, verb.end, second.start):
            near = verb.start - first.read.end <= _BETWEEN
            return (first.start, verb.start) if near else None
        leads = self._by.last(stems, first.name.end, second.start)
        if leads is None or not self._links_up(stems, words, leads.end, second.start):
            return None
        if any(word in SEPARATORS for word in words[first.name.end : leads.start]):
            return None
        verb = self._replacing.last(stems, max(0, first.start - _REACH - 1), first.start)
        if verb is None or not self._links_up(stems, words, verb.end, first.start):
            return None
        return verb.start, verb.start

    def _in_place_of(
        self, stems: Elements, words: Sequence[str], first: Mention, second: Mention
    ) -> tuple[int, None] | None:
        """ "Вместо эналаприла лозартан": where it begins."""
        instead = self._instead.last(stems, max(0, first.start - _REACH), first.start)
        if instead is None or not self._links_up(stems, words, instead.end, first.start):
            return None
        return (instead.start, None) if second.start - first.read.end <= _REACH else None

    def _comes_instead(self, stems: Elements, first: Mention, second: Mention) -> bool:
        """ "Лозартан 50 мг вместо эналаприла"."""
        instead = self._instead.last(stems, first.read.end, second.start)
        return instead is not None and second.start - instead.end < _REACH and not second.is_dosed

    def _links_up(self, stems: Elements, words: Sequence[str], start: int, end: int) -> bool:
        """Whether only a dosage form, a preposition or a word like "приём" stands in tokens `[start, end)`."""
        i = start
        while i < end:
            if words[i] in SEPARATORS:
                return False
            element = self._reader.element(stems, i, end)
            link = self._links.at(stems, i, end)
            if link is not None:
                i = link.end
            elif element is not None and element.kind in ("form", "route"):
                i = element.end
            else:
                return False
        return True

    def _is_kept(self, stems: Elements, cue: Found, begin: int) -> bool:
        """ "Не отменять", "без отмены"."""
        return any(
            kept.start <= cue.start < kept.end
            for kept in self._kept.within(stems, max(begin, cue.start - 2), cue.end)
        )


def _is_strange(word: str) -> bool:
    return word.isalpha() and not any(parse.is_known for parse in parses(word))


def _is_order(word: str) -> bool:
    tag = parses(word)[0].tag
    return tag.POS == "INFN" or "1per" in tag or "impr" in tag
