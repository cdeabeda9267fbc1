"""A workstation that dictates, signs and sends visits until it is killed: `python sender.py HOME URL SEED COUNT`.

Prints `ready`, waits for a line, then for each visit `dictated ID` once its dictation is finished, `signed ID` once
the signature is on disk and `told ID` once the doctor would be told that the record is on its way.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from uuid import UUID

import numpy as np

from dictation.forms.record import Record
from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Store, open_store
from tests.mis.outgoing import signed, visit

PATIENTS = 3


def visits_of(seed: int, count: int) -> list[Record]:
    """What the workstation of that seed signs, in order."""
    return [visit(n, seed * PATIENTS + n % PATIENTS, id=str(UUID(int=seed * 1000 + n + 1))) for n in range(count)]


def dictate(store: Store, given: Record) -> None:
    """Half a second of sound that follows from the visit, what happens meanwhile, and its record."""
    sound = np.random.default_rng(given.id.int).integers(-9000, 9000, 8000, dtype=np.int16)
    journal = store.begin(given.form, given.language, given.context)
    for start in range(0, len(sound), 2000):
        journal.audio(sound[start : start + 2000])
        journal.event(start / 16_000, "focus", {"field": "complaints"})
    journal.close(given)


def tell(*what: str) -> None:
    """A line for whoever started the program."""
    sys.stdout.write(" ".join(what) + "\n")
    sys.stdout.flush()


def main(home: Path, url: str, seed: int, count: int) -> None:
    profile = Profile(url=url)
    with open_store(home=home) as store:
        outbox, visits = Outbox(store), visits_of(seed, count)
        # What is loaded at first use must not hide the moments that matter.
        import dictation.mis.bundle  # noqa: F401 - loaded, not used here

        sender = Delivery(outbox, lambda _: FhirServer(profile))
        tell("ready")
        sys.stdin.readline()
        threading.Thread(target=sender.run, args=(threading.Event(),), daemon=True).start()
        for given in visits:
            dictate(store, given)
            tell("dictated", str(given.id))
            tell("signed", signed(store, given))
            entry = outbox.submit(str(given.id), profile)
            tell("told", str(given.id))
            sender.send_now(entry)
        tell("done")
        sys.stdin.readline()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
