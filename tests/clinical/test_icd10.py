"""ICD-10 lookup: the imported table, ranking, the diagnoses of a note."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.clinical.icd10 import Coder, import_table, is_known, recorded
from dictation.clinical.icd10_index import SoftIndex
from dictation.clinical.icd10_table import imported_titles, table_path
from dictation.clinical.icd10_words import diagnosis_words
from dictation.errors import InputError

TABLE = (
    "code\ttitle\tparent\n"
    "I\tНекоторые болезни\t\n"
    "A00-A09\tКишечные инфекции\tI\n"
    "A00\tХолера\tA00-A09\n"
    "A00.0\tХолера классическая\tA00\n"
    "U07.1\tКоронавирусная инфекция\tXXII\n"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder("ru", lexicon_only=True)


def test_a_table_is_checked_and_kept(home: Path) -> None:
    source = home / "table.tsv"
    source.write_text(TABLE, encoding="utf-8")
    assert import_table(source) == 3
    assert imported_titles() == {
        "A00": "Холера",
        "A00.0": "Холера классическая",
        "U07.1": "Коронавирусная инфекция",
    }
    assert table_path().read_text(encoding="utf-8") == TABLE
    source.write_text(TABLE.replace("классическая", "Эль-Тор"), encoding="utf-8")
    import_table(source)
    assert imported_titles()["A00.0"] == "Холера Эль-Тор"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a\tb\tc\nA00\tХолера\t\n", "line 1"),
        ("code\ttitle\tparent\nA00\tХолера\t\nA00\tХолера\t\n", "line 3"),
        ("code\ttitle\tparent\nA00\t\t\n", "line 2"),
        ("code\ttitle\tparent\nI\tГлава\t\n", "no ICD-10 codes"),
        ("", "line 1"),
    ],
)
def test_a_wrong_table_is_refused_and_the_old_one_stays(home: Path, content: str, message: str) -> None:
    good, bad = home / "good.tsv", home / "bad.tsv"
    good.write_text(TABLE, encoding="utf-8")
    import_table(good)
    bad.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        import_table(bad)
    assert len(imported_titles()) == 3


def test_a_table_in_another_encoding_is_refused(home: Path) -> None:
    source = home / "table.tsv"
    source.write_bytes(TABLE.encode("cp1251"))
    with pytest.raises(InputError, match="UTF-8"):
        import_table(source)


def test_codes_known_to_either_edition(home: Path) -> None:
    assert is_known("J20.9")
    assert is_known("I10")
    assert not is_known("J99.7")
    source = home / "table.tsv"
    source.write_text("code\ttitle\tparent\nJ99.7\tНовая рубрика\tJ99\n", encoding="utf-8")
    import_table(source)
    assert is_known("J99.7")


@pytest.mark.parametrize(("code", "expected"), [("J20", "J20.9"), ("I10", "I10"), ("N40", "N40"), ("J18.1", "J18.1")])
def test_a_subdivided_rubric_is_recorded_as_unspecified(code: str, expected: str) -> None:
    assert recorded(code) == expected


@pytest.mark.parametrize(
    ("text", "rubric"),
    [
        ("артериальной гипертензией 2 степени, риск 3", "I10"),
        ("гипертензия артериальная", "I10"),
        ("Хр. бронхит", "J42"),
        ("о. бронхит", "J20"),
        ("внебольничная правосторонняя пневмония", "J18"),
        ("СД 2 типа", "E11"),
        ("ВРВ н/к", "I83"),
        ("артериальная гипертезния", "I10"),
        ("ХОБЛ, обострение", "J44"),
    ],
)
def test_the_first_candidate(coder: Coder, text: str, rubric: str) -> None:
    assert coder.candidates(text)[0].icd10[:3] == rubric


def test_candidates_are_ranked_at_most_ten_and_scored_between_0_and_1(coder: Coder) -> None:
    found = coder.candidates("хронический гастрит")
    assert 1 <= len(found) <= 10
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score <= 1 for score in scores)
    assert len({candidate.icd10 for candidate in found}) == len(found)


@pytest.mark.parametrize("text", ["", " . , ", "бубубу кракозябра"])
def test_no_known_word_no_candidate(coder: Coder, text: str) -> None:
    assert coder.candidates(text) == ()


@pytest.mark.parametrize("text", ["острый", "правосторонний", "2 степени", "обострение"])
def test_words_that_tell_nothing_are_no_sure_diagnosis(coder: Coder, text: str) -> None:
    assert all(candidate.score < 0.6 for candidate in coder.candidates(text))


def test_a_note_with_several_diagnoses(coder: Coder) -> None:
    text = "АГ 2 степени. ВРВ н/к. Хр. бронхит?"
    found = coder.note(text)
    assert [(d.text, (d.icd10 or "")[:3]) for d in found] == [
        ("АГ 2 степени", "I10"),
        ("ВРВ н/к", "I83"),
        ("Хр. бронхит", "J42"),
    ]
    assert all(text[d.start : d.end] == d.text for d in found)


def test_a_note_without_a_diagnosis(coder: Coder) -> None:
    assert coder.note("Явка через неделю.") == ()


def test_abbreviations_are_written_out() -> None:
    words = diagnosis_words("ru")
    assert words.stems("Хр. цервицит ш/м") == words.stems("хронический цервицит шейка матки")


def test_a_number_that_grades_is_told_from_one_that_names() -> None:
    words = diagnosis_words("ru")
    assert "°2" in words.stems("ожирение 2 степени")
    assert "2" in words.stems("сахарный диабет 2 типа")


def test_index_scores_by_hand() -> None:
    """Two texts of two stems each, all stems weighed alike: the whole text covered and the whole query used is 1."""
    index = SoftIndex([frozenset({"аа", "бб"}), frozenset({"вв", "гг"})], lambda _: 1.0)
    scores, text_share, query_share = index.scores(["аа", "бб"])
    assert scores[0] == pytest.approx(1.0, abs=1e-4)
    assert scores[1] == 0
    _, text_share, query_share = index.scores(["аа"])
    assert text_share[0] == pytest.approx(0.5, abs=1e-4)
    assert query_share[0] == pytest.approx(1.0, abs=1e-4)
