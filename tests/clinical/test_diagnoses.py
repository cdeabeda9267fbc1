"""Diagnoses: roles, wording, dictated codes, and when a code is doubted."""

from __future__ import annotations

import re

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.diagnoses import DiagnosisReader
from dictation.clinical.facts import Diagnosis, Section, get, put

TOKEN = re.compile(r"[A-Z]\d\d(?:\.\d)?|\d+(?:[.,/-]\d+)*|[^\W\d_]+(?:[-/][^\W\d_]+)*|\S")
NLP = spacy.blank("ru")


@pytest.fixture(scope="module")
def reader() -> DiagnosisReader:
    return DiagnosisReader("ru")


def read(
    reader: DiagnosisReader, text: str, role: str | None = None, section: str | None = "diagnosis"
) -> list[Diagnosis]:
    words = TOKEN.findall(text)
    spaces = [i + 1 < len(words) and words[i + 1] not in ".,;:?" for i in range(len(words))]
    doc = Doc(NLP.vocab, words=words, spaces=spaces)
    put(doc, Section, [Section(0, len(doc), kind=section, role=role)] if section else [])
    return reader.read(doc)


@pytest.mark.parametrize(
    ("said", "text", "code"),
    [
        ("Артериальная гипертензия 2 степени, риск 3.", "Артериальная гипертензия 2 степени, риск 3", "I10"),
        ("ставлю острый бронхит", "Острый бронхит", "J20.9"),
        ("внебольничная правосторонняя пневмония", "Внебольничная правосторонняя пневмония", "J18.9"),
        ("обструктивная болезнь лёгких хроническая", "Обструктивная болезнь лёгких хроническая", "J44.9"),
        ("Дыхательная недостаточность 1 степени", "Дыхательная недостаточность 1 степени", "J96.9"),
    ],
)  # fmt: skip
def test_wording_is_kept_and_coded(reader: DiagnosisReader, said: str, text: str, code: str) -> None:
    (fact,) = read(reader, said)
    assert (fact.text, fact.icd10, fact.role, fact.reasons) == (text, code, "main", ())
    assert fact.title


@pytest.mark.parametrize(
    "said",
    [
        "Мигрень без ауры, код G43.0.",
        "Мигрень без ауры. Код G43.0.",
        "Мигрень без ауры, код по МКБ 10 G43.0",
        "Мигрень без ауры, код джи 43 точка 0",
        "Мигрень без ауры G43.0",
    ],
)
def test_a_dictated_code_is_taken_and_cut_out(reader: DiagnosisReader, said: str) -> None:
    (fact,) = read(reader, said)
    assert (fact.text, fact.icd10, fact.reasons) == ("Мигрень без ауры", "G43.0", ())


def test_a_dictated_code_that_nobody_knows_is_kept_and_shown(reader: DiagnosisReader) -> None:
    (fact,) = read(reader, "Острый бронхит, код J99.7")
    assert (fact.icd10, fact.reasons) == ("J99.7", ("unknown-code",))


def test_a_dictated_code_of_another_disease_is_shown(reader: DiagnosisReader) -> None:
    (fact,) = read(reader, "Острый бронхит, код G43.0")
    assert (fact.icd10, fact.reasons) == ("G43.0", ("ambiguous-code",))


@pytest.mark.parametrize(
    ("said", "text", "code"),
    [
        ("Острый бронхит, джей 20", "Острый бронхит", "J20"),
        ("Артериальная гипертензия 3 степени, риск 4. И 10.", "Артериальная гипертензия 3 степени, риск 4", "I10"),
        ("артериальная гипертензия 3 степени риск 4 и 10", "Артериальная гипертензия 3 степени риск 4", "I10"),
        ("Мигрень без ауры, G43", "Мигрень без ауры", "G43"),
        ("Диабетическая нефропатия, код N08.3", "Диабетическая нефропатия", "N08.3"),
        ("Диабетическая полинейропатия G63.2", "Диабетическая полинейропатия", "G63.2"),
    ],
)
def test_a_code_at_the_end_needs_no_word_for_it(reader: DiagnosisReader, said: str, text: str, code: str) -> None:
    (fact,) = read(reader, said)
    assert (fact.text, fact.icd10, fact.reasons) == (text, code, ())


