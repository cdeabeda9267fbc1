"""The page's files: languages alike, no word of a language in the code, nothing from outside, nothing unsafe."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest

import dictation.workstation
from dictation.forms.context import Sex
from dictation.forms.record import Assertion, DiagnosisItem, Judged, MedicationItem
from dictation.mis.outbox import State
from dictation.workstation.protocol import NoticeCode
from tests.support import need

PAGE = Path(dictation.workstation.__file__).parent / "page"
SCRIPTS = sorted((PAGE / "js").glob("*.js"))
STYLES = sorted((PAGE / "css").glob("*.css"))
LANGUAGES = ("ru", "kk", "en")
# CLDR: how the languages count.
PLURALS = {"ru": {"one", "few", "many", "other"}, "kk": {"one", "other"}, "en": {"one", "other"}}
UNIT_TESTS = sorted((Path(__file__).parent / "page").glob("*.test.mjs"))


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def texts(language: str) -> dict[str, str | dict[str, str]]:
    table: dict[str, str | dict[str, str]] = json.loads(read(PAGE / "i18n" / f"{language}.json"))
    return table


def places(text: str | dict[str, str]) -> set[str]:
    whole = text if isinstance(text, str) else text["other"]
    return set(re.findall(r"\{(\w+)\}", whole))


CODE = "\n".join(read(path) for path in SCRIPTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_languages_have_the_same_texts(language: str) -> None:
    ours, russian = texts(language), texts("ru")
    assert list(ours) == list(russian)
    for key, text in ours.items():
        assert isinstance(text, dict) == isinstance(russian[key], dict), key
        if isinstance(text, dict):
            assert set(text) == PLURALS[language], key
            assert all(text.values()), key
        assert text, key
        assert places(text) == places(russian[key]), key


LISTS = {"diagnoses", "medications", "examinations", "findings", "allergies"}
# Texts whose keys the code puts together, by what their second part may be. "behind", "ready" and "pong" are told in
# other ways.
COMPOSED = {
    "add.": LISTS,
    "column.": {"text", "role", "icd10", "status", "substance", "reaction", "denied"}
    | set(MedicationItem.model_fields) - set(Judged.model_fields) - {"said"},
    "delivery.": set(get_args(State)),
    "edit-list.": {"allergies", "findings"},
    "key-name.": {"Space"},
    "language.": set(LANGUAGES),
    "line-hint.": LISTS - {"allergies"},
    "list.": {"allergies", "findings", "notices"},
    "notice.": set(get_args(NoticeCode)) - {"behind", "ready", "pong"},
    "phase.": {"deleting", "finishing"},
    "role.": set(get_args(DiagnosisItem.model_fields["role"].annotation)),
    "sex.": set(get_args(Sex)),
    "stage.": {"running", "draft", "changed", "signed"},
    "state.": {"check", "confirmed", "ok", "empty"},
    "status.": set(get_args(Assertion)),
    "trouble.": {f"microphone-{why}" for why in ("busy", "denied", "insecure", "lost", "none")},
}


def test_every_text_that_the_code_names_is_there_and_no_other() -> None:
    known = set(texts("ru"))
    literal = set(re.findall(r"\"([a-z0-9]+(?:[.-][a-z0-9_]+)*)\"", CODE))
    named = set(re.findall(r"\bt\(\"([^\"]+)\"", CODE))
    assert set(re.findall(r"`([a-z-]+\.)\$\{", CODE)) | {"role."} == set(COMPOSED)
    composed = {beginning + end for beginning, ends in COMPOSED.items() for end in ends}
    assert (named | composed) - known == set()
    assert known - literal - composed == set()


@pytest.mark.parametrize("path", [PAGE / "index.html", *SCRIPTS, *STYLES], ids=lambda path: path.name)
def test_no_language_is_written_into_the_code(path: Path) -> None:
    assert re.findall(r"[Ѐ-ӿ]+", read(path)) == []


@pytest.mark.parametrize("path", sorted(PAGE.rglob("*.*")), ids=lambda path: path.name)
def test_nothing_comes_from_outside(path: Path) -> None:
    found = set(re.findall(r"(?:https?:)?//[a-z0-9.-]+\.[a-z]+[^\s\"'`]*", read(path)))
    assert found <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_data_never_becomes_markup_or_code(path: Path) -> None:
    unsafe = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(\"style"
    assert re.findall(unsafe, read(path)) == []


def test_no_script_or_style_within_the_page() -> None:
    html = read(PAGE / "index.html")
    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=", html) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_modules_are_small_and_import_what_exists(path: Path) -> None:
    assert len(read(path).splitlines()) < 300
    for name in re.findall(r"from \"\./([^\"]+)\"", read(path)):
        assert (PAGE / "js" / name).is_file(), name


def test_every_module_is_asked_for_at_once() -> None:
    asked = re.findall(r"href=\"js/(\w+\.js)\"", read(PAGE / "index.html"))
    assert asked == [path.name for path in SCRIPTS if path.name not in {"main.js", "worklet.js"}]


def test_every_picture_is_in_the_sprite_and_every_one_is_used() -> None:
    drawn = set(re.findall(r"<symbol id=\"icon-(\w+)\"", read(PAGE / "icons.svg")))
    literal = set(re.findall(r"\"(\w+)\"", CODE))
    assert drawn <= literal
    assert set(re.findall(r"picture: \"(\w+)\"", CODE)) | set(re.findall(r"icon\(\"(\w+)\"", CODE)) <= drawn


@pytest.mark.parametrize("path", UNIT_TESTS, ids=lambda path: path.name)
def test_of_its_own(path: Path) -> None:
    run = subprocess.run(
        [need("node"), "--test", str(path)], capture_output=True, text=True, timeout=120, check=False
    )
    assert run.returncode == 0, run.stdout
