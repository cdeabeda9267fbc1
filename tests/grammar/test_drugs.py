"""The drug lexicon: what it must know, and that its figures tell a usual dose from a slip of ten times."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from dictation.errors import RuleError
from dictation.grammar.drugs import Drug, DrugFile, drugs, duplicate_wordings
from dictation.grammar.rules import read_file
from dictation.resources import grammars_dir

UNITS = frozenset({
    "мг", "г", "мкг", "мл", "МЕ", "ЕД", "ЛЕ",
    "таблетка", "капсула", "драже", "капля", "доза", "вдох", "ингаляция", "впрыскивание", "свеча", "пакетик",
    "ампула", "флакон", "шприц", "пластырь", "пастилка", "небула", "микроклизма", "кольцо",
})  # fmt: skip

LOCAL_FORMS = frozenset({
    "мазь", "крем", "гель", "раствор", "лосьон", "шампунь", "паста", "лак", "аэрозоль", "спрей", "линимент",
    "порошок", "масло", "карандаш", "губка", "сбор", "бальзам", "пена", "настойка", "эмульсия", "концентрат", "свеча",
    "пластырь",
})  # fmt: skip


@pytest.fixture(scope="module")
def lexicon() -> tuple[Drug, ...]:
    return drugs("ru")


@pytest.fixture(scope="module")
def by_wording(lexicon: tuple[Drug, ...]) -> dict[str, Drug]:
    return {wording: drug for drug in lexicon for wording in drug.spoken}


def test_size(lexicon: tuple[Drug, ...]) -> None:
    assert len({drug.name for drug in lexicon if not drug.components}) >= 1000


def test_no_wording_names_two_drugs(lexicon: tuple[Drug, ...]) -> None:
    assert duplicate_wordings(lexicon) == []


def test_two_drugs_with_one_wording_are_found() -> None:
    pair = (Drug(name="лозартан", trade=("козаар",)), Drug(name="валсартан", aliases=("козаар",)))
    assert duplicate_wordings(pair) == ["'козаар' names both лозартан and валсартан"]


def test_wordings_are_lower_case_and_trimmed(lexicon: tuple[Drug, ...]) -> None:
    assert [w for drug in lexicon for w in drug.spoken if w != " ".join(w.lower().split())] == []


def test_units_are_known(lexicon: tuple[Drug, ...]) -> None:
    assert {unit for drug in lexicon for unit in drug.dose} - UNITS == set()


def test_a_drug_has_a_dose_or_is_used_locally(lexicon: tuple[Drug, ...]) -> None:
    assert [drug.name for drug in lexicon if not drug.dose and not LOCAL_FORMS & set(drug.forms)] == []


def test_every_drug_has_a_form(lexicon: tuple[Drug, ...]) -> None:
    assert [drug.name for drug in lexicon if not drug.forms] == []


def test_grams_and_milligrams_agree(lexicon: tuple[Drug, ...]) -> None:
    both = [drug for drug in lexicon if {"г", "мг"} <= drug.dose.keys()]
    wrong = [
        drug.name
        for drug in both
        if drug.dose["мг"] != pytest.approx((drug.dose["г"][0] * 1000, drug.dose["г"][1] * 1000))
    ]
    assert (len(both) > 200, wrong) == (True, [])


def test_combinations_share_the_allergy_classes_of_their_parts(lexicon: tuple[Drug, ...]) -> None:
    single = {drug.name: drug for drug in lexicon if not drug.components}
    missing = [
        (drug.name, part)
        for drug in lexicon
        for part in drug.components
        if part in single and not set(single[part].classes) <= set(drug.classes)
    ]
    assert missing == []


def test_beta_lactams_share_a_class(lexicon: tuple[Drug, ...]) -> None:
    kinds = {"пенициллин", "цефалоспорин", "карбапенем"}
    assert [d.name for d in lexicon if kinds & set(d.classes) and "бета-лактам" not in d.classes] == []


def test_every_class_is_described(lexicon: tuple[Drug, ...]) -> None:
    page = (grammars_dir().parent / "docs" / "lexicon-drugs.md").read_text(encoding="utf-8")
    assert sorted({kind for drug in lexicon for kind in drug.classes if f"`{kind}`" not in page}) == []


# Wordings of everyday practice and the substance behind them, from the names on the packages.
NAMES = [
    ("аспирин", "ацетилсалициловая кислота"),
    ("кардиомагнил", "ацетилсалициловая кислота + магния гидроксид"),
    ("тромбо асс", "ацетилсалициловая кислота"),
    ("нурофен", "ибупрофен"),
    ("вольтарен", "диклофенак"),
    ("найз", "нимесулид"),
    ("анальгин", "метамизол натрия"),
    ("но-шпа", "дротаверин"),
    ("но шпа", "дротаверин"),
    ("конкор", "бисопролол"),
    ("эгилок", "метопролол"),
    ("козаар", "лозартан"),
    ("престариум", "периндоприл"),
    ("нолипрел", "индапамид + периндоприл"),
    ("эксфорж", "амлодипин + валсартан"),
    ("верошпирон", "спиронолактон"),
    ("эликвис", "апиксабан"),
    ("ксарелто", "ривароксабан"),
    ("клексан", "эноксапарин"),
    ("крестор", "розувастатин"),
    ("глюкофаж", "метформин"),
    ("янумет", "метформин + ситаглиптин"),
    ("джардинс", "эмпаглифлозин"),
    ("эль тироксин", "левотироксин"),
    ("эутирокс", "левотироксин"),
    ("витамин дэ три", "колекальциферол"),
    ("аквадетрим", "колекальциферол"),
    ("аугментин", "амоксициллин + клавулановая кислота"),
    ("амоксиклав", "амоксициллин + клавулановая кислота"),
    ("бисептол", "ко-тримоксазол"),
    ("сумамед", "азитромицин"),
    ("супракс", "цефиксим"),
    ("пенициллин", "бензилпенициллин"),
    ("пять нок", "нитроксолин"),
    ("арбидол", "умифеновир"),
    ("мексидол", "этилметилгидроксипиридина сукцинат"),
    ("милдронат", "мельдоний"),
    ("феназепам", "бромдигидрохлорфенилбензодиазепин"),
    ("омез", "омепразол"),
    ("мезим", "панкреатин"),
    ("смекта", "смектит диоктаэдрический"),
    ("симбикорт", "будесонид + формотерол"),
    ("беродуал", "ипратропия бромид + фенотерол"),
    ("вентолин", "сальбутамол"),
    ("супрастин", "хлоропирамин"),
    ("мальтофер", "железа гидроксид полимальтозат"),
    ("сорбифер", "железа сульфат + аскорбиновая кислота"),
    ("мильгамма", "тиамин + пиридоксин + цианокобаламин + лидокаин"),
    ("панангин", "калия и магния аспарагинат"),
    ("магнезия", "магния сульфат"),
    ("новокаин", "прокаин"),
    ("зелёнка", "бриллиантовый зелёный"),
    ("перекись водорода", "водорода пероксид"),
    ("дюфастон", "дидрогестерон"),
    ("омник", "тамсулозин"),
    ("левомеколь", "диоксометилтетрагидропиримидин + хлорамфеникол"),
    ("косопт", "дорзоламид + тимолол"),
    ("детралекс", "гесперидин + диосмин"),
]


@pytest.mark.parametrize(("said", "name"), NAMES)
def test_wording_names_the_substance(by_wording: dict[str, Drug], said: str, name: str) -> None:
    assert by_wording[said].name == name


# Classes that decide whether a prescription meets an allergy, from pharmacology.
CLASSES = [
    ("амоксициллин", "пенициллин"),
    ("амоксициллин + клавулановая кислота", "пенициллин"),
    ("цефтриаксон", "цефалоспорин"),
    ("цефтриаксон", "бета-лактам"),
    ("амоксициллин", "бета-лактам"),
    ("меропенем", "карбапенем"),
    ("азитромицин", "макролид"),
    ("ципрофлоксацин", "фторхинолон"),
    ("доксициклин", "тетрациклин"),
    ("гентамицин", "аминогликозид"),
    ("ко-тримоксазол", "сульфаниламид"),
    ("сульфацетамид", "сульфаниламид"),
    ("метронидазол", "нитроимидазол"),
    ("тернидазол + неомицин + нистатин + преднизолон", "нитроимидазол"),
    ("фуразидин", "нитрофуран"),
    ("ацетилсалициловая кислота", "нпвс"),
    ("ацетилсалициловая кислота + магния гидроксид", "нпвс"),
    ("диклофенак", "нпвс"),
    ("кеторолак", "нпвс"),
    ("целекоксиб", "нпвс"),
    ("метамизол натрия", "пиразолон"),
    ("прокаин", "местный анестетик эфирный"),
    ("лидокаин", "местный анестетик амидный"),
    ("тиамин + пиридоксин + цианокобаламин + лидокаин", "местный анестетик амидный"),
    ("тиамин + пиридоксин + цианокобаламин + лидокаин", "витамин b"),
    ("йод", "йод"),
    ("амиодарон", "йод"),
    ("повидон-йод", "йод"),
    ("лозартан", "сартан"),
    ("эналаприл", "ингибитор апф"),
    ("бисопролол", "бета-блокатор"),
    ("тимолол", "бета-блокатор"),
    ("корвалол", "барбитурат"),
    ("диазепам", "бензодиазепин"),
    ("трамадол", "опиоид"),
    ("эноксапарин", "гепарин"),
    ("инсулин гларгин", "инсулин"),
    ("будесонид + формотерол", "глюкокортикостероид"),
]


@pytest.mark.parametrize(("name", "kind"), CLASSES)
def test_class(by_wording: dict[str, Drug], name: str, kind: str) -> None:
    assert kind in by_wording[name].classes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("прокаин", "лидокаин"),
        ("азитромицин", "амоксициллин"),
        ("парацетамол", "ибупрофен"),
        ("метронидазол", "флуконазол"),
    ],
)
def test_no_class_in_common(by_wording: dict[str, Drug], one: str, other: str) -> None:
    assert set(by_wording[one].classes) & set(by_wording[other].classes) == set()


# A usual single dose by the instructions for use, and the same with a slip: ten times more or less, or another unit.
DOSES = [
    ("левотироксин", 100, "мкг", 1000),
    ("левотироксин", 25, "мкг", 250),
    ("дигоксин", 0.25, "мг", 2.5),
    ("дигоксин", 0.5, "таблетка", 5),
    ("метотрексат", 10, "мг", 100),
    ("амлодипин", 5, "мг", 50),
    ("лозартан", 50, "мг", 500),
    ("лозартан", 50, "мг", 5),
    ("бисопролол", 5, "мг", 50),
    ("периндоприл", 5, "мг", 50),
    ("индапамид", 1.5, "мг", 15),
    ("торасемид", 10, "мг", 100),
    ("спиронолактон", 25, "мг", 250),
    ("моксонидин", 0.2, "мг", 2),
    ("варфарин", 5, "мг", 50),
    ("апиксабан", 5, "мг", 50),
    ("ривароксабан", 20, "мг", 200),
    ("дабигатран", 150, "мг", 15),
    ("эноксапарин", 0.4, "мл", 4),
    ("аторвастатин", 20, "мг", 200),
    ("метформин", 1000, "мг", 100),
    ("метформин", 1, "г", 10),
    ("гликлазид", 60, "мг", 600),
    ("эмпаглифлозин", 10, "мг", 100),
    ("дулаглутид", 1.5, "мг", 15),
    ("семаглутид", 0.5, "мг", 5),
    ("инсулин аспарт", 8, "ЕД", 80),
    ("тиамазол", 10, "мг", 100),
    ("каберголин", 0.5, "мг", 5),
    ("колекальциферол", 2000, "МЕ", 20000),
    ("амоксициллин", 500, "мг", 5000),
    ("цефтриаксон", 1, "г", 10),
    ("цефиксим", 400, "мг", 4000),
    ("азитромицин", 500, "мг", 5000),
    ("ципрофлоксацин", 500, "мг", 50),
    ("доксициклин", 100, "мг", 1000),
    ("парацетамол", 500, "мг", 5000),
    ("ибупрофен", 400, "мг", 4000),
    ("ибупрофен", 10, "мл", 100),
    ("мелоксикам", 15, "мг", 150),
    ("кеторолак", 10, "мг", 100),
    ("колхицин", 0.5, "мг", 5),
    ("аллопуринол", 100, "мг", 1000),
    ("прегабалин", 75, "мг", 750),
    ("клоназепам", 0.5, "мг", 5),
    ("алпразолам", 0.25, "мг", 0.025),
    ("суматриптан", 50, "мг", 500),
    ("омепразол", 20, "мг", 200),
    ("лоперамид", 2, "мг", 20),
    ("дротаверин", 40, "мг", 400),
    ("сальбутамол", 2, "доза", 20),
    ("дезлоратадин", 5, "мг", 50),
    ("латанопрост", 1, "капля", 10),
    ("фондапаринукс", 2.5, "мг", 25),
    ("тамсулозин", 0.4, "мг", 4),
    ("преднизолон", 30, "мг", 300),
    ("лития карбонат", 300, "мг", 3000),
    ("флуконазол", 150, "мг", 1500),
    ("парацетамол", 500, "мг", 50),
    ("ацетилцистеин", 600, "мг", 60),
    ("фуросемид", 40, "мг", 400),
    ("клонидин", 0.15, "мг", 1.5),
    ("карбамазепин", 200, "мг", 20),
    ("тиоктовая кислота", 600, "мг", 60),
    ("алендроновая кислота", 70, "мг", 7),
    ("железа гидроксид полимальтозат", 20, "капля", 200),
]


@pytest.mark.parametrize(("name", "usual", "unit", "slip"), DOSES)
def test_dose(by_wording: dict[str, Drug], name: str, usual: float, unit: str, slip: float) -> None:
    low, high = by_wording[name].dose[unit]
    assert (low <= usual <= high, low <= slip <= high) == (True, False)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("левотироксин", "мг"), ("йод", "мг"), ("латанопрост", "мг"), ("инсулин гларгин", "мг"),
        ("лозартан", "мл"), ("цефиксим", "капля"), ("бисопролол", "капсула"),
    ],
)  # fmt: skip
def test_not_dosed_so(by_wording: dict[str, Drug], name: str, unit: str) -> None:
    assert unit not in by_wording[name].dose


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"name": "лозартан", "dose": {"мг": [100, 12.5]}}, "is not a range"),
        ({"name": "лозартан", "dose": {"мг": [0, 12.5]}}, "is not a range"),
        ({"name": "лозартан + индапамид"}, "lists its components"),
        ({"name": "лозартан", "components": ["лозартан"]}, "lists its components"),
        ({"name": "лозартан", "colour": "белый"}, "colour"),
    ],
)
def test_unsound_entries_are_refused(tmp_path: Path, entry: dict[str, object], problem: str) -> None:
    path = tmp_path / "drugs.yaml"
    path.write_text(yaml.safe_dump({"drugs": [entry]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(RuleError, match=problem):
        read_file(path, DrugFile)
