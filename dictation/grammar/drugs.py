"""Schema of `grammars/*/drugs/*.yaml`: the drugs doctors name, how they are dosed, what they are kin to."""

from __future__ import annotations

from functools import cache

from pydantic import Field, model_validator

from dictation.grammar.rules import Rules, load_folder

Range = tuple[float, float]


class Drug(Rules):
    """One substance, or one fixed combination.

    `name` is the INN in lower case, nominative ("лозартан"; a combination "амоксициллин + клавулановая кислота",
    its parts also in `components`). `trade` are trade names, `aliases` other wordings doctors use, both lower case.
    `classes` group drugs that share an allergy ("пенициллин", "нпвс", "сульфаниламид"). `dose` gives, for each unit
    the drug is dosed in, the usual span of a single dose over all ages and uses, wide: a dose outside it, or in a
    unit that is not listed, is shown for checking. A drug used on the skin only has no dose. `forms` are dosage
    forms as single nouns ("таблетка", "капля", "мазь").
    """

    name: str = Field(min_length=3)
    trade: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    dose: dict[str, Range] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> Drug:
        for unit, (low, high) in self.dose.items():
            if not 0 < low <= high:
                raise ValueError(f"{self.name}: dose range of '{unit}' is not a range")
        if ("+" in self.name) != bool(self.components):
            raise ValueError(f"{self.name}: a combination lists its components, a single drug none")
        return self

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every wording that names this drug."""
        return (self.name, *self.trade, *self.aliases)


class DrugFile(Rules):
    drugs: tuple[Drug, ...]

    def problems(self) -> list[str]:
        return duplicate_wordings(self.drugs)


def duplicate_wordings(drugs: tuple[Drug, ...]) -> list[str]:
    """Wordings that two drugs claim: only the first would ever be found."""
    owner: dict[str, str] = {}
    found = []
    for drug in drugs:
        for wording in drug.spoken:
            if wording in owner:
                found.append(f"'{wording}' names both {owner[wording]} and {drug.name}")
            owner.setdefault(wording, drug.name)
    return found


@cache
def drugs(language: str) -> tuple[Drug, ...]:
    """All drugs of a language, in file order."""
    return tuple(drug for file in load_folder(language, "drugs", DrugFile) for drug in file.drugs)
