"""Status of findings. The sentences and what they assert are worked out by hand."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import Finding, get


def statuses(nlp: Language, text: str) -> dict[str, str]:
    return {finding.text: finding.status for finding in get(nlp(text), Finding)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Жалобы. Тошноты, рвоты, головокружения нет.",
            {"тошнота": "absent", "рвота": "absent", "головокружение": "absent"},
        ),
        ("Жалобы. Кашель, одышки нет.", {"кашель": "present", "одышка": "absent"}),
        ("Жалобы. Тошнота есть, рвоты нет.", {"тошнота": "present", "рвота": "absent"}),
        ("Объективно. Без отёков и сыпи.", {"отёки": "absent", "сыпь": "absent"}),
        (
            "Объективно. Печень не увеличена, селезёнка увеличена.",
            {"увеличение печени": "absent", "увеличение селезёнки": "present"},
        ),
        ("Объективно. Миндалины гиперемированы, сыпи нет.", {"гиперемия миндалин": "present", "сыпь": "absent"}),
        (
            "Объективно. Пузырьки на фоне эритемы, нагноения нет.",
            {"пузырьки": "present", "эритема": "present", "нагноение": "absent"},
        ),
        ("Объективно. Живот безболезненный.", {"болезненность живота": "absent"}),
        ("Объективно. Симптом Хоманса отрицательный.", {"симптом Хоманса": "absent"}),
        ("Жалоб на кашель, одышку не предъявляет.", {"кашель": "absent", "одышка": "absent"}),
        ("Жалобы. Травму и озноб отрицает.", {"травма": "absent", "озноб": "absent"}),
        ("Жалобы. Ни тошноты, ни рвоты не было.", {"тошнота": "absent", "рвота": "absent"}),
        (
            "Жалобы. Снижение настроения, суицидальные мысли отрицает.",
            {"снижение настроения": "present", "суицидальные мысли": "absent"},
        ),
        ("Объективно. Не исключается пневмония справа.", {"пневмония справа": "possible"}),
        ("Объективно. Подозрение на перелом лодыжки.", {"перелом лодыжки": "possible"}),
        ("Анамнез жизни. У матери мигрень.", {"мигрень": "family"}),
        (
            "Анамнез жизни. Мать страдала гипертонией, перенесла инсульт.",
            {"гипертония": "family", "инсульт": "family"},
        ),
        ("Анамнез жизни. В детстве были частые отиты.", {"частый отит": "historical"}),
        ("Анамнез жизни. Инфаркт миокарда в 2015 году.", {"инфаркт миокарда": "historical"}),
        ("Анамнез жизни. Не курит.", {"курение": "absent"}),
        ("Анамнез заболевания. Тогда же перенёс инфаркт миокарда.", {"инфаркт миокарда": "historical"}),
        ("Анамнез заболевания. Со слов матери, кашель неделю.", {"кашель": "present"}),
        ("Анамнез заболевания. Терапию не получал.", {"получение терапии": "absent"}),
    ],
)
def test_status(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "жалобы отрыжки икоты горечи во рту нет",
            {"отрыжка": "absent", "икота": "absent", "горечь во рту": "absent"},
        ),
        ("жалобы на одышку отёков ортопноэ нет", {"одышка": "present", "отёки": "absent", "ортопноэ": "absent"}),
        (
            "анамнез жизни малярию бруцеллёз сифилис отрицает",
            {"малярия": "absent", "бруцеллёз": "absent", "сифилис": "absent"},
        ),
        ("анамнез жизни травмы переливание крови отрицает", {"травмы": "absent", "переливание крови": "absent"}),
    ],
)
def test_list_without_marks_under_one_denial(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Анамнез жизни. У деда глаукома, перенёс краснуху.",
            {"глаукома": "family", "краснуха": "historical"},
        ),
        ("анамнез жизни мать страдает астмой болел коклюшем", {"астма": "family", "коклюш": "historical"}),
        ("анамнез жизни у родителей астма аллергию отрицает", {"астма": "family", "аллергия": "absent"}),
        ("Анамнез жизни. Сестра здорова, перенесла желтуху.", {"желтуха": "family"}),
        ("Анамнез заболевания. У жены чесотка, соседка болеет гриппом.", {"чесотка": "family", "грипп": "family"}),
        ("Анамнез заболевания. Контакт с больной корью. Насморк.", {"корь": "family", "насморк": "present"}),
        ("Анамнез заболевания. Кашель после контакта с больной соседкой.", {"кашель": "present"}),
        ("Анамнез жизни. Переболела ветрянкой, псориаз у брата.", {"ветрянка": "historical", "псориаз": "family"}),
        ("анамнез жизни у сестры бронхиальная астма не курит", {"бронхиальная астма": "family", "курение": "absent"}),
        ("анамнез жизни у матери мигрень ушиб почки в 2016 году", {"мигрень": "family", "ушиб почки": "historical"}),
        ("анамнез жизни курит 20 лет в 2008 году туберкулёз", {"курение": "present", "туберкулёз": "historical"}),
        ("анамнез жизни операций не было курит", {"операции": "absent", "курение": "present"}),
        ("анамнез жизни корью болел в детстве", {"корь": "historical"}),
    ],
)
def test_whose_disease(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Жалобы на отсутствие вкуса.", {"отсутствие вкуса": "present"}),
        ("Жалобы. По ночам не спит.", {"нарушение сна": "present"}),
        ("Объективно. Отсутствие отёков.", {"отёки": "absent"}),
        ("Анамнез заболевания. Не исключается киста яичника.", {"киста яичника": "possible"}),
        ("жалоб нет страдает подагрой", {"подагра": "present"}),
        ("Анамнез заболевания. Амлодипин отменён из-за отёков.", {"отёки": "historical"}),
    ],
)
def test_denial_that_is_none(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text) == expected


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("Жалобы. Боль не проходит.", "боль"),
        ("Жалобы. Не только кашель, но и одышка.", "кашель"),
        ("Жалобы. Кашель не менее двух недель.", "кашель"),
    ],
)
def test_what_denies_nothing(nlp: Language, text: str, finding: str) -> None:
    assert statuses(nlp, text)[finding] == "present"


def test_no_denial_crosses_into_the_next_section(nlp: Language) -> None:
    text = "жалобы боли внизу живота нет анамнез жизни курит 10 лет объективно отёки голеней"
    assert statuses(nlp, text) == {"боль внизу живота": "absent", "курение": "present", "отёки голеней": "present"}


@pytest.mark.parametrize(
    ("patient", "status", "reasons"),
    [
        ("обратился вчера", "family", ()),
        ("обратилась вчера", "historical", ("uncertain",)),
        ("кашель вчера", "family", ("uncertain",)),
    ],
)
def test_a_second_verb_after_a_relative_is_of_the_patients_gender_or_doubted(
    nlp: Language, patient: str, status: str, reasons: tuple[str, ...]
) -> None:
    text = f"анамнез заболевания {patient} анамнез жизни мать страдала гипертонией перенесла инсульт"
    [stroke] = [f for f in get(nlp(text), Finding) if f.text == "инсульт"]
    assert (stroke.status, stroke.reasons) == (status, reasons)


def test_a_complement_is_no_item_of_the_denied_list(nlp: Language) -> None:
    text = "объективно пузырьки на фоне эритемы нагноения нет"
    assert statuses(nlp, text) == {"пузырьки": "present", "эритема": "present", "нагноение": "absent"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Объективно. Симптомы Кернига и Брудзинского отрицательные.",
            {"симптом Кернига": "absent", "симптом Брудзинского": "absent"},
        ),
        (
            "Объективно. Симптом поколачивания справа положительный, слева отрицательный.",
            {"симптом поколачивания справа": "present", "симптом поколачивания слева": "absent"},
        ),
        (
            "объективно симптом кернига отрицательный симптом ласега положительный слева живот мягкий",
            {"симптом кернига": "absent", "симптом ласега слева": "present"},
        ),
        (
            "объективно положительный симптом ласега слева отрицательный симптом вассермана",
            {"симптом ласега слева": "present", "симптом вассермана": "absent"},
        ),
        ("Объективно. Менингеальные симптомы отрицательные.", {"менингеальные симптомы": "absent"}),
        ("Объективно. Проба Манту сомнительная.", {"проба Манту": "possible"}),
    ],
)
def test_tested_signs(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "жалобы на боль и припухлость на спине температура не повышалась",
            {"боль на спине": "present", "припухлость на спине": "present"},
        ),
        (
            "анамнез жизни отец умер от рака лёгкого лекарственной аллергии нет",
            {"рак лёгкого": "family", "лекарственная аллергия": "absent"},
        ),
        (
            "анамнез заболевания поднял тяжёлый мешок нарушений мочеиспускания не было",
            {"нарушение мочеиспускания": "absent"},
        ),
        (
            "объективно кожные покровы бледные живот мягкий безболезненный",
            {"бледность кожных покровов": "present", "болезненность живота": "absent"},
        ),
    ],
)
def test_a_denial_keeps_to_its_own_subject(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text).items() >= expected.items()


def test_a_reaction_is_the_allergys(nlp: Language) -> None:
    assert statuses(nlp, "Жалобы. Кашель. Аллергоанамнез. На пенициллин сыпь.") == {"кашель": "present"}


def test_cue_is_kept(nlp: Language) -> None:
    [finding] = get(nlp("Жалобы. Рвоты не было."), Finding)
    assert finding.cue == "не было"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Жалобы на слабость, рвота нет.", {"слабость": "present", "рвота": "absent"}),
        ("Жалобы на боль, крови в стуле и похудание нет.", {"кровь в стуле": "absent", "похудание": "absent"}),
        ("Жалобы на боли за грудиной обмороков нет.", {"боль за грудиной": "absent", "обмороки": "absent"}),
        ("Жалобы на температуру до 39 кашля и насморка нет.", {"кашель": "absent", "насморк": "absent"}),
        ("Жалобы. Тошнота нет рвоты.", {"тошнота": "present", "рвота": "absent"}),
    ],
)
def test_a_denial_of_what_was_misheard(nlp: Language, text: str, expected: dict[str, str]) -> None:
    assert statuses(nlp, text).items() >= expected.items()


def test_what_a_verb_has_is_no_item_of_the_list_denied_after_it(nlp: Language) -> None:
    found = statuses(nlp, "Анамнез жизни. В детстве перенесла острый цистит, беременность отрицает.")
    assert found == {"острый цистит": "historical", "беременность": "absent"}


def test_a_verb_right_behind_a_relative_is_the_relatives(nlp: Language) -> None:
    found = statuses(nlp, "Анамнез жизни. Мать страдал гипертонией, перенесла инсульт.")
    assert found == {"гипертония": "family", "инсульт": "family"}
