"""Substances, reactions, denials, and what was not understood."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import Allergy, Section, get


def allergies(nlp: Language, text: str) -> list[tuple[str | None, str | None, bool]]:
    return [(a.substance, a.reaction, a.denied) for a in get(nlp(text), Allergy)]


def in_section(nlp: Language, text: str, kind: str = "allergies") -> str:
    doc = nlp(text)
    return " ".join(s.span(doc).text for s in get(doc, Section) if s.kind == kind)


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
        ("Аллергия на пенициллин, была крапивница.", [("пенициллин", "крапивница", False)]),
        ("Аллергоанамнез. На новокаин отёк, на йод зуд.", [("новокаин", "отёк", False), ("йод", "зуд", False)]),
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


MORBI = "Жалобы на кашель. Анамнез заболевания. Болеет неделю, лечилась самостоятельно. "
VITAE = "Жалобы на кашель. Анамнез жизни. Рос и развивался нормально. "


@pytest.mark.parametrize(
    ("before", "said", "told"),
    [
        (MORBI, "Аллергия на пенициллин, была крапивница.", [("пенициллин", "крапивница", False)]),
        (MORBI, "Аллергии на лекарства нет.", [(None, None, True)]),
        (MORBI, "Непереносимость новокаина.", [("новокаин", None, False)]),
        (MORBI, "Лекарственную аллергию отрицает.", [(None, None, True)]),
        (MORBI, "Отмечает аллергию на шерсть кошек.", [("шерсть кошек", None, False)]),
        (MORBI, "Со слов мамы аллергия на цефтриаксон.", [("цефтриаксон", None, False)]),
        (VITAE, "На пенициллин отёк Квинке.", [("пенициллин", "отёк Квинке", False)]),
        (VITAE, "Пенициллин не переносит.", [("пенициллин", None, False)]),
        (VITAE, "Крапивница на латекс в детстве.", [("латекс", "крапивница", False)]),
    ],
)
@pytest.mark.parametrize("marks", [True, False], ids=["marks", "none"])
def test_statements_open_the_section_under_any_heading(
    nlp: Language, before: str, said: str, told: list[tuple[str | None, str | None, bool]], marks: bool
) -> None:
    text = f"{before}{said} Объективно. Зев чистый."
    if marks:
        assert in_section(nlp, text) == said
    else:
        text = text.lower().replace(".", "").replace(",", "")
    assert allergies(nlp, text) == told
    assert not in_section(nlp, text, "objective").startswith("аллерг")


def test_without_marks_the_rest_of_the_sentence_stays(nlp: Language) -> None:
    text = "жалобы на кашель анамнез жизни аллергии нет операций не было курит объективно зев чистый"
    assert in_section(nlp, text) == "аллергии нет"
    assert in_section(nlp, text, "anamnesis-vitae").strip() == "операций не было курит"


@pytest.mark.parametrize(
    "said",
    ["Туберкулёз, гепатит, аллергию отрицает.", "Операций, аллергии не было.", "У матери аллергия на пыльцу."],
)
def test_a_list_is_not_torn_from_its_denial(nlp: Language, said: str) -> None:
    text = f"Жалобы на кашель. Анамнез жизни. {said} Объективно. Зев чистый."
    assert in_section(nlp, text, "anamnesis-vitae") == said
    assert in_section(nlp, text) == ""


def test_what_a_relative_has_is_no_item_of_the_list(nlp: Language) -> None:
    text = "Анамнез жизни. У сестры аутоиммунный тиреоидит, аллергий у пациентки нет. Объективно. Зев чистый."
    assert in_section(nlp, text) == "аллергий у пациентки нет."
    assert in_section(nlp, text, "anamnesis-vitae").startswith("У сестры аутоиммунный тиреоидит")


@pytest.mark.parametrize(
    ("said", "substance"),
    [
        ("Насморк при аллергии на пыльцу второй год.", "пыльца"),
        ("Болеет неделю, на амоксициллин появилась сыпь по телу.", "амоксициллин"),
        ("Вчера после приёма амоксициллина появилась крапивница.", "амоксициллин"),
    ],
)
def test_what_is_told_in_passing_is_an_allergy_told_elsewhere(nlp: Language, said: str, substance: str) -> None:
    text = f"Жалобы на кашель. Анамнез заболевания. {said} Объективно. Зев чистый."
    [allergy] = get(nlp(text), Allergy)
    assert (allergy.substance, allergy.reasons) == (substance, ("allergy-elsewhere",))
    assert in_section(nlp, text) == ""


@pytest.mark.parametrize(
    "text",
    [
        "Назначено. Супрастин 1 таблетка на ночь при аллергии.",
        "Анамнез заболевания. После супрастина сыпь прошла.",
        "Жалобы на непереносимость физической нагрузки.",
        "Обследование. Анализ на аллергию к пыльце.",
        "Анамнез жизни. У матери аллергия на пенициллин.",
    ],
)
def test_no_allergy_of_the_patient(nlp: Language, text: str) -> None:
    assert allergies(nlp, text) == []


@pytest.mark.parametrize(
    "said",
    [
        "Лекарственная аллергия отрицается.",
        "Аллергией на медикаменты не страдает.",
        "На препараты реакций не замечала.",
        "Аллергические реакции на лекарства отрицаются.",
        "Реакций на медикаменты не припоминает.",
    ],
)
def test_a_denial_in_a_sentence_is_of_the_allergies(nlp: Language, said: str) -> None:
    text = f"Анамнез жизни. Не курит. {said} Объективно. Зев розовый."
    assert allergies(nlp, text) == [(None, None, True)]
    assert in_section(nlp, text) == said


def test_what_is_borne_well_is_no_allergy(nlp: Language) -> None:
    doc = nlp("Аллергологический анамнез. Все препараты переносит нормально.")
    assert [(a.substance, a.denied) for a in get(doc, Allergy)] == [(None, True)]
    assert [s.reasons for s in get(doc, Section)] == [()]


def test_a_denied_reaction_is_of_its_own_substance(nlp: Language) -> None:
    text = "Аллергоанамнез. На йод сыпь. На антибиотики аллергии не было."
    assert allergies(nlp, text) == [("йод", "сыпь", False)]


def test_only_keeps_the_word_for_allergy(nlp: Language) -> None:
    text = "Сама не курит. Аллергия только на орехи. При осмотре зев розовый."
    assert in_section(nlp, text) == "Аллергия только на орехи."


def test_a_verb_tells_the_reaction(nlp: Language) -> None:
    text = "Анамнез жизни. На ибупрофен опухли веки. Объективно. Зев розовый."
    assert in_section(nlp, text) == "На ибупрофен опухли веки."
    assert allergies(nlp, text) == [("ибупрофен", None, False)]


def test_no_particle_is_a_substance(nlp: Language) -> None:
    assert allergies(nlp, "Аллергоанамнез. Непереносимости не выявлял.") == [(None, None, True)]
