"""What is meant with a drug: prescribed now, taken before, stopped, reacted to, or no medication at all."""

from __future__ import annotations

from dictation.clinical.drug_names import DrugName
from dictation.clinical.facts import Section
from dictation.clinical.morphology import parses
from dictation.clinical.prescription import Elements, Prescription, PrescriptionReader
from dictation.clinical.sentence_marks import SENTENCE_ENDS, SEPARATORS, sentence_start
from dictation.clinical.templates import Template
from dictation.grammar.prescriptions import Intents


class IntentReader:
    """Decides by the section and by the cues before and behind the name."""

    def __init__(self, rules: Intents, reader: PrescriptionReader) -> None:
        self._rules = rules
        self._around = reader.around
        stem = reader.stem
        self.order = Template(rules.order, stem)
        self.prescribed = Template(rules.prescribed, stem)
        self._taken = Template(rules.taken, stem)
        self._stopped = Template(rules.stopped, stem)
        self._stopped_after = Template(rules.stopped_after, stem)
        self._allergy = Template(rules.allergy, stem)
        self._reaction = Template(rules.reaction, stem)

    def prescribes(self, section: Section) -> bool:
        """Whether prescriptions are what the section is for."""
        return self._rules.sections.get(section.kind) == "prescribed"

    def intent(
        self,
        stems: Elements,
        words: list[str],
        name: DrugName,
        read: Prescription,
        between: tuple[int, int],
        section: Section | None,
    ) -> tuple[str, tuple[str, ...]] | None:
        """What is meant with the drug, with doubts; None where its name is no medication at all. `between` are the
        end of what was read of the drug before and the beginning of the next."""
        floor, limit = between
        begin = sentence_start(words, name.start, section)
        end = next((i for i in range(name.end, limit) if words[i] in SENTENCE_ENDS), limit)
        by_section = self._rules.sections.get(section.kind) if section is not None else None
        if section is not None and section.kind in self._rules.none:
            whole = read.doses and (read.frequencies or read.timings or read.conditions)
            return ("prescribed", ("uncertain",)) if whole else None
        said = bool(read.doses or read.frequencies or read.conditions or read.durations)

        def last(template: Template) -> int:
            found = template.last(stems, begin, name.start)
            return found.end if found is not None else -1

        order, prescribed, taken, stopped = map(last, (self.order, self.prescribed, self._taken, self._stopped))
        allergy = last(self._allergy)
        if by_section == "allergy" or (
            allergy > max(order, prescribed, -1) and not any(map(_is_verb, words[allergy : name.start]))
        ):
            return "allergy", ()
        if not said and self._reaction.last(stems, name.end, min(end, name.end + 3)) is not None:
            return "allergy", ()
        around = self._around.last(stems, begin, name.start)
        if not said and around is not None and around.end == name.start:
            return None
        after = self._stopped_after.last(stems, read.end, min(end, read.end + 4))
        if after is not None and not (said and _leads_on(words, after.end, limit)):
            read.end = after.end
            return "stopped", ()
        if stopped > max(order, prescribed) and name.start - stopped <= 2 and words[name.start - 1] not in SEPARATORS:
            return ("prescribed", ("uncertain",)) if said and stopped <= floor else ("stopped", ())
        if order >= 0 and order >= taken:
            return "prescribed", ()
        if by_section == "prescribed":
            return "prescribed", ("uncertain",) if taken >= 0 and taken > prescribed else ()
        if by_section is not None:
            return by_section, ()
        if section is not None:
            if not said:
                return None
            return "prescribed", () if prescribed >= 0 else ("uncertain",)
        if taken >= 0 and taken >= prescribed:
            return "taken", ()
        if not said and prescribed < 0:
            return None
        return "prescribed", () if prescribed >= 0 else ("uncertain",)


def _leads_on(words: list[str], i: int, limit: int) -> bool:
    """Whether the next drug's name follows a token directly: what is stopped is that drug."""
    return i >= min(limit, len(words)) < len(words) and (i == 0 or words[i - 1] not in SEPARATORS)


def _is_verb(word: str) -> bool:
    return parses(word)[0].tag.POS in ("VERB", "INFN", "PRTS")
