"""A whole day of the program, from sound to what every kind of system got, mistakes and a crash included; and then
everything that it wrote on the way is read for what was dictated, numbers of patients, and secrets."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote

import pytest

from dictation.resources import cache_dir, grammars_dir
from tests.mis.outgoing import Fault, Front, copies, iin
from tests.support import ROOT

NAME = "Сейтқали Айгүл Нұрланқызы"
CONTEXT = {
    "patient": {"iin": iin(71), "name": NAME, "birth_date": "1980-05-17", "sex": "female"},
    "visit": {"id": "V-71", "date": "2026-11-22", "practitioner": "Ахметова Г. С."},
}
TOKEN = "t0ken-of-the-clinic"
QUOTING = {"resourceType": "OperationOutcome", "issue": [{"severity": "error", "diagnostics": f"{NAME} {iin(71)}"}]}

# What a careless application does: all that anybody logs goes to one file. A dictation is broken off, and one of the
# program's own functions fails with what was dictated in its error.
PROGRAM = """
import json, logging, sys
from pathlib import Path
logging.basicConfig(level=logging.DEBUG, filename=sys.argv[1], encoding="utf-8")
from dictation import Context, open_store
from dictation.audio.recording import Recording
from dictation.cli import run

settings = json.loads(sys.argv[2])

def call(*arguments):
    print("code", arguments[0], run([str(argument) for argument in arguments]), flush=True)

sound, out, context = settings["sound"], settings["out"], settings["context"]
call("fill", sound, settings["broken"], "--context", context, "--out", out, "--json")
known = Context.model_validate_json(Path(context).read_text(encoding="utf-8"))
with open_store() as store, store.begin("052u-visit", "ru", known) as journal, Recording(Path(sound)) as recording:
    for block in recording.blocks():
        journal.audio(block)
call("recover", "--out", out, "--json")
record = next(Path(out).glob("short.record.json"))
fields = json.loads(record.read_text(encoding="utf-8"))["fields"]
doubts = [name for name, field in fields.items() if field["status"] == "check"]
confirm = [f"--confirm={name}" for name in [*doubts, "findings", "allergies", "notices"]]
call("sign", record, "--doctor", "Ахметова")
call("sign", record, "--doctor", "Ахметова", *confirm)
call("submit", record, "--to", "clinic")
call("submit", record, "--to", settings["drop"])
call("submit", record, "--to", "mllp://127.0.0.1:9")
call("outbox", "send")
call("outbox", "list")
call("outbox", "retry", "1")
call("outbox", "send", "--json")
call("records", "show", "0" * 8)
call("audit", "verify")
call("backup", settings["backup"])

def broken(record, form, signed):
    raise ValueError(record.transcript.text + record.context.patient.name)
