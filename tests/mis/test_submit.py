"""`submit` and `outbox list|send|retry` as people and scripts call them, and that nothing leaks on the way."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mis.outgoing import Fault, Front, copies, iin, visit
from tests.program import Program
from tests.store.test_leaks import secrets_in, words_of
from tests.support import ROOT

GIVEN = visit(70, 70)
ID = str(GIVEN.id)
SIGN = ("--doctor", "Ахметова Г. С.", "--confirm", "temperature")
REFUSAL = b'{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": "unknown clinic"}]}'


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(home))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "visit.record.json"
    path.write_text(GIVEN.model_dump_json(), encoding="utf-8")
    return path


def test_what_is_not_signed_is_refused_with_what_to_do(program: Program, file: Path) -> None:
    ran = program("submit", file, "--to", "http://127.0.0.1:9")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"dictation: record {ID}: not signed as it is; sign it first: dictation sign RECORD.json --doctor NAME\n"
    )
    assert program("outbox", "list").out == ""


def test_the_file_must_be_the_signed_version(program: Program, file: Path) -> None:
    first = file.read_text(encoding="utf-8")
    assert program("sign", file, *SIGN).code == 0
    file.write_text(GIVEN.model_copy(update={"findings": []}).model_dump_json(), encoding="utf-8")
    ran = program("submit", file, "--to", "http://127.0.0.1:9")
    assert ran.code == 2
    assert "was changed since version 1 was signed; sign it as it is now: dictation sign" in ran.err
    assert program("sign", file, *SIGN).code == 0
    file.write_text(first, encoding="utf-8")
    ran = program("submit", file, "--to", "http://127.0.0.1:9")
    assert ran.code == 2
    assert "version 2 was signed since; submit that: dictation records export" in ran.err


def test_sent_kept_refused_and_retried(program: Program, file: Path, engine: str) -> None:
    program("sign", file, *SIGN)
    front = Front(engine, [Fault(503), Fault(422, REFUSAL)])
    with front.open() as address:
        ran = program("submit", file, "--to", address)
        assert (ran.code, ran.err) == (0, "")
        assert f"1: record {ID} version 1: kept, not sent yet: {address}: answers 503 (1 attempts" in ran.out
        ran = program("outbox", "send")
        assert ran.code == 2
        assert ran.out == f"1: record {ID} version 1: refused by {address}: answered 422: unknown clinic\n"
        assert ran.err == (
            "dictation: outbox 1: refused; dictation outbox list says why; put it right, then: "
            "dictation outbox retry 1\n"
        )
        assert program("outbox", "send").out == "nothing waits, or another program is sending it\n"
        (listed,) = program("outbox", "list", "--json").documents
        assert (listed["number"], listed["state"], listed["attempts"]) == (1, "refused", 2)
        assert program("submit", file, "--to", address).code == 2
        ran = program("outbox", "retry", 1, "--json")
        assert (ran.code, ran.documents[0]["state"], ran.documents[0]["attempts"]) == (0, "sent", 3)
        (again,) = program("submit", file, "--to", address, "--json").documents
        assert (again["source"], again["state"], again["number"]) == (str(file), "sent", 1)
    assert program("outbox", "list").out == ""
    assert program("outbox", "list", "--all").out == f"1: record {ID} version 1: sent to {address}\n"
    assert copies(engine, ID) == 1
    assert program("audit", "verify").code == 0


def test_usage(program: Program, file: Path) -> None:
    for arguments, told in (
        (("outbox", "retry"), "give the numbers of refused entries, or --all"),
        (("outbox", "retry", 7), "no entry 7 in the outbox"),
        (("submit", file, "--to", "mis"), "--to mis: not an address"),
        (("submit", file, "--to", "http://mis.example.kz"), "is not encrypted"),
    ):
        ran = program(*arguments)
        assert (ran.code, ran.out) == (2, "")
        assert told in ran.err
        assert len(ran.err.splitlines()) == 1


def test_a_way_without_encryption_is_said_on_every_run(program: Program, file: Path, home: Path) -> None:
    profile = '[lab]\nurl = "mllp://192.0.2.1:1"\nplain = true\ntimeout = 0.2\n'
    (home / "mis.toml").write_text(profile, encoding="utf-8")
    program("sign", file, *SIGN)
    where = "mllp://192.0.2.1:1: medical data goes there without encryption, as mis.toml allows"
    warning = f"dictation: warning: {where}\n"
    assert program("submit", file, "--to", "lab").err == warning
    assert program("outbox", "send").err == warning


LOGGING = """
import json, logging, sys
logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1], encoding="utf-8")
from dictation.cli import run
for arguments in json.loads(sys.argv[2]):
    print(run(arguments))
"""


def test_nothing_dictated_no_number_and_no_secret_in_what_is_written(home: Path, tmp_path: Path, engine: str) -> None:
    given, wrote, token = tmp_path / "visit.record.json", tmp_path / "wrote", home / "token"
    given.write_text(GIVEN.model_dump_json(), encoding="utf-8")
    token.touch(mode=0o600)
    token.write_text("t0ken-of-the-clinic\n", encoding="utf-8")
    for name in ("tmp", "user"):
        (wrote / name).mkdir(parents=True)
    quoting = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": iin(70)}]}
    front = Front(engine, [Fault(500), Fault(422, json.dumps(quoting).encode())])
    with front.open() as address:
        (home / "mis.toml").write_text(f'[clinic]\nurl = "{address}"\ntoken.file = "token"\n', encoding="utf-8")
        commands = [
            ["submit", str(given), "--to", "clinic"],
            ["sign", str(given), *SIGN],
            ["submit", str(given), "--to", "clinic"],
            ["outbox", "list", "--json"],
            ["outbox", "send"],
            ["outbox", "list"],
            ["outbox", "retry", "--all"],
            ["submit", str(given), "--to", "mllp://127.0.0.1:9"],
            ["outbox", "list", "--all"],
        ]
        done = subprocess.run(
            [sys.executable, "-c", LOGGING, str(wrote / "log"), json.dumps(commands)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                "DICTATION_HOME": str(home),
                "TMPDIR": str(wrote / "tmp"),
                "HOME": str(wrote / "user"),
                "PYTHONIOENCODING": "utf-8",
            },
            check=True,
        )
    (wrote / "output").write_text(done.stdout + done.stderr, encoding="utf-8")
    assert [line for line in done.stdout.splitlines() if line in {"0", "2"}] == list("200020000")
    assert copies(engine, ID) == 1
    assert "httpx" in (wrote / "log").read_text(encoding="utf-8")
    secrets = [iin(70).encode(), b"t0ken-of-the-clinic", *words_of("Сейтқали Айгүл")]
    written = [path for folder in (wrote, home) for path in folder.rglob("*") if path.is_file() and path != token]
    for path in written:
        content = path.read_bytes()
        assert [secret for secret in secrets if secret in content] == [], path
    assert secrets_in(wrote) == {}
    # Failed, refused, and taken.
    assert [headers["Authorization"] for _, headers, _ in front.seen] == ["Bearer t0ken-of-the-clinic"] * 3
