"""Names of drugs that no lexicon has, where a drug must stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dictation.clinical.drug_names import DrugName, DrugNames
from dictation.clinical.facts import Section
from dictation.clinical.intents import IntentReader
from dictation.clinical.morphology import parses
from dictation.clinical.prescription import Elements, PrescriptionReader
from dictation.clinical.sentence_marks import SENTENCE_ENDS, SEPARATORS
from dictation.clinical.templates import Template

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AMOUNTS = frozenset({"dose", "portion", "percent", "concentration"})
_NAMED_BEFORE = _AMOUNTS | {"form", "route", "frequency"}
# Shorter words at its end are prepositions of what follows.
_SHORT = 4
# An unknown name has at most so many words.
_NAME_WORDS = 3


class UnknownDrugs:
    """Reads unknown names before what is said only of drugs. `begins` tells whether a word leads into a
    prescription."""

    def __init__(
        self,
        reader: PrescriptionReader,
        names: DrugNames,
        intents: IntentReader,
        begins: Callable[[Elements, int], bool],
    ) -> None:
        self._reader = reader
        self._names = names
        self._intents = intents
        self._begins = begins
        self._not_drugs = Template(reader.rules.not_drugs, reader.stem)

    def find(
        self, stems: Elements, words: list[str], known: list[DrugName], sections: list[Section]
    ) -> Iterator[DrugName]:
        """Names that no lexicon has, where a drug must stand: words before a dose, a form or a frequency in a
        treatment section or after an order."""
        owned = {i for name in known for i in range(name.start, name.end)}
        for start, end in self._prescribing(stems, words, sections):
            i = floor = start
            dosed = False
            while i < end:
                element = self._reader.element(stems, i, end) if i not in owned else None
                if element is None:
                    dosed = dosed and i not in owned
                    i += 1
                    continue
                if element.kind in _NAMED_BEFORE:
                    run = self._run_before(stems, words, i, floor, owned)
                    amount = element.kind in _AMOUNTS
                    follows_name = run is not None and run[0] - 1 in owned
                    if run and (amount or _foreign(words[run[0] : run[1]])) and (dosed or not follows_name):
                        yield self._guess(words, run)
                        dosed = False
                    dosed = dosed or amount
                i = self._skip(stems, words, element.end, end) if element.kind == "condition" else element.end
                floor = i

    def _skip(self, stems: Elements, words: list[str], i: int, end: int) -> int:
        """Past the words of a condition."""
        stop = min(end, i + self._reader.rules.condition_length)
        while i < stop and words[i] not in SEPARATORS:
            following = self._reader.element(stems, i, end)
            if following is not None and following.kind not in ("percent",):
                break
            i += 1
        return i

    def _prescribing(self, stems: Elements, words: list[str], sections: list[Section]) -> Iterator[tuple[int, int]]:
        """Stretches where prescriptions are dictated."""
        for section in sections:
            if self._intents.prescribes(section):
                yield section.start, section.end
        for found in self._intents.order.within(stems, 0, len(words)):
            if not any(s.start <= found.start < s.end for s in sections):
                end = next((i for i in range(found.end, len(words)) if words[i] in SENTENCE_ENDS), len(words))
                yield found.end, end

    def _run_before(
        self, stems: Elements, words: list[str], i: int, floor: int, owned: set[int]
    ) -> tuple[int, int] | None:
        """The one to three words right before a token that no element, name or filler accounts for."""
        end = i
        while (
            end > floor
            and self._reader.fillers.at(stems, end - 1, end) is not None
            and words[end - 1] not in SEPARATORS
        ):
            end -= 1
        start = end
        while start > floor and end - start < _NAME_WORDS:
            t = start - 1
            named = start > floor + 1 and start == end and words[t].isdigit() and _WORD.fullmatch(words[t - 1])
            if t in owned or words[t] in SEPARATORS or not (named or _WORD.fullmatch(words[t])):
                break
            if self._reader.element(stems, t, end) is not None or self._begins(stems, t):
                break
            if self._not_drugs.at(stems, t, end) is not None:
                return None
            start = t
        return (start, end) if end > start and any(len(word) >= 4 for word in words[start:end]) else None

    def _guess(self, words: list[str], run: tuple[int, int]) -> DrugName:
        start, end = run
        while end - start > 1 and words[end - 1].isalpha() and len(words[end - 1]) < _SHORT:
            end -= 1
        run, said = (start, end), words[start:end]
        near = self._names.nearest(said)
        if near is not None:
            return DrugName(*run, near.name, near, ("respelled",))
        return DrugName(*run, " ".join(said).lower(), None, ("unknown-drug",))


def _foreign(words: list[str]) -> bool:
    """Whether a word is in no dictionary of the language, as names of drugs are."""
    return any(len(word) >= 5 and not parses(word)[0].is_known for word in words)
