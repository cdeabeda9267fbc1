"""The component `med_medications`: drugs with what was said of each, and whether they are prescribed now."""

from __future__ import annotations

from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.drug_names import DrugName, DrugNames, drug_names
from dictation.clinical.facts import Medication, Section, get, put
from dictation.clinical.intents import IntentReader
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
    """Puts `Medication` facts. Reasons: unknown-drug, respelled, no-dose, no-unit, unusual-dose, unusual-unit,
    unread-number, not-structured, contradiction, duplicate, uncertain."""

    def __init__(self, language: str) -> None:
        rules = prescriptions(language)
        self._reader = PrescriptionReader(rules, numerals(language), stemmer(language))
        self._stem = self._reader.stem
        self._names: DrugNames = drug_names(language)
        self._intents = IntentReader(rules.intents, self._reader)
        self._posology = Posology(rules)
        self._unknown = UnknownDrugs(self._reader, self._names, self._intents, self._begins)

    def __call__(self, doc: Doc) -> Doc:
        put(doc, Medication, self.read([token.text for token in doc], get(doc, Section)))
        return doc

    def read(self, words: list[str], sections: list[Section]) -> list[Medication]:
        """The medications of a text given as tokens, in text order."""
        stems = Elements(words, self._stem)
        diluted = {
            i for found in self._reader.diluents.within(stems, 0, len(words)) for i in range(found.start, found.end)
        }
        names = [name for name in self._names.find(words) if name.start not in diluted]
        names = sorted([*names, *self._unknown.find(stems, words, names, sections)], key=lambda name: name.start)
        facts = []
        floor = 0
        for i, name in enumerate(names):
            section = _section_at(sections, name.start)
            limit = names[i + 1].start if i + 1 < len(names) else len(words)
            if section is not None:
                limit = min(limit, section.end)
                floor = max(floor, section.start)
            if i + 1 < len(names):
                limit = self._before(stems, words, names[i + 1], name.end)
            if section is not None:
                limit = min(limit, section.end)
            fact = self._fact(stems, words, name, floor, limit, section)
            if fact is not None:
                facts.append(fact)
                floor = fact.end
        return _duplicates(facts, self._names)

    def _fact(
        self, stems: Elements, words: list[str], name: DrugName, floor: int, limit: int, section: Section | None
    ) -> Medication | None:
        start = self._before(stems, words, name, floor)
        begin = sentence_start(words, name.start, section)
        read = Prescription(end=name.start, adjusting=self._reader.adjust.last(stems, begin, name.start) is not None)
        if start < name.start:
            self._reader.read(stems, words, start, name.start, read)
        self._reader.note_form(stems, name.start, name.end, read)
        read.end = name.end
        self._reader.read(stems, words, name.end, max(limit, name.end), read)
        decided = self._intents.intent(stems, words, name, read, (floor, limit), section)
        if decided is None:
            return None
        intent, doubts = decided
        fact = self._posology.medication(name, read, start, " ".join(words[name.start : name.end]))
        reasons = (*fact.reasons, *doubts) if intent == "prescribed" else ()
        return replace(fact, intent=intent, reasons=tuple(dict.fromkeys(reasons)))

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
