"""Nothing dictated and no ИИН in anything that the program writes but the record files it was asked for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.support import COMPLAINTS, IIN, NAME, record
from tests.support import ROOT

ID = str(record().id)

# What a careless application does: everything that anybody logs goes to one file.
PROGRAM = """
import json, logging, sys
logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1], encoding="utf-8")
logging.getLogger("sqlalchemy").setLevel(logging.DEBUG)
from dictation.cli import run
for arguments in json.loads(sys.argv[2]):
    print(run(arguments))
"""


def words_of(text: str) -> list[bytes]:
    """Every longer word of a text as files may hold it."""
    found = [word.strip(".,").lower() for word in text.split() if len(word) > 5]
    return [
        form.encode(coding)
        for word in found
        for form in (word, word.capitalize())
        for coding in ("utf-8", "utf-16-le")
    ]


SECRETS = [IIN.encode(), *words_of(NAME), *words_of(COMPLAINTS)]


def secrets_in(*places: Path) -> dict[str, list[str]]:
    """The secrets that stand in plain text in the files below these places."""
    files = [path for place in places for path in [place, *place.rglob("*")] if path.is_file()]
    assert files
    contents = {str(path): path.read_bytes() for path in files}
    return {
        name: found
        for name, content in contents.items()
        if (found := [secret.decode(errors="replace") for secret in SECRETS if secret in content])
    }


@pytest.fixture
def ran(home: Path, tmp_path: Path) -> tuple[Path, str]:
    """A morning's work with the store, mistakes included; the folder of what it wrote, and its standard error."""
    given, wrong, wrote = tmp_path / "given.record.json", tmp_path / "wrong.json", tmp_path / "wrote"
    given.write_text(record().model_dump_json(), encoding="utf-8")
    wrong.write_text(
        given.read_text(encoding="utf-8").replace('"absent"', '"x"').replace("ok", NAME), encoding="utf-8"
    )
    for name in ("tmp", "user"):
        (wrote / name).mkdir(parents=True)
    commands = [
        ["sign", str(given), "--doctor", "Ахметова"],
        ["sign", str(wrong), "--doctor", "Ахметова"],
        ["sign", str(given), "--doctor", "Ахметова", "--confirm", "temperature"],
        ["sign", str(given), "--doctor", "Ахметова", "--confirm", "temperature"],
        ["records", "list", "--patient", "0"],
        ["records", "show", "нет такой", "--json"],
        ["records", "export", ID, "--out", str(given / "not a folder")],
        ["audit", "verify"],
        ["audit", "show"],
        ["backup", str(wrote / "backup.db")],
        ["restore", str(given)],
        ["records", "retention", "--audio", "x"],
    ]
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "DICTATION_HOME": str(home), "TMPDIR": str(wrote / "tmp"),
        "HOME": str(wrote / "user"), "PYTHONIOENCODING": "utf-8",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(wrote / "log"), json.dumps(commands)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env=environment,
        check=True,
    )
    (wrote / "output").write_text(done.stdout, encoding="utf-8")
    codes = [line for line in done.stdout.splitlines() if line in {"0", "2"}]
    assert codes == ["2", "2", "0", "2", "0", "2", "2", "0", "0", "0", "2", "2"]
    return wrote, done.stderr


def test_nothing_leaves_the_store_but_what_was_asked_for(ran: tuple[Path, str], home: Path) -> None:
    wrote, errors = ran
    (wrote / "errors").write_text(errors, encoding="utf-8")
    assert (wrote / "log").stat().st_size > 0
    assert secrets_in(wrote, home) == {}


def test_the_search_would_find_them(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text(record().model_dump_json(), encoding="utf-8")
    (found,) = secrets_in(tmp_path).values()
    assert IIN in found
    assert len(found) > 3
