"""Substances, reactions, denials, and what was not understood."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import Allergy, Section, get


def allergies(nlp: Language, text: str) -> list[tuple[str | None, str | None, bool]]:
    return [(a.substance, a.reaction, a.denied) for a in get(nlp(text), Allergy)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Аллергологический анамнез не отягощён.", [(None, None, True)]),
        ("Аллергию отрицает.", [(None, None, True)]),
        ("Аллергия. Не было.", [(None, None, True)]),
        ("Аллергоанамнез. На цефтриаксон крапивница.", [("цефтриаксон", "крапивница", False)]),
        ("Аллергоанамнез. На коровье молоко сыпь.", [("коровье молоко", "сыпь", False)]),
        ("Аллергоанамнез. На латекс контактный дерматит.", [("латекс", "контактный дерматит", False)]),
        ("Аллергоанамнез. Реакция на пыльцу полыни, пищевой аллергии нет.", [("пыльца полыни", None, False)]),
        ("аллергологический анамнез реакция на пыльцу полыни пищевой аллергии нет", [("пыльца полыни", None, False)]),
        ("Аллергоанамнез. Аллергии на лекарства не отмечает.", [(None, None, True)]),
    ],
)
def test_allergies(nlp: Language, text: str, expected: list[tuple[str | None, str | None, bool]]) -> None:
    assert allergies(nlp, text) == expected


def test_a_drug_brings_its_classes(nlp: Language) -> None:
    [allergy] = get(nlp("Аллергоанамнез. На цефтриаксон сыпь."), Allergy)
    assert "цефалоспорин" in allergy.classes


def test_what_is_not_understood_asks_for_a_look(nlp: Language) -> None:
    [section] = get(nlp("Аллергоанамнез. Найется."), Section)
    assert section.reasons == ("not-understood",)
