"""Sections by spoken heading and by content. Texts are made up in the manner of dictated notes."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.facts import Section, get


def sections(nlp: Language, text: str) -> list[tuple[str, str]]:
    doc = nlp(text)
    return [(s.kind, s.span(doc).text) for s in get(doc, Section)]


def test_headings_are_cut(nlp: Language) -> None:
    assert sections(nlp, "Жалобы на кашель. Анамнез заболевания. Болеет 3 дня. Явка через 5 дней.") == [
        ("complaints", "кашель."),
        ("anamnesis-morbi", "Болеет 3 дня."),
        ("follow-up", "через 5 дней."),
    ]


def test_headings_without_marks(nlp: Language) -> None:
    text = "жалобы боль в ухе анамнез жизни перенёс корь объективно зев чистый диагноз острый отит лечение тимолол"
    assert sections(nlp, text) == [
        ("complaints", "боль в ухе"),
        ("anamnesis-vitae", "перенёс корь"),
        ("objective", "зев чистый"),
        ("diagnosis", "острый отит"),
        ("treatment", "тимолол"),
    ]


@pytest.mark.parametrize(
    ("heard", "kind"),
    [
        ("Жало бы на кашель.", "complaints"),
        ("Она мне заболевания. Болеет неделю.", "anamnesis-morbi"),
        ("Анамнез. Жизни Без особенностей.", "anamnesis-vitae"),
        ("Олирганамнез. Спокойный.", "allergies"),
        ("Плана обследования. Флюорография.", "examinations"),
    ],
)
def test_misheard_headings(nlp: Language, heard: str, kind: str) -> None:
    assert [found for found, _ in sections(nlp, heard)] == [kind]


def test_what_was_said_before_an_opener_in_one_breath_stays_where_it_was(nlp: Language) -> None:
    """A recogniser prints a comma where the doctor ended a sentence."""
    text = "Советую пить больше воды. Спать с открытым окном, явка через месяц."
    assert sections(nlp, text) == [
        ("recommendations", "пить больше воды. Спать с открытым окном,"),
        ("follow-up", "через месяц."),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Анамнез заболевания. Болеет год. Диагноз выставлен в 2019 году. Лечение получал амбулаторно.",
        "Анамнез заболевания. Болеет год. По поводу жалоб не обращалась, стало объективно хуже.",
        "Анамнез заболевания. Болеет год. Обследование не проходил. После лечения без динамики.",
    ],
)
def test_heading_words_inside_a_sentence_open_nothing(nlp: Language, text: str) -> None:
    assert [kind for kind, _ in sections(nlp, text)] == ["anamnesis-morbi"]


def test_a_denial_is_never_taken_into_a_heading(nlp: Language) -> None:
    assert sections(nlp, "Рекомендую не поднимать тяжести.") == [("recommendations", "не поднимать тяжести.")]


def test_roles_of_diagnoses(nlp: Language) -> None:
    doc = nlp("Диагноз основной. Сахарный диабет. Осложнение. Полинейропатия. Сопутствующий. Ожирение.")
    assert [(s.role, s.span(doc).text) for s in get(doc, Section)] == [
        ("main", "Сахарный диабет."),
        ("complication", "Полинейропатия."),
        ("comorbid", "Ожирение."),
    ]


def test_a_section_is_entered_again(nlp: Language) -> None:
    text = "Жалобы на кашель. Объективно. Зев чистый. Вернёмся к жалобам. Беспокоит насморк."
    assert [kind for kind, _ in sections(nlp, text)] == ["complaints", "objective", "complaints"]


def test_prose_is_parted_by_content_clause_by_clause(nlp: Language) -> None:
    text = (
        "Женщина 30 лет обратилась с жалобами на зуд кожи. Заболела неделю назад. "
        "В детстве перенесла корь, аллергии на лекарства нет. При осмотре кожа сухая. "
        "Расцениваю как атопический дерматит. Назначаю лоратадин 10 мг. Сдать общий анализ крови. "
        "Советую избегать мыла. Жду её через неделю."
    )
    assert sections(nlp, text) == [
        ("complaints", "зуд кожи."),
        ("anamnesis-morbi", "Заболела неделю назад."),
        ("anamnesis-vitae", "В детстве перенесла корь,"),
        ("allergies", "аллергии на лекарства нет."),
        ("objective", "кожа сухая."),
        ("diagnosis", "атопический дерматит."),
        ("treatment", "Назначаю лоратадин 10 мг."),
        ("examinations", "общий анализ крови."),
        ("recommendations", "избегать мыла."),
        ("follow-up", "через неделю."),
    ]


def test_where_a_clause_ends_without_marks_is_doubtful(nlp: Language) -> None:
    doc = nlp("пациент обратился с жалобами на кашель заболел 3 дня назад при осмотре зев чистый хрипов нет")
    by_content = [s for s in get(doc, Section) if s.by == "content"]
    assert by_content
    assert all(s.reasons == ("uncertain",) for s in by_content)


def test_sentences_without_marks_end_at_denials(nlp: Language) -> None:
    doc = nlp("жалобы повышение температуры до 38,6 кашля и насморка нет анамнез заболевания болен 2 дня")
    assert [sentence.text for sentence in doc.sents] == [
        "жалобы",
        "повышение температуры до 38,6",
        "кашля и насморка нет",
        "анамнез заболевания",
        "болен 2 дня",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Жалобы на слабость. Тошноты, болей в животе нет. Эпидемиологический анамнез. Клеща не снимал.",
            [
                ("complaints", "слабость. Тошноты, болей в животе нет."),
                ("anamnesis-vitae", "Эпидемиологический анамнез. Клеща не снимал."),
            ],
        ),
        (
            "жалобы слабость болей в животе нет акушерский анамнез родов двое",
            [
                ("complaints", "слабость болей в животе нет"),
                ("anamnesis-vitae", "акушерский анамнез родов двое"),
            ],
        ),
        (
            "Жалобы на слабость. Зуда нет. Лучевой анамнез. Облучения не было.",
            [
                ("complaints", "слабость. Зуда нет."),
                ("anamnesis-vitae", "Лучевой анамнез. Облучения не было."),
            ],
        ),
        ("Из анамнеза. Осенние обострения 3 года.", [("anamnesis-morbi", "Осенние обострения 3 года.")]),
        ("Из анамнеза болеет с весны.", [("anamnesis-morbi", "болеет с весны.")]),
        ("Рекомендую важный сон.", [("recommendations", "важный сон.")]),
        (
            "Жалобы на зуд. Лекарственная аллергия. На йод сыпь.",
            [("complaints", "зуд."), ("allergies", "На йод сыпь.")],
        ),
    ],
)
def test_no_correct_word_is_taken_for_a_heading(nlp: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert sections(nlp, text) == expected


def test_a_denied_comorbidity_is_no_heading_of_a_diagnosis(nlp: Language) -> None:
    text = "анамнез жизни сопутствующие заболевания отрицает объективно зев чистый диагноз острый бронхит"
    assert sections(nlp, text) == [
        ("anamnesis-vitae", "сопутствующие заболевания отрицает"),
        ("objective", "зев чистый"),
        ("diagnosis", "острый бронхит"),
    ]


def test_headings_side_by_side(nlp: Language) -> None:
    found = sections(nlp, "Лечение. Осмотр в динамике через 4 дня.")
    assert found == [("treatment", ""), ("follow-up", "через 4 дня.")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Мужчина 50 лет на диспансерном учёте, жалоб активно не предъявляет.",
            [("complaints", "жалоб активно не предъявляет.")],
        ),
        (
            "рекомендации отказ от алкоголя больничный не нужен явка через месяц",
            [("recommendations", "отказ от алкоголя больничный не нужен"), ("follow-up", "через месяц")],
        ),
        (
            "жалобы на сухость анамнез жизни перенёс пневмонию в 2010 году аллергии на мёд нет",
            [
                ("complaints", "сухость"),
                ("anamnesis-vitae", "перенёс пневмонию в 2010 году"),
                ("allergies", "аллергии на мёд нет"),
            ],
        ),
    ],
)
def test_introductions_and_clauses(nlp: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert sections(nlp, text) == expected


def test_words_before_an_opener_are_no_heading(nlp: Language) -> None:
    doc = nlp("После дежурства пациент обратился с жалобами на кашель.")
    [section] = get(doc, Section)
    assert doc[section.start - section.heading : section.start].text == "обратился с жалобами на"


def test_the_short_heading_of_the_life_history(nlp: Language) -> None:
    assert sections(nlp, "Анамнез. Болеет год, снизилось качество жизни. Жизни. Не курит.") == [
        ("anamnesis-morbi", "Болеет год, снизилось качество жизни."),
        ("anamnesis-vitae", "Не курит."),
    ]


def test_what_happened_to_a_treatment_opens_none(nlp: Language) -> None:
    text = "жалобы на кашель анамнез заболевания последние месяцы лечение прекратил диагноз острый бронхит"
    assert sections(nlp, text) == [
        ("complaints", "кашель"),
        ("anamnesis-morbi", "последние месяцы лечение прекратил"),
        ("diagnosis", "острый бронхит"),
    ]


def test_no_cut_behind_a_conjunction(nlp: Language) -> None:
    text = "жалобы на кашель диагноз острый бронхит рекомендовано исключить кофе и алкоголь"
    assert sections(nlp, text)[-1] == ("recommendations", "исключить кофе и алкоголь")


def test_a_heading_heard_well_opens_its_section_inside_a_sentence(nlp: Language) -> None:
    text = (
        "Жалобы на зуд, сыпь. Анамнез жизни. В 2019 году перелом левой кисти аллергологический анамнез спокоен. "
        "Объективно. Кожа сухая."
    )
    assert sections(nlp, text) == [
        ("complaints", "зуд, сыпь."),
        ("anamnesis-vitae", "В 2019 году перелом левой кисти"),
        ("allergies", "спокоен."),
        ("objective", "Кожа сухая."),
    ]


def test_a_word_that_takes_a_heading_into_the_sentence(nlp: Language) -> None:
    text = "Жалобы на кашель. Анамнез заболевания. Болеет год, с врачом обсудили план лечения. Диагноз. Бронхит."
    assert [kind for kind, _ in sections(nlp, text)] == ["complaints", "anamnesis-morbi", "diagnosis"]


def test_a_common_heading_in_a_long_stretch_without_marks(nlp: Language) -> None:
    text = (
        "Жалобы на кашель. Объективно. Дыхание жёсткое, хрипов нет. Живот мягкий безболезненный диагноз острый "
        "бронхит лёгкого течения лечение амброксол 30 мг внутрь 3 раза в день 7 дней. Явка через неделю."
    )
    assert [kind for kind, _ in sections(nlp, text)] == [
        "complaints",
        "objective",
        "diagnosis",
        "treatment",
        "follow-up",
    ]


def test_an_opener_is_heard_across_a_pause(nlp: Language) -> None:
    text = "Мужчина 41 года пришёл с жалобами, на боль в спине. Болен неделю."
    assert sections(nlp, text)[0] == ("complaints", "боль в спине.")


def test_a_told_allergy_does_not_take_the_words_before_it(nlp: Language) -> None:
    text = (
        "Беспокоит слабость. Болен год, лечился сам. Обмороков не бывает, аллергии у пациента нет, осмотр, пульс 70."
    )
    assert ("allergies", "аллергии у пациента нет,") in sections(nlp, text)


def test_a_reaction_before_a_denial_is_told_with_it(nlp: Language) -> None:
    text = "Беспокоит слабость. Болен год. Мать здорова. На ингибиторы АПФ кашель, другой аллергии нет."
    assert sections(nlp, text)[-1] == ("allergies", "На ингибиторы АПФ кашель, другой аллергии нет.")


def test_an_examination_leads_out_of_a_heading_in_prose(nlp: Language) -> None:
    text = (
        "Беспокоит изжога. Болен год. Лекарственная аллергия нет, при осмотре язык обложен, живот мягкий. Пульс 70."
    )
    assert sections(nlp, text)[2:] == [
        ("allergies", "Лекарственная аллергия нет,"),
        ("objective", "язык обложен, живот мягкий. Пульс 70."),
    ]


@pytest.mark.parametrize(
    "history",
    [
        "Гипертония много лет, назначен амлодипин 5 мг, ишемия ранее не прослеживалась.",
        "Год назад доставлен в стационар, выполнена коронарография, стенозов не выявлено, назначен амиодарон.",
        "Обследовалась в 2003 году, установлен диагноз эссенциальной гипертензии, справок не предоставлено.",
    ],
)
def test_what_was_done_and_prescribed_before_stays_in_the_history(nlp: Language, history: str) -> None:
    """A drug of the past must not become one prescribed now, because a verb in the history could open a section."""
    text = f"Анамнез заболевания. {history} Объективно. Состояние удовлетворительное."
    assert sections(nlp, text) == [("anamnesis-morbi", history), ("objective", "Состояние удовлетворительное.")]