@pytest.mark.parametrize(
    ("said", "text", "code"),
    [
        ("Сахарный диабет 2 типа, код E10.9", "Сахарный диабет 2 типа", "E10.9"),
        ("Артериальная гипертензия 2 степени, код I20", "Артериальная гипертензия 2 степени", "I20"),
        ("Острый бронхит, джей 45", "Острый бронхит", "J45"),
    ],
)
def test_a_code_that_the_words_do_not_bear_out_is_shown(
    reader: DiagnosisReader, said: str, text: str, code: str
) -> None:
    (fact,) = read(reader, said)
    assert (fact.text, fact.icd10, fact.reasons) == (text, code, ("ambiguous-code",))


@pytest.mark.parametrize("said", ["Перелом позвонка, тэ 12", "Дефицит витамина B12", "Острый бронхит с 10"])
def test_what_only_looks_like_a_code_stays_in_the_text(reader: DiagnosisReader, said: str) -> None:
    (fact,) = read(reader, said)
    assert fact.text == said


def test_every_disease_has_its_own_code(reader: DiagnosisReader) -> None:
    for said in (
        "Острый бронхит, код J20.9, ожирение 2 степени, код E66.0",
        "острый бронхит код J20.9 ожирение 2 степени код E66.0",
    ):
        facts = read(reader, said)
        assert [(fact.text, fact.icd10, fact.role, fact.reasons) for fact in facts] == [
            (said[:1].upper() + "стрый бронхит", "J20.9", "main", ()),
            ("Ожирение 2 степени", "E66.0", "comorbid", ()),
        ]


def test_one_code_behind_a_disease_and_what_it_left_is_of_both(reader: DiagnosisReader) -> None:
    (fact,) = read(reader, "Последствия инфаркта мозга, левосторонний гемипарез, код I69.3.")
    assert (fact.text, fact.icd10, fact.reasons) == (
        "Последствия инфаркта мозга, левосторонний гемипарез",
        "I69.3",
        (),
    )


def test_sub_headings_give_roles(reader: DiagnosisReader) -> None:
    facts = read(
        reader,
        "Основной. Сахарный диабет 2 типа. Осложнение. Диабетическая полинейропатия. "
        "Сопутствующий. Ожирение 1 степени.",
    )
    assert [(fact.role, fact.text) for fact in facts] == [
        ("main", "Сахарный диабет 2 типа"),
        ("complication", "Диабетическая полинейропатия"),
        ("comorbid", "Ожирение 1 степени"),
    ]


def test_the_sections_role_holds(reader: DiagnosisReader) -> None:
    assert [fact.role for fact in read(reader, "Острый бронхит", role="complication")] == ["complication"]
    assert [fact.role for fact in read(reader, "Пневмония под вопросом")] == ["preliminary"]
    (suspected,) = read(reader, "Подозрение на острый бронхит")
    assert (suspected.text, suspected.role) == ("Подозрение на острый бронхит", "preliminary")


def test_sentences_that_name_no_disease_continue_one(reader: DiagnosisReader) -> None:
    assert [fact.text for fact in read(reader, "Хронический бронхит. Обострение.")] == [
        "Хронический бронхит. Обострение"
    ]
    assert [fact.text for fact in read(reader, "Острый. Бронхит.")] == ["Острый. Бронхит"]


def test_two_diseases_in_two_sentences(reader: DiagnosisReader) -> None:
    facts = read(reader, "Острый бронхит. Артериальная гипертензия 1 степени.")
    assert [fact.icd10 for fact in facts] == ["J20.9", "I10"]


def test_two_diseases_in_one_sentence_are_doubted(reader: DiagnosisReader) -> None:
    (fact,) = read(reader, "Миопия слабой степени, астигматизм")
    assert "ambiguous-code" in fact.reasons


