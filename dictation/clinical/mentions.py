"""A drug's name with what was read around it, before it is known what is meant with it."""

from __future__ import annotations

from dataclasses import dataclass

from dictation.clinical.drug_names import DrugName
from dictation.clinical.facts import Section
from dictation.clinical.prescription import Prescription


@dataclass(frozen=True, slots=True)
class Mention:
    """What is said of the drug begins at token `start` and reaches no further than `limit`, where the next drug's
    prescription or another section begins."""

    name: DrugName
    read: Prescription
    start: int
    limit: int
    section: Section | None

    @property
    def is_dosed(self) -> bool:
        """Whether anything was said that is said of intakes only."""
        read = self.read
        return bool(read.doses or read.frequencies or read.conditions or read.durations)

    @property
    def is_whole(self) -> bool:
        """Whether an amount was said, and how often or when."""
        read = self.read
        return bool(read.doses and (read.frequencies or read.timings or read.conditions))
