"""The component `med_medications`: drugs with what was said of each, and whether they are prescribed now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.drug_names import DrugName, DrugNames, drug_names
from dictation.clinical.drug_sections import DrugSections
from dictation.clinical.facts import Medication, Section, get, put
from dictation.clinical.intents import IntentReader
from dictation.clinical.leading_conditions import LeadingConditions
from dictation.clinical.mentions import Mention
from dictation.clinical.posology import Posology
from dictation.clinical.prescription import Elements, Prescription, PrescriptionReader
from dictation.clinical.sentence_marks import SEPARATORS, sentence_start
from dictation.clinical.templates import Stems
from dictation.clinical.unknown_drugs import UnknownDrugs
from dictation.grammar.endings import stemmer
from dictation.grammar.numerals import numerals
from dictation.grammar.prescriptions import prescriptions


@Language.factory("med_medications", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> MedicationReader:  # noqa: ARG001 — spaCy passes both
    return MedicationReader(language)


class MedicationReader:
    """Puts `Medication` facts, and gives what is said of drugs in the wrong section to its own.

    Reasons: unknown-drug, respelled, no-dose, no-unit, unusual-dose, unusual-unit, unread-number, not-structured,
    contradiction, duplicate, uncertain."""

    def __init__(self, language: str) -> None:
        rules = prescriptions(language)
        self._reader = PrescriptionReader(rules, numerals(language), stemmer(language))
        self._stem = self._reader.stem
        self._names: DrugNames = drug_names(language)
        self._intents = IntentReader(rules.intents, self._reader)
        self._posology = Posology(rules)
        self._sections = DrugSections(rules.intents.homes, self._reader, self._intents)
        self._conditions = LeadingConditions(
            self._reader, self._begins, (*rules.intents.taken, *rules.intents.allergy, *rules.intents.intakes)
        )
        self._unknown = UnknownDrugs(self._reader, self._names, self._intents, self._begins)

    def __call__(self, doc: Doc) -> Doc:
        words = [token.text for token in doc]
        named = {name.start for name in self._names.find(words)}
        sections = self._sections.continued(words, get(doc, Section), named)
        facts = self.read(words, sections)
        put(doc, Medication, facts)
        put(doc, Section, self._sections(Elements(words, self._stem), words, sections, facts))
        return doc

    def read(self, words: list[str], sections: list[Section]) -> list[Medication]:
        """The medications of a text given as tokens, in text order."""
        stems = Elements(words, self._stem)
        diluted = {
            i for found in self._reader.diluents.within(stems, 0, len(words)) for i in range(found.start, found.end)
        }
        names = [name for name in self._names.find(words) if name.start not in diluted]
        names = sorted([*names, *self._unknown.find(stems, words, names, sections)], key=lambda name: name.start)
        mentions = list(self._mentions(stems, words, names, sections))
        facts = []
        for mention, decision in zip(mentions, self._intents.decide(stems, words, mentions), strict=True):
            if decision.intent is None:
                continue
            said = " ".join(words[mention.name.start : mention.name.end])
            fact = self._posology.medication(mention.name, mention.read, mention.start, said)
            reasons = (*fact.reasons, *decision.doubts) if decision.intent == "prescribed" else ()
            facts.append(
                replace(
                    fact,
                    start=decision.start,
                    end=decision.end,
                    intent=decision.intent,
                    reasons=tuple(dict.fromkeys(reasons)),
                )
            )
        return _duplicates(facts, self._names)

    def _mentions(
        self, stems: Elements, words: list[str], names: list[DrugName], sections: list[Section]
    ) -> Iterator[Mention]:
        """The names with what is read of each: from its form, amount or condition before it to the next one's."""
        starts = self._starts(stems, words, names, sections)
        for number, (name, start) in enumerate(zip(names, starts, strict=True)):
            section = _section_at(sections, name.start)
            limit = starts[number + 1] if number + 1 < len(names) else len(words)
            if section is not None:
                limit = min(limit, _room(sections, section))
            begin = sentence_start(words, name.start, section)
            adjusting = self._reader.adjust.last(stems, begin, name.start) is not None
            read = Prescription(end=name.start, adjusting=adjusting)
            if start < name.start:
                self._reader.read(stems, words, start, name.start, read)
            self._reader.note_form(stems, name.start, name.end, read)
            read.end = name.end
            self._reader.read(stems, words, name.end, max(limit, name.end), read)
            yield Mention(name, read, start, max(limit, name.end), section)

    def _starts(self, stems: Elements, words: list[str], names: list[DrugName], sections: list[Section]) -> list[int]:
        starts = []
        for number, name in enumerate(names):
            section = _section_at(sections, name.start)
            before = names[number - 1].end if number else 0
            floor = max(before, section.start) if section is not None else before
            limit = names[number + 1].start if number + 1 < len(names) else len(words)
            if section is not None:
                limit = min(limit, section.end)
            start = self._before(stems, words, name, floor)
            named = number > 0 and before >= sentence_start(words, name.start, section)
            starts.append(self._conditions.start(stems, words, start, name.end, limit, (floor, named)))
        return starts

    def _before(self, stems: Elements, words: list[str], name: DrugName, floor: int) -> int:
        """Where a prescription begins that has its form, amount or route before the name ("по 1 таблетке …")."""
        start = name.start
        while start > floor:
            reach = max(floor, start - 4)
            element = next(
                (
                    e
                    for i in range(reach, start)
                    if (e := self._reader.element(stems, i, start)) is not None
                    and e.end == start
                    and e.kind in ("form", "route", "dose", "percent", "portion")
                ),
                None,
            )
            if element is None:
                break
            before = element.start - 1
            free = before < floor or words[before] in SEPARATORS or self._begins(stems, before)
            if element.kind != "form" and not free:
                break
            if element.kind == "dose" and start == name.start and not self._is_amount(element.found.slots["unit"]):
                break
            start = element.start
        return start

    def _begins(self, stems: Elements, i: int) -> bool:
        """Whether a word leads into a prescription: an order ("назначаю"), "и", "по"."""
        return any(
            template.at(stems, i, i + 1) is not None
            for template in (self._intents.order, self._intents.prescribed, self._reader.fillers)
        )

    def _is_amount(self, said: str) -> bool:
        stems = Stems(said.split(), self._stem)
        unit = self._reader.unit(stems, 0, len(stems.stems))
        return unit is not None and unit.kind == "amount"


def _room(sections: list[Section], section: Section) -> int:
    """Where the next section begins, heading included: words between the two may still be the dose's unit."""
    following = (s.start - s.heading for s in sections if s.start - s.heading >= section.end)
    return min(following, default=section.end)


def _section_at(sections: list[Section], token: int) -> Section | None:
    return next((s for s in sections if s.start <= token < s.end), None)


def _duplicates(facts: list[Medication], names: DrugNames) -> list[Medication]:
    """Two prescriptions of one substance, alone or inside a combination, ask for a look."""

    def substances(fact: Medication) -> set[str]:
        drug = names.by_name.get(fact.name)
        return {fact.name, *(drug.components if drug else ())}

    ordered = [fact for fact in facts if fact.intent == "prescribed"]
    double = {
        id(fact)
        for fact in ordered
        for other in ordered
        if other is not fact and substances(fact) & substances(other)
    }
    return [replace(f, reasons=(*f.reasons, "duplicate")) if id(f) in double else f for f in facts]
