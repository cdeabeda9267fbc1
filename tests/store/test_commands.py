"""`records`, `sign`, `audit`, `key`, `backup`, `restore` as people and scripts call them."""

from __future__ import annotations

import hashlib
import io
import json
import os
import wave
from pathlib import Path

import numpy as np
import pytest

from dictation.forms.questionnaire import load_form
from dictation.forms.record import Record
from dictation.forms.review import confirm
from dictation.store import open_store
from dictation.store.keys import Key
from tests.program import Program
from tests.store.support import COMPLAINTS, IIN, NAME, record

ID = str(record().id)
PASSPHRASE = "четыре слова и ещё"


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A whole record of the visit form as `extract --out` writes one."""
    empty = {item.key: {"value": None, "status": "empty"} for item in load_form("052u-visit").items}
    made = record()
    whole = record(fields={**empty, **made.model_dump(mode="json")["fields"]})
    path = tmp_path / "visit.record.json"
    path.write_text(whole.model_dump_json(), encoding="utf-8")
    return path


def at_a_terminal(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    """Somebody sits at the terminal and answers every question for a passphrase."""

    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr("sys.stdin", Keyboard())
    monkeypatch.setattr("getpass.getpass", lambda _: answer)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: answer)


def test_a_record_is_signed_when_what_is_doubtful_was_confirmed(program: Program, file: Path) -> None:
    refused = program("sign", file, "--doctor", "Ахметова Г. С.")
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == f"dictation: record {ID}: to be checked and confirmed first: temperature\n"
    assert program("records", "list", "--json").out == ""
    signed = program("sign", file, "--doctor", "Ахметова Г. С.", "--confirm", "temperature", "--json")
    assert (signed.code, signed.err) == (0, "")
    (statement,) = signed.documents
    assert (statement["source"], statement["record"], statement["version"]) == (str(file), ID, 1)
    assert (statement["doctor"], statement["confirmed"]) == ("Ахметова Г. С.", ["temperature"])
    again = program("sign", file, "--doctor", "Иванов", "--confirm", "temperature")
    assert (again.code, "is signed already, by Ахметова Г. С." in again.err) == (2, True)


def test_what_was_confirmed_in_the_record_needs_no_naming(program: Program, file: Path) -> None:
    """And names of one's own are added to it."""
    given = Record.model_validate_json(file.read_bytes())
    form = load_form("052u-visit")
    confirmed = confirm(given, form, "temperature", "Ахметова Г. С.", given.created)
    file.write_text(confirmed.model_dump_json(), encoding="utf-8")
    (statement,) = program("sign", file, "--doctor", "Ахметова", "--confirm", "complaints", "--json").documents
    assert statement["confirmed"] == ["complaints", "temperature"]


def test_a_confirmation_of_another_value_is_none(program: Program, file: Path) -> None:
    given = Record.model_validate_json(file.read_bytes())
    confirmed = confirm(given, load_form("052u-visit"), "temperature", "Ахметова", given.created)
    fields = confirmed.fields | {"temperature": confirmed.fields["temperature"].model_copy(update={"value": 42.0})}
    file.write_text(confirmed.model_copy(update={"fields": fields}).model_dump_json(), encoding="utf-8")
    refused = program("sign", file, "--doctor", "Ахметова")
    assert refused.err == f"dictation: record {ID}: to be checked and confirmed first: temperature\n"


def test_the_file_of_a_record_that_was_dictated_here_signs_that_record_with_its_sound(
    program: Program, file: Path, home: Path
) -> None:
    with open_store(home=home) as store:
        journal = store.begin("052u-visit")
        journal.audio(np.arange(4_000).astype(np.int16))
        journal.close(Record.model_validate_json(file.read_bytes()))
    (statement,) = program("sign", file, "--doctor", "Ахметова", "--confirm", "temperature", "--json").documents
    assert statement["version"] == 1
    assert statement["audio_sha256"] == hashlib.sha256(np.arange(4_000).astype("<i2").tobytes()).hexdigest()


@pytest.mark.parametrize(
    "content", ["{}", "не JSON", '{"schema": "1", "context": {"patient": {"name": "Сейтқали"}}}']
)
def test_a_file_that_is_no_record_is_one_line_that_repeats_none_of_it(
    program: Program, tmp_path: Path, content: str
) -> None:
    path = tmp_path / "x.json"
    path.write_text(content, encoding="utf-8")
    ran = program("sign", path, "--doctor", "Ахметова")
    assert ran.code == 2
    assert ran.err.startswith(f"dictation: {path}: not a record of this program")
    assert ran.err.count("\n") == 1
    assert "Сейтқали" not in ran.err


