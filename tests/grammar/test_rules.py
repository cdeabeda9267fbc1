"""Reading and linting rule data."""

from __future__ import annotations

from pathlib import Path

import pytest

from dictation.errors import RuleError, UsageError
from dictation.grammar.diagnoses import DiagnosisFile
from dictation.grammar.drugs import DrugFile
from dictation.grammar.labels import labels
from dictation.grammar.linter import SCHEMAS, lint
from dictation.grammar.rules import language_dir, load, load_folder, read_file
from dictation.grammar.sounds import Sounds
from dictation.resources import cache_dir, grammars_dir


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_rules_have_no_problems() -> None:
    assert list(lint(grammars_dir())) == []


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("drugs: [", "cannot be read as YAML"),
        ("drugs: [{nom: x}]", r"drugs\.0\.name"),
        ("drugs: [{name: аспирин, dose: {мг: [5, 1]}}]", "dose range of 'мг' is not a range"),
        ("drugs: [{name: а + бб}]", "a combination lists its components"),
        ("- 1", "top level"),
    ],
)
def test_a_broken_file_is_named_with_the_place(tmp_path: Path, content: str, message: str) -> None:
    path = _write(tmp_path / "препараты.yaml", content)
    with pytest.raises(RuleError, match=message) as raised:
        read_file(path, DrugFile)
    assert str(path) in str(raised.value)


def test_unknown_language_names_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'xx'; there are: en, kk, ru"):
        language_dir("xx")


def test_the_linter_finds_wordings_that_two_drugs_claim_across_files(tmp_path: Path) -> None:
    _write(tmp_path / "ru" / "drugs" / "a.yaml", "drugs: [{name: лозартан, trade: [козаар]}]")
    _write(tmp_path / "ru" / "drugs" / "b.yaml", "drugs: [{name: валсартан, trade: [козаар]}]")
    (problem,) = lint(tmp_path)
    assert problem.endswith("'козаар' names both лозартан and валсартан")


def test_the_linter_finds_names_that_two_codes_claim(tmp_path: Path) -> None:
    entry = "{{icd10: {}, title: Бронхит, names: [Бронхит]}}"
    content = f"diagnoses: [{entry.format('J20')}, {entry.format('J40')}]"
    path = _write(tmp_path / "ru" / "diagnoses" / "a.yaml", content)
    assert f"{path}: 'Бронхит' stands for both J20 and J40" in list(lint(tmp_path))
    assert read_file(path, DiagnosisFile).diagnoses[1].icd10 == "J40"


def test_the_linter_names_a_file_without_a_schema(tmp_path: Path) -> None:
    _write(tmp_path / "ru" / "poems.yaml", "x: 1")
    (problem,) = lint(tmp_path)
    assert problem.endswith("poems.yaml: no schema for 'poems'")


SHIPPED = sorted(path.relative_to(grammars_dir()) for path in grammars_dir().rglob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=str)
def test_kept_rules_are_those_of_the_file(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read from YAML, written to the cache, and read from there: the same rules, numbers as keys included."""
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    language, name = path.parts[0], path.with_suffix("").as_posix().partition("/")[2]
    schema = SCHEMAS[name.partition("/")[0]]
    fresh = read_file(grammars_dir() / path, schema)
    assert load(language, name, schema) == fresh
    assert (cache_dir() / "rules" / language / f"{name}.json").is_file()
    assert load(language, name, schema) == fresh


@pytest.fixture
def grammars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of rules of its own, and a home."""
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("dictation.grammar.rules.grammars_dir", lambda: tmp_path)
    return tmp_path


def test_a_changed_file_is_read_again(grammars: Path) -> None:
    path = _write(grammars / "ru" / "drugs" / "a.yaml", "drugs: [{name: лозартан, dose: {мг: [5, 100]}}]")
    assert load_folder("ru", "drugs", DrugFile)[0].drugs[0].dose == {"мг": (5.0, 100.0)}
    _write(path, "drugs: [{name: лозартан, dose: {мг: [5, 150]}}]")
    assert load_folder("ru", "drugs", DrugFile)[0].drugs[0].dose == {"мг": (5.0, 150.0)}


@pytest.mark.parametrize("content", ["drugs: [", "drugs: [{nom: x}]", "drugs: [{name: аспирин, dose: {1: [1, 2]}}]"])
def test_a_broken_file_is_refused_every_time(grammars: Path, content: str) -> None:
    """The last one would pass as JSON, where every key is a string."""
    path = _write(grammars / "ru" / "drugs" / "a.yaml", content)
    for _ in range(2):
        with pytest.raises(RuleError, match=str(path)):
            load_folder("ru", "drugs", DrugFile)


def test_rules_that_are_not_there_are_named(grammars: Path) -> None:
    (grammars / "ru").mkdir()
    with pytest.raises(RuleError, match=r"sounds\.yaml: cannot be read"):
        load("ru", "sounds", Sounds)


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "раз"),
        (2, "раза"),
        (4, "раза"),
        (5, "раз"),
        (11, "раз"),
        (12, "раз"),
        (21, "раз"),
        (22, "раза"),
        (0.5, "раза"),
    ],
)
def test_times_a_day_agree_with_their_number(count: float, said: str) -> None:
    assert labels("ru").times_per_day(count) == f"{said} в день"
    assert labels("kk").times_per_day(count) == "рет күніне"
