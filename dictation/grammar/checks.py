"""Schema of `grammars/*/checks.yaml`: risky words, how sure a recogniser must be of them, and what fits whom."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from dictation.grammar.rules import Rules, load

Share = Annotated[float, Field(ge=0, le=1)]
Risk = Literal["number", "name", "negation", "side", "diagnosis", "text", "following", "word"]
CodeRange = Annotated[str, Field(pattern=r"^[A-Z]\d\d(-[A-Z]\d\d)?$")]


class Only(Rules):
    """What only some patients have: ICD-10 rubrics ("N40", "O00-O99") and beginnings of words."""

    codes: tuple[CodeRange, ...] = ()
    words: tuple[str, ...] = ()

    def holds(self, code: str) -> bool:
        """Whether a code lies in one of the ranges."""
        rubric = code[:3].upper()
        return any(low <= rubric <= (high or low) for low, _, high in (span.partition("-") for span in self.codes))


class Ages(Only):
    """The same, for patients from `least` to `most` years of age."""

    least: float = 0
    most: float = 150


class Stray(Rules):
    """Words that go with what fills a field, and the sections they have no business in; in those of `behind` only
    where the word of another stray stands before them."""

    words: tuple[str, ...]
    sections: tuple[str, ...]
    behind: tuple[str, ...] = ()


class CheckRules(Rules):
    """`confidence`: by engine (`default` for others), below which confidence of a word its value needs a look; of a
    whole `text` it is the mean, of one `word` of a text and of one `following` a number what is as good as not heard;
    `unsure` lists, by engine, words of which it is never sure, right or wrong, so that they are not counted;
    `negations` are whole words, `sides` beginnings of words. `idle` words may be left over without loss. `owners`
    names, for sections that no text field takes, the source of facts (see forms) that should have taken their words.
    `strays`, by the source of facts: where nothing of it was found, one of these words tells that it was lost.
    `measured` names the sections whose numbers are measurements, `bmi` bounds what height and weight may give.
    Phrases whose words begin like those of one of `childish` say of a patient of unknown age that it is a child.
    `sections_of_today` speak of the patient as they are, so that words of the other sex there are a contradiction.
    """

    confidence: dict[str, dict[Risk, Share]]
    unsure: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    negations: tuple[str, ...]
    sides: tuple[str, ...]
    idle: tuple[str, ...]
    owners: dict[str, str]
    strays: dict[str, Stray] = Field(default_factory=dict)
    measured: tuple[str, ...]
    bmi: tuple[float, float]
    childish: tuple[str, ...]
    sections_of_today: tuple[str, ...]
    sexes: dict[Literal["male", "female"], Only]
    ages: tuple[Ages, ...]

    def problems(self) -> list[str]:
        return [] if "default" in self.confidence else ["confidence has no 'default'"]

    def underrated(self, engine: str | None, word: str) -> bool:
        """Whether the engine's confidence in this word says nothing."""
        return word.lower().strip(".,:;-–") in self.unsure.get(engine or "", ())

    def least(self, engine: str | None, risk: Risk) -> float:
        """The confidence that a word of this risk needs."""
        given = self.confidence.get(engine or "", self.confidence["default"])
        return given.get(risk, self.confidence["default"].get(risk, 0.0))


@cache
def check_rules(language: str) -> CheckRules:
    """The rules of a language."""
    return load(language, "checks", CheckRules)
