"""Schema of `grammars/*/quantities.yaml`: units, dates, codes, and the words that tell what a number is."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.rules import Rules, load

Words = tuple[str, ...]
Bounds = tuple[int, int]


class Unit(Rules):
    """A unit that is written short. `said` are its spoken forms, one to five words each; `dose` marks what drugs
    are dosed in; `joined` stands right after the number ("95%")."""

    written: str
    said: Words = Field(min_length=1)
    dose: bool = False
    joined: bool = False


class TemperatureBounds(Rules):
    """Degrees Celsius that a body can have."""

    low: int
    high: int


class PressureBounds(Rules):
    """Blood pressure, mmHg: what can be one where it is spoken of, and what can be nothing else."""

    upper: Bounds
    lower: Bounds
    sure_upper: Bounds
    sure_lower: Bounds


class Cues(Rules):
    """Beginnings of the words that tell what the number after them measures."""

    temperature: Words
    pressure: Words
    angle: Words
    tenths: Words
    counted: Words


class HeightWords(Rules):
    """A height in metres and centimetres, and the unit it is written in; the words before a weight, and between how
    many kilograms it is that of no infant."""

    cues: Words
    metres: Words
    unit: str
    weight: Words
    no_infant: tuple[float, float]


class StageLetters(Rules):
    """Letters that belong to a stage, before its noun or one of the `followers`, or wherever they follow its
    number."""

    before_noun: Words
    followers: Words
    alone: Words


class NamedLetter(Rules):
    """How a letter is written, and the numbers that make a name with it."""

    written: str
    numbers: tuple[int, ...]


class LetteredNames(Rules):
    """Names made of a letter and a number, after one of the carriers."""

    carriers: Words
    letters: dict[str, NamedLetter]


class PlausibleCount(Rules):
    """How many of some things are counted at most; nouns by their beginnings."""

    most: int
    nouns: Words


class QuantityRules(Rules):
    """What surrounds numbers. The comments in the file explain each list; words are lower case, lists named as
    stems hold beginnings of words."""

    units: tuple[Unit, ...]
    degrees: Words
    temperature: TemperatureBounds
    pressure: PressureBounds
    cues: Cues
    bare_ordinals: Words
    counted: Words
    times: Words
    most_times: int
    rates: Words
    most_counted: tuple[PlausibleCount, ...]
    labels: Words
    one_phrases: Words
    one_not_before: Words
    one_not_after: Words
    ordinal_phrases: Words
    first_few: Words
    shared: Words
    height: HeightWords
    split_units: dict[str, str]
    stage_letters: StageLetters
    lettered_names: LetteredNames
    range_openers: Words
    clock_openers: Words
    year: Words
    months: dict[int, Words]
    code_words: Words
    code_dashes: Words
    letters: dict[str, Words]
    ambiguous_letters: Words
    letters_as_words: Words

    def problems(self) -> list[str]:
        owner: dict[str, str] = {}
        found = []
        for unit in self.units:
            for form in unit.said:
                if owner.setdefault(form, unit.written) != unit.written:
                    found.append(f"'{form}' stands for both {owner[form]} and {unit.written}")
        return found


@cache
def quantities(language: str) -> QuantityRules:
    """The rules of a language."""
    return load(language, "quantities", QuantityRules)
