"""A disk that is full while a record is submitted or acknowledged: what is signed stays signed, nothing is called
sent that is not, it is said in one line, and all works again once there is room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dictation.errors import StoreError
from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.document import Document
from dictation.mis.ends import Receipt
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Search, open_store
from tests.mis.outgoing import DOCTOR, Front, copies, signed, visit
from tests.program import Program, Ran
from tests.support import ROOT

SIZE = 3_000_000


class Disk:
    """A small disk that can be filled to the last byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        try:
            with self._filler.open("ab", buffering=0) as file:
                while file.write(bytes(4096)):
                    pass
        except OSError:
            assert shutil.disk_usage(self.folder).free == 0

    def empty(self) -> None:
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("needs the right to mount a small disk; the next test is without it")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def on_disk(disk: Disk, home: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    """The same, the program's folder being on it."""
    shutil.copy(home / "store.key", disk.folder)
    monkeypatch.setenv("DICTATION_HOME", str(disk.folder))
    return disk


def test_full_when_it_is_submitted(on_disk: Disk, program: Program, tmp_path: Path, engine: str) -> None:
    given, other = visit(90, 90), visit(91, 91)
    for one in (given, other):
        (tmp_path / f"{one.id}.json").write_text(one.model_dump_json(), encoding="utf-8")
    file, second = (tmp_path / f"{one.id}.json" for one in (given, other))
    sign = ("--doctor", DOCTOR, "--confirm", "temperature")
    assert program("sign", file, *sign).code == 0
    full = f"dictation: {on_disk.folder / 'store.db'}: cannot be written, the disk is full or failing; make room\n"
    front = Front(engine)
    with front.open() as address:
        on_disk.fill()
        assert program("submit", file, "--to", address) == Ran(2, "", full)
        assert program("sign", second, *sign) == Ran(2, "", full)
        assert front.seen == []
        on_disk.empty()
        assert program("outbox", "list", "--all") == Ran(0, "", "")
        with open_store(home=on_disk.folder) as store:
            assert [listed.id for listed in store.records(Search(signed=True))] == [str(given.id)]
            assert [listed.id for listed in store.records()] == [str(given.id)]
            assert store.verify() == []
        sent = Ran(0, f"1: record {given.id} version 1: sent to {address}\n", "")
        assert program("submit", file, "--to", address) == sent
        assert program("sign", second, *sign).code == 0
    assert copies(engine, str(given.id)) == 1
    assert program("audit", "verify").code == 0


def test_full_when_it_has_arrived(on_disk: Disk, engine: str) -> None:
    given, profile = visit(92, 92), Profile(url=engine)

    class Filling(FhirServer):
        """The disk fills up while the server answers."""

        def send(self, document: Document) -> Receipt:
            receipt = super().send(document)
            on_disk.fill()
            return receipt

    with open_store(home=on_disk.folder) as store:
        outbox = Outbox(store)
        outbox.submit(signed(store, given), profile)
        with pytest.raises(StoreError, match="the disk is full or failing; make room"):
            Delivery(outbox, lambda _: Filling(profile)).send_now()
        assert copies(engine, str(given.id)) == 1
        (entry,) = outbox.entries()
        assert (entry.state, entry.attempts) == ("waiting", 0)
        on_disk.empty()
        (entry,) = Delivery(outbox, lambda _: FhirServer(profile)).send_now()
        assert entry.state == "sent"
        assert store.verify() == []
    assert copies(engine, str(given.id)) == 1


# The limit on the size of files stands for the disk: writes past it fail as on a full one.
LIMITED = """
import json, resource, signal, sys
from pathlib import Path
from dictation.errors import StoreError
from dictation.mis.delivery import Delivery
from dictation.mis.client import FhirServer
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import open_store
from tests.mis.outgoing import signed, visit

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
home, profile, told = Path(sys.argv[1]), Profile(url=sys.argv[2]), []
with open_store(home=home) as store:
    outbox, identifier = Outbox(store), signed(store, visit(93, 93))
    log = (home / "store.db-wal").stat().st_size
    hard = resource.RLIM_INFINITY
    for limit in (log + 100, log + 5000, log + 20000, hard):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
        try:
            outbox.submit(identifier, profile)
            told.append(None)
        except StoreError as error:
            told.append(str(error))
    signature = store.signature(identifier)
    (entry,) = Delivery(outbox, lambda _: FhirServer(profile)).send_now()
    ended = {"signed": signature.version, "state": entry.state, "breaks": len(store.verify())}
    print(json.dumps({"told": told, **ended}))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of files are POSIX's")
def test_full_at_any_point_of_submitting(home: Path, engine: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", LIMITED, str(home), engine],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    line = f"{home / 'store.db'}: cannot be written, the disk is full or failing; make room"
    told = json.loads(ran.stdout)
    assert told == {"told": [line, line, line, None], "signed": 1, "state": "sent", "breaks": 0}
    assert copies(engine, str(visit(93, 93).id)) == 1