def test_records_are_listed_shown_exported_and_deleted(
    program: Program, file: Path, tmp_path: Path, home: Path
) -> None:
    with open_store(home=home) as store:
        journal = store.begin("052u-visit")
        journal.audio(np.arange(16_000).astype(np.int16))
        journal.close(Record.model_validate_json(file.read_bytes()))
    (listed,) = program(
        "records", "list", "--patient", IIN, "--since", "22.11.2026", "--unsigned", "--json"
    ).documents
    assert (listed["id"], listed["patient_name"], listed["version"], listed["signed"]) == (ID, NAME, 1, None)
    assert program("records", "list", "--until", "2026-11-01", "--json").documents == []
    assert ID in program("records", "list").out
    assert program("records", "show", ID, "--json").documents == [json.loads(file.read_text(encoding="utf-8"))]
    shown = program("records", "show", ID).out
    assert COMPLAINTS in shown
    assert "version 1: saved" in shown
    assert program("records", "export", ID, "--out", tmp_path / "out", "--audio").code == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        f"{ID}.bundle.json", f"{ID}.html", f"{ID}.record.json", f"{ID}.wav",
    ]  # fmt: skip
    with wave.open(str(tmp_path / "out" / f"{ID}.wav")) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (16_000, 1, 2)
        assert np.array_equal(np.frombuffer(sound.readframes(20_000), "<i2"), np.arange(16_000))
    actions = [entry["action"] for entry in program("audit", "show", ID, "--json").documents]
    assert actions == ["saved", "opened", "opened", "exported"]
    deleted = program("records", "delete", ID, "nothing", "--yes")
    assert (deleted.code, deleted.out) == (2, f"{ID}: deleted\n")
    assert deleted.err == "dictation: no record nothing in the store; it may have been deleted\n"
    assert program("records", "show", ID).err.startswith(f"dictation: no record {ID}")


def test_an_exported_version_is_a_draft_or_signed_as_it_is(program: Program, file: Path, tmp_path: Path) -> None:
    assert program("sign", file, "--doctor", "Ахметова", "--confirm", "temperature").code == 0
    edited = Record.model_validate_json(file.read_bytes()).model_copy(update={"findings": []})
    with open_store(home=Path(os.environ["DICTATION_HOME"])) as store:
        assert store.save(edited) == 2
    for arguments, signed in (((), False), (("--version", 2), False), (("--version", 1), True)):
        out = tmp_path / str(len(list(tmp_path.iterdir())))
        assert program("records", "export", ID, "--out", out, *arguments).code == 0
        assert (out / f"{ID}.pdf").exists() == signed
        assert ("Черновик" in (out / f"{ID}.html").read_text(encoding="utf-8")) == (not signed)
        bundle = json.loads((out / f"{ID}.bundle.json").read_text(encoding="utf-8"))
        composition = next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Composition")
        assert composition["status"] == ("final" if signed else "preliminary")


def test_retention_is_shown_and_set(program: Program) -> None:
    assert program("records", "retention", "--json").documents == [
        {"audio": 30, "records": None, "removed": {"audio": 0, "records": 0}}
    ]
    assert program("records", "retention", "--audio", "never", "--records", "3650").code == 0
    assert program("records", "retention", "--json").documents[0]["records"] == 3650
    wrong = program("records", "retention", "--audio", "-1")
    assert (wrong.code, wrong.err.count("\n")) == (2, 1)


def test_audit_verify_tells_whole_from_broken_by_its_code(program: Program, file: Path, home: Path) -> None:
    program("sign", file, "--doctor", "Ахметова", "--confirm", "temperature")
    (whole,) = program("audit", "verify", "--json").documents
    assert (whole["whole"], whole["breaks"]) == (True, [])
    assert program("audit", "verify", "--head", whole["head"], "--sound").code == 0
    assert program("audit", "verify", "--head", f"1:{'0' * 64}").code == 2
    assert "give it as NUMBER:LINK" in program("audit", "verify", "--head", "x").err
    with open_store(home=home) as store, store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM audit WHERE number = 2")
    broken = program("audit", "verify")
    assert broken.code == 2
    assert "entry 2: missing" in broken.out
    assert program("audit", "verify", "--json").documents[0]["whole"] is False


def test_a_backup_is_restored_with_a_copy_of_the_key_on_another_machine(
    program: Program, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("sign", file, "--doctor", "Ахметова", "--confirm", "temperature")
    at_a_terminal(monkeypatch, PASSPHRASE)
    assert program("key", "export", tmp_path / "copy.key").code == 0
    assert program("backup", tmp_path / "b.db").out.startswith(f"{tmp_path / 'b.db'}: written and checked")
    other = tmp_path / "other machine"
    monkeypatch.setenv("DICTATION_HOME", str(other))
    missing = program("restore", tmp_path / "b.db")
    assert (missing.code, missing.err.count("\n")) == (2, 1)
    assert program("key", "import", tmp_path / "copy.key").code == 0
    assert program("restore", tmp_path / "b.db").out == f"{tmp_path / 'b.db'}: restored\n"
    assert [listed["id"] for listed in program("records", "list", "--json").documents] == [ID]
    assert program("key", "status", "--json").documents[0]["kept"] == "key-file"


def test_a_protected_key_is_asked_for_from_then_on(
    program: Program, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = (home / "store.key").read_text(encoding="utf-8").strip()
    at_a_terminal(monkeypatch, "коротко")
    assert "at least 8 characters" in program("key", "protect").err
    at_a_terminal(monkeypatch, PASSPHRASE)
    assert program("key", "protect").code == 0
    assert plain not in (home / "store.key").read_text(encoding="utf-8")
    at_a_terminal(monkeypatch, "другие четыре слова")
    assert "wrong passphrase" in program("records", "list").err
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert "nobody can be asked here" in program("records", "list").err
    with open_store(home=home, ask=lambda _: PASSPHRASE) as store:
        assert store.kept.key == Key.from_hex(plain)
        assert store.kept.place == "passphrase"
        assert store.audit.entries()[-1].action == "key-protected"
