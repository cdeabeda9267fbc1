"""Conditions said before the drug they belong to ("при сильной боли ибупрофен 400 мг")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dictation.clinical.prescription import Elements, Prescription, PrescriptionReader
from dictation.clinical.sentence_marks import SEPARATORS
from dictation.clinical.templates import Template


class LeadingConditions:
    """Tells whether a condition before a name opens that drug's prescription or ends that of the drug before.
    `begins` tells whether a word leads into a prescription; no condition has one of the cues `told` ("на фоне
    приёма")."""

    def __init__(
        self, reader: PrescriptionReader, begins: Callable[[Elements, int], bool], told: tuple[str, ...]
    ) -> None:
        self._reader = reader
        self._begins = begins
        self._told = Template(told, reader.stem)

    def start(
        self, stems: Elements, words: Sequence[str], start: int, name_end: int, limit: int, before: tuple[int, bool]
    ) -> int:
        """Where the prescription begins whose first words, form included, stand at `start`: there, or at the
        condition before it. It reaches no further than `limit`; `before` tells from where the one before is read,
        and whether there is one in the sentence."""
        floor, named = before
        opener = self._opener(stems, words, start, floor)
        if opener is None:
            return start
        if not named:
            return opener
        marked = words[opener - 1] in SEPARATORS or self._begins(stems, opener - 1)
        ended = words[start - 1] in SEPARATORS
        if marked != ended:
            return opener if marked else start
        previous = self._read(stems, words, floor, opener)
        own = self._read(stems, words, name_end, limit)
        belongs = _is_timed(previous) and not _is_timed(own)
        return opener if belongs else start

    def _opener(self, stems: Elements, words: Sequence[str], start: int, floor: int) -> int | None:
        """Where a condition begins that ends right before a token, or before the comma in front of it."""
        ends = (start, start - 1) if words[start - 1] == "," else (start,)
        for i in range(start - 1, max(floor, start - self._reader.rules.condition_length - 3) - 1, -1):
            element = self._reader.element(stems, i, start)
            if self._reader.around.at(stems, i, start) is not None:
                return None
            if element is not None and element.kind in ("condition", "condition-whole"):
                read = Prescription(end=i)
                self._reader.read(stems, list(words), i, start, read)
                told = self._told.last(stems, i, start) is not None
                return i if read.conditions and read.end in ends and not told else None
        return None

    def _read(self, stems: Elements, words: Sequence[str], start: int, limit: int) -> Prescription:
        return self._reader.read(stems, list(words), start, max(start, limit), Prescription(end=start))


def _is_timed(read: Prescription) -> bool:
    return bool(read.frequencies or read.timings or read.conditions)
