"""What the documents say is so: their examples run, and what they name is there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dictation.cli import run
from dictation.forms.questionnaire import load_form
from dictation.grammar.drugs import DrugFile
from dictation.grammar.rules import load_folder
from dictation.replay.manifest import read_items
from dictation.replay.summary import Gate, read_gate
from dictation.session import Dictation
from dictation.workstation.openapi import openapi
from dictation.workstation.protocol import read_message
from tests.store.support import make_key
from tests.support import ROOT

DOCS = ROOT / "docs"
DOCUMENTS = (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted(DOCS.glob("*.md")))


def blocks(document: Path, language: str) -> list[str]:
    text = document.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def python_blocks(document: Path) -> list[str]:
    return blocks(document, "python")


def block(document: Path, language: str, holding: str) -> str:
    """The one block of a document that holds a text."""
    (found,) = [each for each in blocks(document, language) if holding in each]
    return found


def _run(document: Path) -> int:
    """Runs every Python block of a document in one namespace; how many there were. The one that listens to a
    microphone is run where there is a sound server (test_listen.py)."""
    namespace: dict[str, object] = {}
    quiet = [each for each in python_blocks(document) if "Microphone" not in each]
    for each in quiet:
        exec(compile(each, str(document), "exec"), namespace)
    return len(quiet)


def test_the_pipeline_is_as_its_document_says() -> None:
    assert _run(DOCS / "pipeline.md") == 8


def test_the_store_is_as_its_document_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_key(tmp_path)
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    assert _run(DOCS / "store.md") == 1


@pytest.mark.slow
@pytest.mark.parametrize("document", ["README.md", "docs/vendors.md"])
def test_the_library_is_as_its_document_says(
    document: str, short_recording: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(short_recording, tmp_path / "visit.opus")
    monkeypatch.chdir(tmp_path)
    assert _run(ROOT / document) == 1


def test_the_form_of_ones_own_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "my-form.json"
    path.write_text(block(DOCS / "vendors.md", "json", "Questionnaire"), encoding="utf-8")
    form = load_form(path)
    said = "Жалобы на кашель. Объективно. Пульс 82. Назначено. Лозартан 50 мг внутрь 2 раза в день."
    fields = Dictation(form=str(path)).extract(said).fields
    assert [item.key for item in form.items] == ["why", "pulse", "drugs"]
    assert fields["why"].value == "Кашель."
    assert fields["pulse"].value == 82
    assert [drug.name for drug in fields["drugs"].value] == ["лозартан"]


def test_the_messages_that_begin_a_dictation_are_understood() -> None:
    text = (DOCS / "vendors.md").read_text(encoding="utf-8")
    begin = re.findall(r'(?:^|`)(\{"type": "(?:start|resume)".*?\})(?:$|`)', text, re.MULTILINE)
    assert [read_message(each).type for each in begin] == ["start", "resume"]


def test_the_manifest_and_the_gate_are_read(tmp_path: Path) -> None:
    text = (DOCS / "testers.md").read_text(encoding="utf-8")
    (line,) = re.findall(r'`(\{"audio".*?\})`', text)
    manifest, gate = tmp_path / "manifest.jsonl", tmp_path / "gate.toml"
    manifest.write_text(line, encoding="utf-8")
    gate.write_text(block(DOCS / "testers.md", "toml", "[min]"), encoding="utf-8")
    (item,) = read_items(manifest)
    assert (item.id, item.audio, item.context) == ("visit-1", tmp_path / "a/visit.opus", tmp_path / "visit.json")
    assert read_gate(gate) == Gate(min={"vitals": 0.95}, max={"silent-error": 0.0, "real-time-factor": 0.5})


def commands() -> list[tuple[str, str]]:
    """Every call of the program in a document, and what it is called with."""
    found = []
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        calls = re.findall(r"`(?:[A-Z_]+=\S+ )?dictation ([a-z][^`\n]*)`", text)
        for shell in re.findall(r"^```(?:sh)?\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
            calls += re.findall(r"^(?:[A-Z_]+=\S+ )?(?:.*/)?dictation ([a-z][^#\n]*)", shell, re.MULTILINE)
            calls += re.findall(r"/bin/dictation ([a-z][^#\n]*)", shell)
        found += [(document.name, call.strip()) for call in calls]
    return found


def test_every_command_and_option_is_one_of_the_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    helps: dict[tuple[str, ...], str] = {}

    def help_of(*words: str) -> str:
        if words not in helps:
            assert run([*words, "--help"]) == 0, words
            helps[words] = capsys.readouterr().out
        return helps[words]

    calls = commands()
    assert len(calls) > 60
    for document, call in calls:
        name, *rest = call.split()
        kinds = rest[0].split("|") if rest and "COMMAND [ARGS]" in help_of(name) else [None]
        for kind in kinds:
            shown = help_of(name, kind) if kind else help_of(name)
            for option in re.findall(r"(?<=\s)--[a-z0-9-]+", call):
                assert f" {option} " in shown, f"{document}: dictation {call}"


def test_every_path_of_the_interface_is_there() -> None:
    """Their tables say `…` for `/records/{id}`."""
    text = (DOCS / "vendors.md").read_text(encoding="utf-8").split("### Records")[1].split("### What a doctor")[0]
    there = {
        (method.upper(), re.sub(r"\{[^}]*\}", "{}", path.removeprefix("/api/v1")))
        for path, methods in openapi()["paths"].items()
        for method in methods
    }
    told = set()
    for row in re.findall(r"^\| (`.*?`) \|", text, re.MULTILINE):
        method = ""
        for named, path in re.findall(r"`(?:(GET|POST|PUT|DELETE) )?([/…][^ `?]*)", row):
            method = named or method
            whole = path if named and path.startswith("/") else "/records/{}" + path.removeprefix("…")
            told.add((method, re.sub(r"\{[^}]*\}", "{}", whole)))
    assert len(told) > 25
    assert told <= there


def test_every_environment_variable_is_told_and_used() -> None:
    named = re.compile(r"\bDICTATION_[A-Z_]+\b")
    told = {name for path in DOCUMENTS for name in named.findall(path.read_text(encoding="utf-8"))}
    sources = sorted((ROOT / "dictation").rglob("*.py"))
    used = {name for path in sources for name in named.findall(path.read_text(encoding="utf-8"))}
    assert told == used
    assert "DICTATION_HOME" in used


def test_every_file_that_rules_are_told_to_stand_in_is_there() -> None:
    table = (DOCS / "rules.md").read_text(encoding="utf-8")
    files = re.findall(r"`([a-z_/*]+\.yaml)`", table)
    assert len(files) > 15
    for name in set(files) - {"x.yaml"}:
        assert list((ROOT / "grammars" / "ru").glob(name)), name


def test_every_class_of_drugs_is_told() -> None:
    text = (DOCS / "lexicon-drugs.md").read_text(encoding="utf-8").split("## Classes")[1]
    used = {kind for file in load_folder("ru", "drugs", DrugFile) for drug in file.drugs for kind in drug.classes}
    assert set(re.findall(r"`([^`]+)`", text)) == used


def test_every_benchmark_is_told() -> None:
    told = set(re.findall(r"benchmarks[/.]([a-z0-9]+)", (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))
    folder = ROOT / "benchmarks"
    programs = {path.stem for path in folder.glob("*.py") if "__main__" in path.read_text(encoding="utf-8")}
    packages = {path.name for path in folder.iterdir() if path.is_dir() and list(path.glob("*.py"))}
    assert told == programs | packages
    visits = len((folder / "visits.jsonl").read_text(encoding="utf-8").splitlines())
    for document in (ROOT / "CONTRIBUTING.md", DOCS / "rules.md"):
        assert f"{visits} written visits" in document.read_text(encoding="utf-8"), document.name


def test_every_document_that_is_linked_exists() -> None:
    for document in DOCUMENTS:
        for link in re.findall(r"\]\(([^)#]+)\)", document.read_text(encoding="utf-8")):
            if not link.startswith("http"):
                assert (document.parent / link).exists(), f"{document.name}: {link}"
