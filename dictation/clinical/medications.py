"""The component `med_medications`: drugs with what was said of each, and whether they are prescribed now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.drug_names import DrugName, DrugNames, drug_names
from dictation.clinical.facts import Medication, Section, get, put
from dictation.clinical.morphology import parses
from dictation.clinical.prescription import Elements, Prescription, PrescriptionReader
from dictation.clinical.templates import Stems, Template
from dictation.grammar.drugs import Drug
from dictation.grammar.endings import stemmer
from dictation.grammar.numerals import numerals
from dictation.grammar.prescriptions import DoseUnit, prescriptions

_SENTENCE_ENDS = frozenset({".", ";", "?", "!"})
_SEPARATORS = _SENTENCE_ENDS | {",", ":", "-", "–", "—"}
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_AMOUNTS = frozenset({"dose", "portion", "percent", "concentration"})
_NAMED_BEFORE = _AMOUNTS | {"form", "route", "frequency"}
# Shorter words at its end are prepositions of what follows.
_SHORT = 4
# An unknown name has at most so many words.
_NAME_WORDS = 3


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
        self._intents = rules.intents
        cues = rules.intents
        self._order = Template(cues.order, self._stem)
        self._prescribed = Template(cues.prescribed, self._stem)
        self._taken = Template(cues.taken, self._stem)
        self._stopped = Template(cues.stopped, self._stem)
        self._stopped_after = Template(cues.stopped_after, self._stem)
        self._allergy = Template(cues.allergy, self._stem)
        self._reaction = Template(cues.reaction, self._stem)
        self._not_drugs = Template(rules.not_drugs, self._stem)
        self._amounts = {unit.unit: unit for unit in rules.units if unit.kind == "amount"}
        self._units = {unit.unit: unit for unit in rules.units}

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
        names = sorted([*names, *self._unknown(stems, words, names, sections)], key=lambda name: name.start)
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
        begin = _sentence_start(words, name.start, section)
        read = Prescription(end=name.start, adjusting=self._reader.adjust.last(stems, begin, name.start) is not None)
        if start < name.start:
            self._reader.read(stems, words, start, name.start, read)
        self._reader.note_form(stems, name.start, name.end, read)
        read.end = name.end
        self._reader.read(stems, words, name.end, max(limit, name.end), read)
        decided = self._intent(stems, words, name, read, (floor, limit), section)
        if decided is None:
            return None
        intent, doubts = decided
        fact = self._medication(name, read, start, " ".join(words[name.start : name.end]))
        reasons = (*fact.reasons, *doubts) if intent == "prescribed" else ()
        return replace(fact, intent=intent, reasons=tuple(dict.fromkeys(reasons)))

    def _before(self, stems: Elements, words: list[str], name: DrugName, floor: int) -> int:
        """Where a prescription begins that has its form, amount or route before the name ("по 1 таблетке …")."""
        start = name.start
        while start > floor:
            reach = max(floor, start - 4)
            element = next(
                (e for i in range(reach, start)
                 if (e := self._reader.element(stems, i, start)) is not None and e.end == start
                 and e.kind in ("form", "route", "dose", "percent", "portion")),
                None,
            )  # fmt: skip
            if element is None:
                break
            before = element.start - 1
            free = before < floor or words[before] in _SEPARATORS or self._begins(stems, before)
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
            for template in (self._order, self._prescribed, self._reader.fillers)
        )

    def _is_amount(self, said: str) -> bool:
        stems = Stems(said.split(), self._stem)
        unit = self._reader.unit(stems, 0, len(stems.stems))
        return unit is not None and unit.kind == "amount"

    def _intent(
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
        begin = _sentence_start(words, name.start, section)
        end = next((i for i in range(name.end, limit) if words[i] in _SENTENCE_ENDS), limit)
        by_section = self._intents.sections.get(section.kind) if section is not None else None
        if section is not None and section.kind in self._intents.none:
            whole = read.doses and (read.frequencies or read.timings or read.conditions)
            return ("prescribed", ("uncertain",)) if whole else None
        said = bool(read.doses or read.frequencies or read.conditions or read.durations)

        def last(template: Template) -> int:
            found = template.last(stems, begin, name.start)
            return found.end if found is not None else -1

        order, prescribed, taken, stopped = map(last, (self._order, self._prescribed, self._taken, self._stopped))
        allergy = last(self._allergy)
        if by_section == "allergy" or (
            allergy > max(order, prescribed, -1) and not any(map(_is_verb, words[allergy : name.start]))
        ):
            return "allergy", ()
        if not said and self._reaction.last(stems, name.end, min(end, name.end + 3)) is not None:
            return "allergy", ()
        around = self._reader.around.last(stems, begin, name.start)
        if not said and around is not None and around.end == name.start:
            return None
        after = self._stopped_after.last(stems, read.end, min(end, read.end + 4))
        if after is not None and not (said and self._leads_on(words, after.end, limit)):
            read.end = after.end
            return "stopped", ()
        if (
            stopped > max(order, prescribed)
            and name.start - stopped <= 2
            and words[name.start - 1] not in _SEPARATORS
        ):
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

    def _leads_on(self, words: list[str], i: int, limit: int) -> bool:
        """Whether the next drug's name follows a token directly: what is stopped is that drug."""
        return i >= min(limit, len(words)) < len(words) and (i == 0 or words[i - 1] not in _SEPARATORS)

    def _medication(self, name: DrugName, read: Prescription, start: int, said: str) -> Medication:
        reasons = [*name.reasons, *read.reasons]
        dose, unit, strength = self._amounts_of(read, reasons)
        times = self._times_of(read, reasons)
        if not read.doses and not read.local and name.drug is not None and name.drug.dose:
            reasons.append("no-dose")
        if dose is not None and unit is not None:
            reasons.extend(self._dose_doubts(name.drug, dose, unit))
        durations = {days for days in read.durations if days is not None}
        if len(durations) > 1:
            reasons.append("not-structured")
        if len(set(read.routes)) > 1:
            reasons.append("not-structured")
        if times is None and not read.as_needed:
            reasons.append("uncertain")
        if read.as_needed and (read.frequencies or read.durations):
            reasons.append("not-structured")
        return Medication(
            start=start,
            end=read.end,
            reasons=tuple(dict.fromkeys(reasons)),
            name=name.name,
            said=said,
            form=read.form,
            strength=strength,
            dose=dose,
            unit=unit.unit if unit else None,
            route=" ".join(dict.fromkeys(read.routes)) or None,
            times_per_day=None if read.as_needed else times,
            timing=" ".join(said for said, _ in read.timings) or None,
            condition=", ".join(read.conditions) or None,
            duration_days=min(durations, default=None),
            as_needed=read.as_needed,
        )

    def _amounts_of(self, read: Prescription, reasons: list[str]) -> tuple[float | None, DoseUnit | None, str | None]:
        """The dose, its unit, and the strength where an amount is dosed ("1 таблетка 50 мг")."""
        strength = read.strengths[0] if read.strengths else None
        distinct = list(dict.fromkeys(read.doses))
        if not distinct:
            return None, None, strength
        amounts = [(value, unit) for value, unit in distinct if unit is not None and unit.kind == "amount"]
        others = [(value, unit) for value, unit in distinct if unit is None or unit.kind != "amount"]
        if len(amounts) > 1 or len(others) > 1 or (others and amounts and strength):
            reasons.append("not-structured")
        if not (amounts and others):
            return (*distinct[0], strength)
        value, unit = others[0]
        if unit is None:
            reasons.append("unread-number")
            return (*amounts[0], strength)
        return (*amounts[0], f"{value:g} {unit.unit}".replace(".", ","))

    def _times_of(self, read: Prescription, reasons: list[str]) -> float | None:
        """Times a day: as said, else as many as times of the day were named."""
        counted = [times for _, times in read.timings if times is not None]
        implied = float(sum(counted)) if counted else None
        if len(set(read.frequencies)) > 1:
            reasons.append("not-structured")
        if read.frequencies:
            said = read.frequencies[0]
            if implied is not None and implied != said and said >= 1:
                reasons.append("contradiction")
            return said
        return implied

    def _dose_doubts(self, drug: Drug | None, dose: float, unit: DoseUnit) -> Iterator[str]:
        """Whether the drug is dosed so: its own range for the unit, else for one that converts, else the amount's."""
        if drug is None:
            return
        if not drug.dose:
            span = unit.usual
        else:
            span = drug.dose.get(unit.unit) or self._converted(drug, unit)
            if span is None and unit.unit in drug.forms:
                span = unit.usual
        if span is None:
            yield "unusual-unit"
        elif not span[0] <= dose <= span[1]:
            yield "unusual-dose"

    def _converted(self, drug: Drug, unit: DoseUnit) -> tuple[float, float] | None:
        for name, (low, high) in drug.dose.items():
            other = self._units.get(name)
            if other is not None and other.kind == unit.kind != "amount" and unit.scale and other.scale:
                factor = other.scale / unit.scale
                return low * factor, high * factor
        return None

    def _unknown(
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
        while i < stop and words[i] not in _SEPARATORS:
            following = self._reader.element(stems, i, end)
            if following is not None and following.kind not in ("percent",):
                break
            i += 1
        return i

    def _prescribing(self, stems: Elements, words: list[str], sections: list[Section]) -> Iterator[tuple[int, int]]:
        """Stretches where prescriptions are dictated."""
        for section in sections:
            if self._intents.sections.get(section.kind) == "prescribed":
                yield section.start, section.end
        for found in self._order.within(stems, 0, len(words)):
            if not any(s.start <= found.start < s.end for s in sections):
                end = next((i for i in range(found.end, len(words)) if words[i] in _SENTENCE_ENDS), len(words))
                yield found.end, end

    def _run_before(
        self, stems: Elements, words: list[str], i: int, floor: int, owned: set[int]
    ) -> tuple[int, int] | None:
        """The one to three words right before a token that no element, name or filler accounts for."""
        end = i
        while (
            end > floor
            and self._reader.fillers.at(stems, end - 1, end) is not None
            and words[end - 1] not in _SEPARATORS
        ):
            end -= 1
        start = end
        while start > floor and end - start < _NAME_WORDS:
            t = start - 1
            named = start > floor + 1 and start == end and words[t].isdigit() and _WORD.fullmatch(words[t - 1])
            if t in owned or words[t] in _SEPARATORS or not (named or _WORD.fullmatch(words[t])):
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


def _is_verb(word: str) -> bool:
    return parses(word)[0].tag.POS in ("VERB", "INFN", "PRTS")


def _section_at(sections: list[Section], token: int) -> Section | None:
    return next((s for s in sections if s.start <= token < s.end), None)


def _sentence_start(words: list[str], i: int, section: Section | None) -> int:
    floor = section.start if section is not None else 0
    while i > floor and words[i - 1] not in _SENTENCE_ENDS:
        i -= 1
    return i


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
