"""Prescriptions as doctors dictate them; expected values worked out by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dictation.clinical.drug_names import drug_names
from dictation.clinical.facts import Medication, Section
from dictation.clinical.medications import MedicationReader
from dictation.clinical.morphology import parses
from dictation.grammar.drugs import drugs

TOKEN = re.compile(r"\d+(?:[.,/-]\d+)*%?|[^\W\d_]+(?:[-/][^\W\d_]+)*|\S")


@pytest.fixture(scope="module")
def reader() -> MedicationReader:
    return MedicationReader("ru")


def read(reader: MedicationReader, text: str, section: str | None = "treatment") -> list[Medication]:
    words = TOKEN.findall(text)
    return reader.read(words, [Section(0, len(words), kind=section)] if section else [])


def one(reader: MedicationReader, text: str, section: str | None = "treatment") -> Medication:
    (fact,) = read(reader, text, section)
    return fact


@pytest.mark.parametrize(
    ("text", "name", "dose", "unit"),
    [
        ("лозартан 50 мг утром", "лозартан", 50, "мг"),
        ("таблетки лозартан 50 мг утром", "лозартан", 50, "мг"),
        ("Козаара 50 мг утром", "лозартан", 50, "мг"),
        ("амоксиклав 875 мг 2 раза в день", "амоксициллин + клавулановая кислота", 875, "мг"),
        (
            "амоксициллин с клавулановой кислотой 1000 мг 2 раза в день",
            "амоксициллин + клавулановая кислота",
            1000,
            "мг",
        ),
        ("эналаприл с гидрохлоротиазидом 10 мг утром", "гидрохлоротиазид + эналаприл", 10, "мг"),
        ("ампициллин с сульбактамом 750 мг 2 раза в день", "ампициллин + сульбактам", 750, "мг"),
        ("лопинавир с ритонавиром 400 мг 2 раза в день", "лопинавир + ритонавир", 400, "мг"),
        ("тиоктовую кислоту 600 мг утром", "тиоктовая кислота", 600, "мг"),
        ("дигоксин по полтаблетки через день", "дигоксин", 0.5, "таблетка"),
        ("бисопролол половину таблетки утром", "бисопролол", 0.5, "таблетка"),
        ("нитроглицерин одна таблетка под язык при болях", "нитроглицерин", 1, "таблетка"),
        ("по 2 таблетки парацетамола при болях", "парацетамол", 2, "таблетка"),
        ("тимолол по 1 капле в оба глаза 2 раза в день", "тимолол", 1, "капля"),
        ("колекальциферол 2000 МЕ утром", "колекальциферол", 2000, "МЕ"),
        ("цефтриаксон 1 г внутримышечно 1 раз в день", "цефтриаксон", 1, "г"),
        ("увеличиваю эналаприл с 5 до 10 мг 2 раза в день", "эналаприл", 10, "мг"),
        ("Увеличиваю левотироксин до 100 мкг утром натощак", "левотироксин", 100, "мкг"),
    ],
)
def test_name_and_dose(reader: MedicationReader, text: str, name: str, dose: float, unit: str) -> None:
    fact = one(reader, text)
    assert (fact.name, fact.dose, fact.unit, fact.intent, fact.reasons) == (name, dose, unit, "prescribed", ())


@pytest.mark.parametrize(
    ("text", "dose", "unit", "strength", "form"),
    [
        ("лозартан 1 таблетка 50 мг утром", 50, "мг", None, "таблетка"),
        ("цетиризин 10 мг по 1 таблетке на ночь", 10, "мг", None, "таблетка"),
        ("омепразол по 1 капсуле 20 мг утром", 20, "мг", None, "капсула"),
        ("парацетамол по 1 свече 80 мг 3 раза в день", 80, "мг", None, "свеча"),
        ("лозартан 50 мг по 2 таблетки утром", 2, "таблетка", "50 мг", None),
        ("бисопролол 5 мг по половине таблетки утром", 0.5, "таблетка", "5 мг", None),
        ("мометазон 50 мкг по 1 дозе 2 раза в день", 1, "доза", "50 мкг", None),
    ],
)
def test_strength_beside_an_amount(
    reader: MedicationReader, text: str, dose: float, unit: str, strength: str | None, form: str | None
) -> None:
    fact = one(reader, text)
    assert (fact.dose, fact.unit, fact.strength, fact.form) == (dose, unit, strength, form)


def test_a_topical_drug_needs_no_dose(reader: MedicationReader) -> None:
    fact = one(reader, "диклофенак гель наружно 3 раза в день 2 недели")
    assert (fact.dose, fact.unit, fact.form, fact.route) == (None, None, "гель", "наружно")
    assert (fact.times_per_day, fact.duration_days, fact.reasons) == (3, 14, ())


@pytest.mark.parametrize(
    ("said", "times"),
    [
        ("1 раз в день", 1), ("раз в день", 1), ("2 раза в сутки", 2), ("3 раза", 3), ("2 р/д", 2),
        ("дважды в день", 2),
        ("трижды в день", 3), ("каждые 8 часов", 3), ("каждые 12 часов", 2), ("через день", 0.5),
        ("1 раз в 3 дня", 0.33),
        ("1 раз в неделю", 0.14), ("3 раза в неделю", 0.43), ("утром", 1), ("на ночь", 1), ("утром и вечером", 2),
        ("утром , днём и вечером", 3), ("перед завтраком", 1), ("ежедневно", 1), ("2 раза в день после еды", 2),
        ("1 раз в день на ночь", 1), ("за 30 минут до завтрака", 1),
    ],
)  # fmt: skip
def test_times_per_day(reader: MedicationReader, said: str, times: float) -> None:
    fact = one(reader, f"лозартан 50 мг {said}")
    assert (fact.times_per_day, fact.as_needed, fact.reasons) == (times, False, ())


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("5 дней", 5), ("в течение 10 дней", 10), ("неделю", 7), ("2 недели", 14), ("курс 3 недели", 21),
        ("месяц", 30),
        ("3 месяца", 90), ("полгода", 180), ("длительно", None), ("1,5 месяца", 45),
    ],
)  # fmt: skip
def test_duration(reader: MedicationReader, said: str, days: int | None) -> None:
    fact = one(reader, f"лозартан 50 мг утром {said}")
    assert (fact.duration_days, fact.reasons) == (days, ())


def test_once_only(reader: MedicationReader) -> None:
    fact = one(reader, "флуконазол 150 мг внутрь однократно")
    assert (fact.times_per_day, fact.duration_days, fact.route) == (1, 1, "внутрь")


@pytest.mark.parametrize(
    ("said", "condition"),
    [
        ("при болях", "при болях"),
        ("при температуре выше 38,5", "при температуре выше 38,5"),
        ("при повышении давления выше 160/100", "при повышении давления выше 160/100"),
        ("по требованию", "по требованию"),
        ("при необходимости", "при необходимости"),
    ],
)
def test_as_needed(reader: MedicationReader, said: str, condition: str) -> None:
    fact = one(reader, f"парацетамол 500 мг {said}")
    assert (fact.as_needed, fact.times_per_day, fact.condition, fact.reasons) == (True, None, condition, ())


@pytest.mark.parametrize(
    ("said", "route"),
    [
        ("внутрь", "внутрь"), ("внутривенно капельно", "внутривенно капельно"), ("в/м", "в/м"),
        ("подкожно", "подкожно"),
        ("ректально", "ректально"), ("внутри", "внутрь"),
    ],
)  # fmt: skip
def test_route_as_said(reader: MedicationReader, said: str, route: str) -> None:
    assert one(reader, f"диклофенак 50 мг {said} 2 раза в день").route == route


def test_prescriptions_without_punctuation_are_told_apart(reader: MedicationReader) -> None:
    first, second = read(
        reader, "азитромицин 200 мг внутрь 1 раз в день 5 дней ибупрофен суспензия 10 мл при температуре выше 38,5"
    )
    assert (first.name, first.dose, first.unit, first.times_per_day, first.duration_days) == (
        "азитромицин",
        200,
        "мг",
        1,
        5,
    )
    assert (second.name, second.form, second.dose, second.unit) == ("ибупрофен", "суспензия", 10, "мл")
    assert (second.as_needed, second.times_per_day, second.reasons) == (True, None, ())


def test_a_form_before_the_next_name_is_the_next_drugs(reader: MedicationReader) -> None:
    first, second = read(reader, "эналаприл 10 мг 2 раза в день, таблетки лозартан 50 мг утром")
    assert (first.form, second.form, second.dose) == (None, "таблетка", 50)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("эналаприл 10 2 раза в день", "no-unit"),
        ("эналаприл 2 раза в день", "no-dose"),
        ("эналаприл 1000 мг 2 раза в день", "unusual-dose"),
        ("лозартан 50 мл утром", "unusual-unit"),
        ("омепразол 20 мг 2 раза в день 7 13 дней", "unread-number"),
        ("преднизолон 30 мг утром 5 дней, затем 20 мг 5 дней", "not-structured"),
        ("ибупрофен 200 мг 3 раза в день 7-10 дней", "not-structured"),
        ("ибупрофен 200 мг 2 – 3 раза в день", "not-structured"),
        ("цефтриаксон 1 г внутримышечно 1 раз в день на лидокаине", "not-structured"),
        ("лозартан 50 мг внутрь", "uncertain"),
        ("лозартан 50 мг внутрь спустя сутки утром", "unread-text"),
        ("ибупрофен 200 мг при болях не более 3 раз в сутки", "not-structured"),
        ("лозартан 50 мг 2 раза в день утром", "contradiction"),
        ("зубродин 200 мг утром", "unknown-drug"),
        ("лазартан 50 мг утром", "respelled"),
    ],
)
def test_doubts(reader: MedicationReader, text: str, reason: str) -> None:
    assert one(reader, text).reasons == (reason,)


def test_unknown_names_are_kept(reader: MedicationReader) -> None:
    facts = read(reader, "Зубродин 200 мг утром, лозартан 50 мг вечером, кардиобред 75 мг на ночь")
    assert [(f.name, f.dose, f.reasons) for f in facts] == [
        ("зубродин", 200, ("unknown-drug",)),
        ("лозартан", 50, ()),
        ("кардиобред", 75, ("unknown-drug",)),
    ]


def test_regimen_and_drink_are_no_drugs(reader: MedicationReader) -> None:
    facts = read(
        reader, "режим постельный, обильное питьё, парацетамол 500 мг при болях, промывание носа 3 раза в день"
    )
    assert [fact.name for fact in facts] == ["парацетамол"]


def test_one_substance_twice(reader: MedicationReader) -> None:
    facts = read(reader, "нурофен 200 мг при болях, ибупрофен 400 мг 3 раза в день")
    assert [(f.name, f.reasons) for f in facts] == [("ибупрофен", ("duplicate",)), ("ибупрофен", ("duplicate",))]


@pytest.mark.parametrize(
    ("text", "section", "intent"),
    [
        ("Эналаприл принимает нерегулярно", "anamnesis-morbi", "taken"),
        ("пил бромгексин", "anamnesis-morbi", "taken"),
        ("тамсулозин бросил сам", "anamnesis-morbi", "stopped"),
        ("на цефтриаксон крапивница", "allergies", "allergy"),
        ("отменить эналаприл", "treatment", "stopped"),
        ("с тех пор пьёт левотироксин 75 мкг", None, "taken"),
        ("Назначаю мелоксикам 15 мг 1 раз в день", None, "prescribed"),
        ("Увеличиваю левотироксин до 100 мкг утром", "objective", "prescribed"),
        ("рекомендовано парацетамол 500 мг при болях", "recommendations", "prescribed"),
    ],
)
def test_intent(reader: MedicationReader, text: str, section: str | None, intent: str) -> None:
    assert [fact.intent for fact in read(reader, text, section)] == [intent]


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Кальций и кофе принимать отдельно от таблетки", "recommendations"),
        ("глюкоза крови, калий", "examinations"),
        ("жидкий стул при диарее", "complaints"),
    ],
)
def test_names_that_are_no_medication(reader: MedicationReader, text: str, section: str) -> None:
    assert read(reader, text, section) == []


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Кальций д 3 по 1 таблетке 2 раза в день", "кальция карбонат + колекальциферол"),
        ("витамин б 12 500 мкг через день", "цианокобаламин"),
        ("витамин дэ 3 2000 МЕ утром", "колекальциферол"),
    ],
)
def test_numbers_inside_names(reader: MedicationReader, said: str, name: str) -> None:
    assert [fact.name for fact in read(reader, said)] == [name]


def test_an_unknown_name_with_a_number_is_kept(reader: MedicationReader) -> None:
    assert [(f.name, f.dose) for f in read(reader, "зубродин 5 по 1 таблетке утром")] == [("зубродин 5", 1)]


def test_meals_joined_by_and_are_two_intakes(reader: MedicationReader) -> None:
    assert one(reader, "омепразол 20 мг за 30 минут до завтрака и ужина").times_per_day == 2


def test_a_form_inside_the_name(reader: MedicationReader) -> None:
    fact = one(reader, "тетрациклиновая мазь за нижнее веко на ночь 5 дней")
    assert (fact.form, fact.dose, fact.reasons) == ("мазь", None, ())


def test_a_whole_prescription_in_the_examination_is_shown(reader: MedicationReader) -> None:
    fact = one(reader, "розувастатин 10 мг внутрь вечером", "objective")
    assert (fact.intent, fact.reasons) == ("prescribed", ("uncertain",))
    assert one(reader, "после сальбутамола 400 мкг прирост 12%", "objective").intent == "taken"


def test_a_unit_between_two_sections_is_read(reader: MedicationReader) -> None:
    words = ["ибупрофен", "400", "мг", "сдать", "кровь"]
    sections = [Section(0, 2, kind="treatment"), Section(4, 5, kind="examinations", heading=1)]
    (fact,) = reader.read(words, sections)
    assert (fact.dose, fact.unit) == (400, "мг")


def test_a_whole_prescription_in_another_section_is_not_lost(reader: MedicationReader) -> None:
    fact = one(reader, "лозартан 50 мг утром", "follow-up")
    assert (fact.name, fact.intent, fact.reasons) == ("лозартан", "prescribed", ("uncertain",))


_CASES = ("gent", "datv", "accs", "ablt", "loct")


def _inflected() -> Iterator[tuple[str, str]]:
    """Every one-word drug name in every case that pymorphy3 gives it, but for forms that lose a vowel ("дапсна"),
    which nobody says, forms of another word of the dictionary, and names too short to go by a stem."""
    for drug in drugs("ru"):
        for name in drug.spoken:
            if not name.isalpha() or len(name) < 6:
                continue
            nouns = [
                p for p in parses(name)
                if {"NOUN", "nomn", "sing"} <= p.tag.grammemes and p.normal_form == name and "neut" not in p.tag
            ]  # fmt: skip
            for case in _CASES if nouns else ():
                form = nouns[0].inflect({"sing", case})
                other = form and any(p.is_known and p.normal_form != name for p in parses(form.word))
                if form and not other and form.word.startswith(name[:-1]):
                    yield name, form.word


def test_drug_names_in_every_case() -> None:
    names = drug_names("ru")
    missed = [(name, form) for name, form in _inflected() if [n.end for n in names.find([form])] != [1]]
    assert missed == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Назначаю амлодипин 5 мг утром, отменяю нифедипин", [("амлодипин", "prescribed"), ("нифедипин", "stopped")]),
        ("гликлазид отменить метформин 1000 мг вечером", [("гликлазид", "stopped"), ("метформин", "prescribed")]),
        (
            "фолиевая кислота 5 мг 1 раз в неделю через день после метотрексата",
            [("фолиевая кислота", "prescribed")],
        ),
        ("ношпа по 1 таблетке при болях", [("дротаверин", "prescribed")]),
        ("вакцина против кори 0,5 мл подкожно однократно", [("вакцина для профилактики кори", "prescribed")]),
    ],
)
def test_which_drugs_are_meant(reader: MedicationReader, text: str, expected: list[tuple[str, str]]) -> None:
    assert [(fact.name, fact.intent) for fact in read(reader, text)] == expected


@pytest.mark.parametrize(
    ("text", "times", "days", "as_needed", "reasons"),
    [
        ("эторикоксиб 90 мг в день 10 дней", 1, 10, False, ()),
        ("торасемид 5 мг в сутки утром", 1, None, False, ()),
        ("оксиметазолин по 1 впрыску 2 раза в день не более 5 дней", 2, 5, False, ()),
        ("бисопролол 5 мг утром, при пульсе менее 55 не принимать", 1, None, False, ("not-structured",)),
        ("прогестерон 200 мг вечером до 12 недель беременности", 1, None, False, ("not-structured",)),
        ("левотироксин с понедельника 50 мкг утром", 1, None, False, ("not-structured",)),
    ],
)
def test_what_is_held_and_what_asks_for_a_look(
    reader: MedicationReader, text: str, times: float, days: int | None, as_needed: bool, reasons: tuple[str, ...]
) -> None:
    fact = one(reader, text)
    assert (fact.times_per_day, fact.duration_days, fact.as_needed, fact.reasons) == (times, days, as_needed, reasons)


def test_a_dose_per_kilogram_is_no_dose(reader: MedicationReader) -> None:
    fact = one(reader, "азитромицин 10 мг/кг 1 раз в день 3 дня")
    assert (fact.dose, fact.reasons) == (None, ("not-structured", "no-dose"))


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("амитриптилин 10 мг на ночь, при сильной боли кеторолак 10 мг", None, "при сильной боли"),
        ("лозартан 50 мг утром. При отёках торасемид 5 мг", None, "При отёках"),
        ("лозартан 50 мг утром при давлении выше 160 каптоприл 25 мг", None, "при давлении выше 160"),
        ("ибупрофен 400 мг при болях, омепразол 20 мг утром", "при болях", None),
        ("ибупрофен 400 мг при болях омепразол 20 мг утром", "при болях", None),
    ],
)
def test_whose_condition_it_is(reader: MedicationReader, text: str, first: str | None, second: str | None) -> None:
    facts = read(reader, text)
    assert [fact.condition for fact in facts] == [first, second]
    assert [fact.as_needed for fact in facts] == [first is not None, second is not None]
    assert [fact.reasons for fact in facts] == [(), ()]


def test_where_it_hurts_is_no_route(reader: MedicationReader) -> None:
    fact = one(reader, "кеторолак 10 мг при болях в суставах")
    assert (fact.condition, fact.route, fact.reasons) == ("при болях в суставах", None, ())


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("мометазон по 1 впрыскиванию в каждую половину носа 2 раза в день", "в каждую половину носа"),
        ("натрия хлорид по 3 капли в каждый носовой ход 4 раза в день", "в каждый носовой ход"),
        ("бензидамин спрей по 4 дозы в зев 3 раза в день", "в зев"),
        ("тобрамицин по 1 капле за нижнее веко 4 раза в день", "за нижнее веко"),
    ],
)
def test_places_that_a_drug_is_given_to(reader: MedicationReader, text: str, route: str) -> None:
    fact = one(reader, text)
    assert (fact.route, fact.reasons) == (route, ())