import dictation.outputs
dictation.outputs.to_html = broken
call("fill", sound, "--context", context, "--out", out)
"""


@dataclass(frozen=True)
class Day:
    """What a day left: the folder of what was written unasked (the store in `home` too), the record, the codes."""

    wrote: Path
    home: Path
    record: dict[str, object]
    codes: list[str]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory, engine: str, short_recording: Path) -> Day:
    folder = tmp_path_factory.mktemp("day")
    home, wrote, asked = folder / "home", folder / "wrote", folder / "asked"
    for path in (home, wrote / "tmp", wrote / "user", asked / "drop", asked / "out"):
        path.mkdir(parents=True, mode=0o700)
    # The model is the machine's: it is large, and not of this day.
    (home / "cache").symlink_to(_made(cache_dir()))
    (home / "token").touch(mode=0o600)
    (home / "token").write_text(TOKEN, encoding="utf-8")
    (asked / "context.json").write_text(json.dumps(CONTEXT, ensure_ascii=False), encoding="utf-8")
    (asked / "broken.wav").write_bytes(b"RIFF, and nothing more of a recording")
    settings = {
        "sound": str(short_recording), "broken": str(asked / "broken.wav"), "out": str(asked / "out"),
        "context": str(asked / "context.json"), "drop": (asked / "drop").as_uri(), "backup": str(wrote / "backup.db"),
    }  # fmt: skip
    begun = time.time()
    with Front(engine, [Fault(500), Fault(422, json.dumps(QUOTING).encode())]).open() as address:
        profile = f'[clinic]\nurl = "{address}"\ntoken.file = "token"\n'
        (home / "mis.toml").write_text(profile, encoding="utf-8")
        environment = {
            "PYTHONPATH": str(ROOT), "DICTATION_HOME": str(home), "TMPDIR": str(wrote / "tmp"),
            "HOME": str(wrote / "user"), "PYTHONIOENCODING": "utf-8",
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(wrote / "log"), json.dumps(settings)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**os.environ, **environment},
            cwd=wrote,
            check=True,
        )
    (wrote / "errors").write_text(done.stderr, encoding="utf-8")
    for path in (home / "cache").rglob("*"):
        if path.is_file() and path.stat().st_mtime >= begun:
            (wrote / "tmp" / f"cache-{path.name}").write_bytes(path.read_bytes())
    record = json.loads((asked / "out" / "short.record.json").read_text(encoding="utf-8"))
    assert copies(engine, record["id"]) == 1
    assert len(list((asked / "drop").iterdir())) == 4
    return Day(wrote, home, record, re.findall(r"^code (.*)$", done.stdout, re.MULTILINE))


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def secrets(record: dict[str, object]) -> set[str]:
    """Of the patient every word; of what was dictated every two neighbouring words of some length that are none of
    the program's own: its rules say "анамнез заболевания" too, and may be kept anew at any time."""
    context = json.loads(json.dumps(record["context"]))
    texts = [json.loads(json.dumps(record["transcript"]))["text"]]
    fields = json.loads(json.dumps(record["fields"]))
    texts += [field["value"] for field in fields.values() if isinstance(field["value"], str)]
    words = [re.findall(r"\w+", text) for text in texts]
    pairs = {f"{a} {b}" for row in words for a, b in pairwise(row) if min(len(a), len(b)) > 3}
    rules = "\n".join(path.read_text(encoding="utf-8") for path in grammars_dir().rglob("*.yaml")).lower()
    pairs = {pair for pair in pairs if pair.lower() not in rules}
    return {iin(71), TOKEN, *context["patient"]["name"].split(), *pairs}


def spellings(secret: str) -> set[bytes]:
    """As a file may hold it."""
    forms = {secret, secret.casefold(), json.dumps(secret)[1:-1], quote(secret), secret.encode().hex()}
    encoded = {form.encode(coding) for form in forms for coding in ("utf-8", "utf-16-le")}
    return encoded | {secret.encode("cp1251", errors="ignore")} if len(secret) > 4 else encoded


def found_in(folder: Path, wanted: set[str], *, but: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """File and secret of every finding."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in but]
    assert files
    looked_for = {secret: spellings(secret) for secret in wanted}
    return [
        (path.name, secret)
        for path, content in ((path, path.read_bytes()) for path in files)
        for secret, forms in looked_for.items()
        if any(form in content for form in forms)
    ]


@pytest.mark.slow
def test_the_day_went_as_it_should(day: Day) -> None:
    assert day.codes == [
        "fill 2", "recover 0", "sign 2", "sign 0", "submit 0", "submit 0", "submit 0", "outbox 2", "outbox 0",
        "outbox 0", "outbox 0", "records 2", "audit 0", "backup 0", "fill 2",
    ]  # fmt: skip
    errors = (day.wrote / "errors").read_text(encoding="utf-8")
    assert re.search(r"^dictation: internal error: ValueError at \S+:\d+; please report it", errors, re.MULTILINE)
    assert (day.wrote / "log").stat().st_size > 10_000


@pytest.mark.slow
def test_nothing_dictated_no_number_and_no_secret_in_anything_written(day: Day) -> None:
    wanted = secrets(day.record)
    assert len(wanted) > 8
    assert found_in(day.wrote, wanted) == []
    assert found_in(day.home, wanted, but=("token",)) == []


@pytest.mark.slow
def test_the_search_would_find_them(day: Day, tmp_path: Path) -> None:
    (tmp_path / "plain").write_text(json.dumps(day.record, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "escaped").write_text(json.dumps(day.record), encoding="utf-8")
    found = found_in(tmp_path, secrets(day.record) - {TOKEN})
    for name in ("plain", "escaped"):
        assert len([1 for file, _ in found if file == name]) >= len(secrets(day.record)) // 2
