"""From what was read of a prescription to its dose, its strength and times a day, and what is to be doubted."""

from __future__ import annotations

from collections.abc import Iterator

from dictation.clinical.drug_names import DrugName
from dictation.clinical.facts import Medication
from dictation.clinical.prescription import Prescription
from dictation.grammar.drugs import Drug
from dictation.grammar.prescriptions import DoseUnit, Prescriptions


def _is_one(amount: float, unit: DoseUnit | None) -> bool:
    return unit is not None and unit.whole and amount == 1


class Posology:
    """Makes a `Medication` of a name and what stands around it."""

    def __init__(self, rules: Prescriptions) -> None:
        self._units = {unit.unit: unit for unit in rules.units}
        self._forms = frozenset(form.form for form in rules.forms)

    def unit(self, name: str) -> DoseUnit | None:
        """A unit of doses as it is written ("мг")."""
        return self._units.get(name)

    def medication(self, name: DrugName, read: Prescription, start: int, said: str) -> Medication:
        """The medication from token `start` on, prescribed until its intent is known."""
        reasons = [*name.reasons, *read.reasons]
        dose, unit, strength = self._amounts_of(read, reasons)
        times = self._times_of(read, reasons)
        if not read.doses and not read.local and name.drug is not None and name.drug.dose:
            reasons.append("no-dose")
        if dose is not None and unit is not None:
            reasons.extend(self.dose_doubts(name.drug, dose, unit))
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
            form=read.form or self._form_of(read, unit),
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
        """The dose, its unit, and the strength where an amount is dosed ("2 таблетки 50 мг"). One tablet is dosed by
        what it holds."""
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
        if _is_one(*amounts[0]) and unit.kind in ("mass", "activity") and len(distinct) == 2 and strength is None:
            return value, unit, None
        return (*amounts[0], f"{value:g} {unit.unit}".replace(".", ","))

    def _form_of(self, read: Prescription, dosed: DoseUnit | None) -> str | None:
        """The form that the dose itself no longer names ("5 мг по 1 таблетке")."""
        counted = [unit.unit for _, unit in read.doses if unit is not None and unit.unit in self._forms]
        return counted[0] if counted and dosed is not None and dosed.unit not in counted else None

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

    def dose_doubts(self, drug: Drug | None, dose: float, unit: DoseUnit) -> Iterator[str]:
        """Whether the drug is dosed so: its own range for the unit, else for one that converts, else the amount's."""
        if drug is None:
            return
        if not drug.dose:
            span = unit.usual
        else:
            span = drug.dose.get(unit.unit) or self._converted(drug, unit)
            if span is None and {unit.unit, *unit.forms} & set(drug.forms):
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
