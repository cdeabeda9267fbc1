"""Sections of notes that are told without headings: introductions, results, denials, orders. Texts are made up."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import Section, get


def sections(nlp: Language, text: str) -> list[tuple[str, str]]:
    doc = nlp(text)
    return [(s.kind, s.span(doc).text) for s in get(doc, Section)]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("Девушка 17 лет, школьница, пришла с тем, что неделю болит ухо. Заболела остро.", "неделю болит ухо."),
        ("Мужчина 54 лет, водитель. Ноет колено. Болен месяц.", "Ноет колено."),
        ("Пожилая женщина 82 лет с дочерью. Шумит в ушах. Болеет месяц.", "Шумит в ушах."),
        ("Обратилась учительница 45 лет, беспокоит осиплость. Болеет неделю.", "осиплость."),
        ("Ребёнок 8 месяцев. Жалобы на сыпь.", "сыпь."),
        ("Зуд рук. Мужчина 40 лет с женой. Заболел вчера.", "Зуд рук. Мужчина 40 лет с женой."),
    ],
)  # fmt: skip
def test_who_the_patient_is_belongs_to_no_section(nlp: Language, text: str, complaint: str) -> None:
    assert sections(nlp, text)[0] == ("complaints", complaint)


def test_an_introduction_without_marks(nlp: Language) -> None:
    text = "юноша 16 лет зудит кожа болеет с весны"
    assert sections(nlp, text) == [("complaints", "зудит кожа"), ("anamnesis-morbi", "болеет с весны")]


def test_an_introduction_leads_to_no_loss_without_marks(nlp: Language) -> None:
    text = "на приёме мужчина 47 лет беспокоят изжога отрыжка заболел год назад при осмотре живот мягкий"
    assert sections(nlp, text) == [
        ("complaints", "изжога отрыжка"),
        ("anamnesis-morbi", "заболел год назад"),
        ("objective", "живот мягкий"),
    ]


@pytest.mark.parametrize("said", ["Смотрю её,", "Осматриваю,", "Смотрю ребёнка,", "При осмотре"])
def test_words_of_looking_open_the_examination(nlp: Language, said: str) -> None:
    text = f"Беспокоит слабость. Болен неделю. {said} зев чистый."
    assert sections(nlp, text)[2:] == [("objective", "зев чистый.")]


@pytest.mark.parametrize(
    "said",
    [
        "Данных за ангину нет.",
        "Данные за ангину отсутствуют.",
        "Нельзя исключить мононуклеоз.",
        "Скарлатина не исключается.",
        "На рентгенограмме от 3 мая очагов нет.",
        "По УЗИ почки без камней, лоханки не расширены.",
        "В общем анализе крови лейкоциты 12.",
        "ЭКГ от 5 мая без изменений.",
    ],
)
def test_what_was_found_stays_in_the_examination(nlp: Language, said: str) -> None:
    text = f"Беспокоит слабость. Болен неделю. При осмотре зев чистый. {said} Диагноз острый фарингит."
    assert sections(nlp, text)[2:] == [("objective", f"зев чистый. {said}"), ("diagnosis", "острый фарингит.")]


def test_an_examination_behind_a_preposition_is_still_ordered(nlp: Language) -> None:
    text = "Беспокоит слабость. При осмотре пульс 70. Диагноз анемия. Направляю на УЗИ почек, на КТ."
    assert sections(nlp, text)[-1] == ("examinations", "УЗИ почек, на КТ.")


@pytest.mark.parametrize(
    "order",
    [
        "Ногу не нагружать, спиртное не употреблять.",
        "Полоскать рот шалфеем, с детьми пока не работать.",
        "Щадящий режим, курить бросить.",
        "Физический покой, алкоголь исключить.",
    ],
)
def test_orders_behind_the_plan_are_recommendations(nlp: Language, order: str) -> None:
    plan = "Назначаю ибупрофен 400 мг. Сдать общий анализ крови."
    text = f"Беспокоит боль. Диагноз растяжение связок. {plan} {order} Приём через неделю."
    assert sections(nlp, text)[-2:] == [("recommendations", order), ("follow-up", "через неделю.")]


def test_an_order_names_its_object_first_without_marks(nlp: Language) -> None:
    text = "диагноз отит направляю на посев крови на бруцеллы воду кипятить явка через неделю"
    assert sections(nlp, text)[-3:] == [
        ("examinations", "посев крови на бруцеллы"),
        ("recommendations", "воду кипятить"),
        ("follow-up", "через неделю"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Беспокоит одышка. Отёков и обмороков за последний год не было. Болен с весны.",
            ["одышка. Отёков и обмороков за последний год не было.", "Болен с весны."],
        ),
        (
            "Жалуется на скованность. Боли беспокоят второй год, утром хуже.",
            ["скованность.", "Боли беспокоят второй год, утром хуже."],
        ),
        (
            "Беспокоят боли внизу живота. Заболела вчера. Задержки менструации не было.",
            ["боли внизу живота.", "Заболела вчера. Задержки менструации не было."],
        ),
        (
            "Беспокоит лихорадка. Болен месяц. Гепатитом не болел, в 2015 году удалён аппендикс.",
            ["лихорадка.", "Болен месяц.", "Гепатитом не болел, в 2015 году удалён аппендикс."],
        ),
    ],
)
def test_histories_are_told_apart(nlp: Language, text: str, expected: list[str]) -> None:
    kinds = ("complaints", "anamnesis-morbi", "anamnesis-vitae")
    assert sections(nlp, text) == list(zip(kinds, expected, strict=False))


@pytest.mark.parametrize(
    "illness",
    [
        "Бронхиальная астма 6 лет, постоянно использует будесонид 200 мкг.",
        "Инсульт перенёс в 2020 году, принимает клопидогрел 75 мг.",
    ],
)
def test_an_illness_of_either_history_is_doubted(nlp: Language, illness: str) -> None:
    doc = nlp(f"Беспокоит кашель. Заболел неделю назад. {illness} Курит. При осмотре хрипов нет.")
    told = [s for s in get(doc, Section) if s.kind in ("anamnesis-morbi", "anamnesis-vitae")]
    assert told
    assert all(section.reasons == ("uncertain",) for section in told)
    assert not any(s.kind == "treatment" for s in get(doc, Section))


def test_an_illness_of_the_family_or_denied_is_not_doubted(nlp: Language) -> None:
    doc = nlp("Беспокоит кашель. Заболел неделю назад. У отца инсульт, диабета нет. При осмотре хрипов нет.")
    assert all(section.reasons == () for section in get(doc, Section))


@pytest.mark.parametrize("whose", ["кардиолога", "ЛОР-врача"])
def test_a_specialist_s_examination_is_no_heading_behind_the_plan(nlp: Language, whose: str) -> None:
    text = f"Жалобы на кашель. Назначения. Ибупрофен 200 мг. Осмотр {whose} через месяц."
    assert sections(nlp, text)[1:] == [("treatment", f"Ибупрофен 200 мг. Осмотр {whose} через месяц.")]


@pytest.mark.parametrize("order", ["повышаю до 10 мг утром", "снижаю до 2,5 мг на ночь"])
def test_a_drug_before_the_doctors_act_is_no_part_of_the_diagnosis(nlp: Language, order: str) -> None:
    text = f"диагноз хроническая сердечная недостаточность рамиприл {order}"
    assert sections(nlp, text) == [
        ("diagnosis", "хроническая сердечная недостаточность"),
        ("treatment", f"рамиприл {order}"),
    ]


def test_a_stopped_drug_leaves_the_diagnosis_without_marks(nlp: Language) -> None:
    text = "диагноз стенокардия напряжения рамиприл отменяю валсартан 80 мг утром"
    assert sections(nlp, text) == [
        ("diagnosis", "стенокардия напряжения"),
        ("recommendations", "рамиприл отменяю"),
        ("treatment", "валсартан 80 мг утром"),
    ]


def test_a_stopped_drug_takes_nothing_of_the_one_before_it(nlp: Language) -> None:
    text = "лечение цефиксим 400 мг внутрь 1 раз в день 5 дней нафазолин отменить"
    assert sections(nlp, text) == [
        ("treatment", "цефиксим 400 мг внутрь 1 раз в день 5 дней"),
        ("recommendations", "нафазолин отменить"),
    ]


def test_this_said_of_a_time_opens_no_diagnosis(nlp: Language) -> None:
    text = "анамнез заболевания кашель с марта этого года лечился сам анамнез жизни не курит"
    assert sections(nlp, text) == [
        ("anamnesis-morbi", "кашель с марта этого года лечился сам"),
        ("anamnesis-vitae", "не курит"),
    ]


@pytest.mark.parametrize("drug", ["изониазид", "АЛТ"])
def test_a_heading_before_what_only_looks_like_a_person(nlp: Language, drug: str) -> None:
    kind, heading = ("treatment", "назначения") if drug == "изониазид" else ("examinations", "обследование")
    text = f"диагноз туберкулёз лёгких {heading} {drug}"
    assert sections(nlp, text) == [("diagnosis", "туберкулёз лёгких"), (kind, drug)]


def test_a_result_told_on_in_a_sentence_stays_in_it(nlp: Language) -> None:
    told = "Заболел весной, лечился дома, на рентгенограмме от 2 мая очаги рассосались."
    text = f"Беспокоит кашель. {told} Осмотр. Зев чист."
    assert sections(nlp, text)[1] == ("anamnesis-morbi", told)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("аллергия не отмечает", "не отмечает"),
        ("аллергия не замечала", "не замечала"),
        ("аллергия не выявлена", "аллергия не выявлена"),
        ("аллергии не отмечает", "аллергии не отмечает"),
    ],
)
def test_an_allergy_that_is_denied_without_marks(nlp: Language, said: str, told: str) -> None:
    text = f"анамнез жизни не курит {said} объективно зев чистый"
    assert ("allergies", told) in sections(nlp, text)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("Жалобы на жажду. Отец умер рано. На йод была сыпь. Объективно. Кожа сухая.", ("uncertain",)),
        ("Жалобы на зуд. Отец умер рано. Зуд сильнее по ночам. Диагноз. Дерматит.", ("uncertain",)),
        ("Жалобы на жажду. Анамнез жизни. Отец перенёс инсульт. Объективно. Кожа сухая.", ()),
        ("Жалобы на жажду, слабость. Тошноты нет. Объективно. Кожа сухая.", ()),
    ],
)
def test_a_history_told_under_the_complaints_is_asked_for(nlp: Language, text: str, reasons: tuple[str, ...]) -> None:
    complaints = get(nlp(text), Section)[0]
    assert (complaints.kind, complaints.reasons) == ("complaints", reasons)
