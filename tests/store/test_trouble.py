"""A disk that is full or hangs: the dictation goes on, the user is told, and nothing is missing afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from dictation.store import journal as journals
from dictation.store import open_store
from tests.support import ROOT

# The limit on the size of files stands for the disk: writes past it fail as on a full one.
PROGRAM = """
import json, resource, signal, sys, time
from pathlib import Path
import numpy as np
from dictation.errors import StoreError
from dictation.store import open_store

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
home, said = Path(sys.argv[1]), []
sound = np.random.default_rng(7).integers(-20000, 20000, 16000 * 6, dtype=np.int16)
with open_store(home=home) as store:
    journal = store.begin("052u-visit", on_trouble=said.append)
    journal.audio(sound[:16000])
    journal.flush()
    log = (home / "store.db-wal").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (log + 20000, resource.RLIM_INFINITY))
    longest = 0.0
    for start in range(16000, len(sound), 512):
        begun = time.monotonic()
        journal.audio(sound[start:start + 512])
        longest = max(longest, time.monotonic() - begun)
    journal.event(6.0, "focus", {"field": "weight"})
    try:
        journal.flush()
        refused = None
    except StoreError as error:
        refused = str(error)
    trouble = journal.trouble
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    journal.close()
    kept = np.rint(np.concatenate(list(store.audio(journal.id))) * 32768).astype(np.int16)
    print(json.dumps({
        "refused": refused, "trouble": trouble, "after": journal.trouble, "said": said, "longest": longest,
        "whole": bool(np.array_equal(kept, sound)), "events": len(store.events(journal.id)),
        "breaks": len(store.verify()),
    }))
"""


@pytest.mark.skipif(os.name != "posix", reason="limits on the size of files are POSIX's")
def test_a_full_disk_is_said_and_costs_nothing_once_there_is_room(home: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(home)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    told = json.loads(ran.stdout)
    line = f"{home / 'store.db'}: cannot be written, the disk is full or failing; make room"
    assert (told["refused"], told["trouble"], told["after"], told["said"]) == (line, line, None, [line, None])
    assert told["longest"] < 0.2
    assert (told["whole"], told["events"], told["breaks"]) == (True, 1, 0)


def test_a_store_that_another_program_holds_for_long_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journals, "_SLOW", 0.7)
    said: list[str | None] = []
    second = np.arange(16_000).astype(np.int16)
    with open_store(home=home) as store, open_store(home=home) as other:
        journal = store.begin("052u-visit", on_trouble=said.append)
        journal.audio(second)
        journal.flush()
        with other.transaction():
            for _ in range(45):
                journal.audio(second[:1600])
                time.sleep(0.1)
                if said:
                    break
        journal.flush()
        assert len(said) == 2
        assert "not on disk yet" in str(said[0])
        assert (said[1], journal.trouble) == (None, None)
        given = journal.seconds
        journal.close()
        assert sum(len(block) for block in store.audio(journal.id)) == round(given * 16_000)