def test_an_unknown_disease_is_kept_without_a_code(reader: DiagnosisReader) -> None:
    (fact,) = read(reader, "Бубубу кракозябра")
    assert (fact.text, fact.icd10, fact.reasons) == ("Бубубу кракозябра", None, ("no-code",))


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("Расцениваю как острый бронхит. Назначаю", "Острый бронхит"),
        ("Выставлен диагноз внебольничная пневмония.", "Внебольничная пневмония"),
        ("Хрипы сухие. Это острый бронхит.", "Острый бронхит"),
    ],
)
def test_prose_without_a_section(reader: DiagnosisReader, said: str, text: str) -> None:
    assert [fact.text for fact in read(reader, said, section=None)] == [text]


@pytest.mark.parametrize(
    "said",
    [
        "Данных за острый бронхит нет.",
        "Данных за пневмонию не получено.",
        "Убедительных данных за мигрень без ауры не вижу.",
        "Нет данных за острый бронхит.",
        "Это началось вчера.",
        "Мать страдала гипертонией.",
        "Болеет бронхитом с детства.",
    ],
)
def test_prose_that_states_no_diagnosis(reader: DiagnosisReader, said: str) -> None:
    assert read(reader, said, section=None) == []


@pytest.mark.parametrize(
    ("said", "text", "code"),
    [
        ("Высокорослость", "Высокорослость", "E34.4"),
        ("Прежний, острый бронхит", "Острый бронхит", "J20.9"),
        ("Скарлатина, типичная форма, средней тяжести", "Скарлатина, типичная форма, средней тяжести", "A38"),
    ],
)
def test_words_that_tell_little(reader: DiagnosisReader, said: str, text: str, code: str) -> None:
    (fact,) = read(reader, said)
    assert (fact.text, fact.icd10) == (text, code)


def test_what_nothing_speaks_for_is_no_diagnosis(reader: DiagnosisReader) -> None:
    facts = read(reader, "Данных за пневмонию нет. Расцениваю как острый бронхит.", section=None)
    assert [fact.text for fact in facts] == ["Острый бронхит"]
    assert [fact.text for fact in read(reader, "Острый бронхит. Данных за пневмонию нет.")] == ["Острый бронхит"]


def test_a_plain_sentence_states_nothing_where_another_one_does(reader: DiagnosisReader) -> None:
    facts = read(reader, "Это острый бронхит. Расцениваю как внебольничная пневмония.", section=None)
    assert [fact.text for fact in facts] == ["Внебольничная пневмония"]


def test_a_competing_disease_is_one_of_its_own(reader: DiagnosisReader) -> None:
    facts = read(reader, "Стенокардия напряжения. Конкурирующий. Хронический панкреатит.")
    assert [(f.role, f.text) for f in facts] == [
        ("main", "Стенокардия напряжения"), ("comorbid", "Хронический панкреатит"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Диагноз. Гипертоническая болезнь, сахарный диабет 2 типа.",
            [("Гипертоническая болезнь", "I10", "main", ()), ("Сахарный диабет 2 типа", "E11.9", "comorbid", ())],
        ),
        (
            "диагноз гипертоническая болезнь сахарный диабет 2 типа",
            [("Гипертоническая болезнь", "I10", "main", ()), ("Сахарный диабет 2 типа", "E11.9", "comorbid", ())],
        ),
        (
            "Диагноз. Острый отит слева и аденоиды 2 степени.",
            [
                ("Острый отит слева", "H66.9", "main", ()),
                ("Аденоиды 2 степени", "J35.2", "comorbid", ("uncertain",)),
            ],
        ),
        (
            "Диагноз. Сахарный диабет 2 типа, диабетическая полинейропатия.",
            [("Сахарный диабет 2 типа, диабетическая полинейропатия", "E11.4", "main", ())],
        ),
        (
            "Диагноз. Миопия слабой степени, астигматизм.",
            [("Миопия слабой степени, астигматизм", "H52.1", "main", ("ambiguous-code",))],
        ),
    ],
)
def test_several_diseases_in_one_breath(
    nlp: Language, text: str, expected: list[tuple[str, str, str, tuple[str, ...]]]
) -> None:
    assert [(d.text, d.icd10, d.role, d.reasons) for d in get(nlp(text), Diagnosis)] == expected
