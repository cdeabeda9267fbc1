"""Which section a sentence about a drug belongs to once it is known what is meant with the drug.

What is stopped is no prescription, but stands among them when it is dictated: it is told to the patient, and goes
with the recommendations. What is prescribed behind a diagnosis belongs to the treatment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dictation.clinical.facts import Medication, Section
from dictation.clinical.intents import IntentReader
from dictation.clinical.prescription import Elements, PrescriptionReader
from dictation.clinical.sentence_marks import SENTENCE_ENDS, SEPARATORS
from dictation.grammar.prescriptions import Home


@dataclass(frozen=True, slots=True)
class _Stretch:
    start: int
    end: int
    kind: str


class DrugSections:
    """Gives stretches of text to the section that `homes` names for what is meant with their drug."""

    def __init__(self, homes: dict[str, Home], reader: PrescriptionReader, intents: IntentReader) -> None:
        self._homes = homes
        self._reader = reader
        self._intents = intents

    def __call__(
        self, stems: Elements, words: Sequence[str], sections: list[Section], facts: list[Medication]
    ) -> list[Section]:
        """The sections with those parts cut out that belong to another one."""
        found: list[Section] = []
        for section in sections:
            inside = [fact for fact in facts if section.start <= fact.start < section.end]
            moved = list(self._moved(stems, words, section, inside))
            found.extend(_parted(words, section, moved) if moved else [section])
        return found

    def continued(self, words: Sequence[str], sections: list[Section], named: set[int]) -> list[Section]:
        """The sections where a list of prescriptions goes on to the end of its sentence: "назначаю А, Б 5 мг" behind
        a diagnosis. `named` are the tokens at which names of drugs begin."""
        home = self._homes.get("prescribed")
        found: list[Section] = []
        for section in sections:
            before = found[-1] if found else None
            goes_on = (
                home is not None
                and before is not None
                and before.kind == home.kind
                and before.end == section.start
                and section.kind in home.leaves
                and not section.heading
                and words[section.start - 1] not in SENTENCE_ENDS
            )
            end = _sentence_end(words, section) if goes_on else section.start
            if before is None or not named & set(range(section.start, end)):
                found.append(section)
                continue
            found[-1] = replace(before, end=end)
            if any(word[0].isalnum() for word in words[end : section.end]):
                found.append(replace(section, start=end))
        return found

    def _moved(
        self, stems: Elements, words: Sequence[str], section: Section, facts: list[Medication]
    ) -> Iterator[_Stretch]:
        floor = section.start
        for number, fact in enumerate(facts):
            home = self._homes.get(fact.intent)
            if home is None or section.kind not in home.leaves or fact.start < floor:
                continue
            if fact.intent == "stopped" and any(_holds(other, fact) for other in facts):
                continue
            limit = min(facts[number + 1].start if number + 1 < len(facts) else section.end, section.end)
            # Without marks the drug before ends where the last that was read of it does.
            before = max((other.end for other in facts[:number] if other.end <= fact.start), default=floor)
            start = self._begin(stems, words, section, fact, max(floor, before))
            end = self._end(stems, words, fact, max(limit, fact.end))
            yield _Stretch(start, end, home.kind)
            floor = end

    def _begin(self, stems: Elements, words: Sequence[str], section: Section, fact: Medication, floor: int) -> int:
        """Where the clause begins, but for words that lead to it. Of a prescription, and in a section that tells of
        other things than drugs, no more than the order before it."""
        start = fact.start
        ordered = self._homes.get("prescribed")
        alone = fact.intent == "prescribed" or (ordered is not None and section.kind in ordered.leaves)
        while start > floor and words[start - 1] not in SEPARATORS:
            if alone and not self._leads(stems, start - 1, start):
                break
            if self._reader.element(stems, start - 1, start) is not None:
                break
            start -= 1
        return start

    def _end(self, stems: Elements, words: Sequence[str], fact: Medication, limit: int) -> int:
        """Where the sentence ends, or where something else is said of drugs."""
        end = fact.end
        place = end
        while place < limit and words[place] not in SENTENCE_ENDS:
            if words[place] in SEPARATORS:
                end = place
            elif self._leads(stems, place, limit) or self._reader.element(stems, place, limit) is not None:
                marked = any(word in SEPARATORS for word in words[fact.end : place])
                return end if marked else place
            place += 1
        return place

    def _leads(self, stems: Elements, i: int, limit: int) -> bool:
        return any(
            template.at(stems, i, limit) is not None for template in (self._intents.order, self._intents.prescribed)
        )


def _holds(other: Medication, fact: Medication) -> bool:
    """Whether a prescription's own words name the drug ("эналаприл заменить на лозартан 50 мг")."""
    return other.intent == "prescribed" and other.start <= fact.start and fact.end <= other.end


def _sentence_end(words: Sequence[str], section: Section) -> int:
    """Behind the mark that ends the section's first sentence."""
    return next((i + 1 for i in range(section.start, section.end) if words[i] in SENTENCE_ENDS), section.end)


def _parted(words: Sequence[str], section: Section, moved: list[_Stretch]) -> Iterator[Section]:
    """The section in its parts; the first keeps the heading."""
    parts: list[_Stretch] = []
    place = section.start
    for stretch in moved:
        parts += [_Stretch(place, stretch.start, section.kind), stretch]
        place = stretch.end
    parts.append(_Stretch(place, section.end, section.kind))
    merged: list[_Stretch] = []
    for part in parts:
        silent = not any(word[0].isalnum() for word in words[part.start : part.end])
        if merged and (silent or merged[-1].kind == part.kind):
            merged[-1] = replace(merged[-1], end=part.end)
        elif not silent:
            merged.append(part)
    for number, part in enumerate(merged):
        own = part.kind == section.kind
        yield replace(
            section,
            start=part.start,
            end=part.end,
            kind=part.kind,
            heading=section.heading + part.start - section.start if not number else 0,
            by=section.by if own else "content",
            role=section.role if own else None,
        )
