"""What a kill costs what is being sent, and how fast the outbox is.

    python -m benchmarks.outbox [--kills N] [--cuts K] [--records M]

Kills: a workstation dictates, signs and sends visits to a FHIR engine over HTTP and is ended by `kill -9` at a
random moment, N times; then the outbox is sent on. Every signed record must be there once, and the audit chain whole.
Cuts: of K such workstations ten images each, of the files at random moments and with the log cut or torn at random
points; each image is opened and sent on. Faults: M visits to a server that loses every third answer, fails, answers
garbage. Speed: M visits of M patients, from submission to acknowledgement. Needs Node and npm.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from rich.console import Console
from rich.table import Table

from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.document import document_of
from dictation.mis.identity import Systems
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import open_store
from dictation.store.keys import Key
from tests.mis import cutting
from tests.mis.cutting import images_while_sending, sent_on
from tests.mis.killing import Outcome, kill_while_sending
from tests.mis.outgoing import GARBAGE, LOST, Fault, Front, copies, fhir_engine, signed, visit

T = TypeVar("T")

ROUNDS = 3
# The engine searches through all that it holds: what it holds is kept small.
PER_ENGINE = 10
# Of each workstation: so many while it runs, and as many of its log.
IMAGES = 5


def new_home(folder: str) -> Path:
    """A folder with the key of a store in a file, as where there is no keyring."""
    home = Path(tempfile.mkdtemp(dir=folder))
    key = home / "store.key"
    key.touch(mode=0o600)
    key.write_text(Key.new().secret.hex(), encoding="utf-8")
    return home


def campaign(kills: int, seed: int) -> Iterator[Outcome]:
    """The outcomes of that many kills at moments that follow from the seed."""
    for first in range(0, kills, PER_ENGINE):
        with tempfile.TemporaryDirectory() as folder, fhir_engine() as engine:
            for n in range(first, min(first + PER_ENGINE, kills)):
                yield kill_while_sending(new_home(folder), engine, seed + n)


def cuts(runs: int, seed: int) -> Iterator[cutting.Outcome]:
    """The outcomes of the images of that many workstations."""
    for n in range(runs):
        with tempfile.TemporaryDirectory() as folder, fhir_engine() as engine:
            place = Path(folder)
            for image in images_while_sending(new_home(folder), engine, seed + n, IMAGES, place):
                yield sent_on(image, engine)


def faulty(engine: str, records: int) -> tuple[int, int, int]:
    """Records sent through a bad line, those lost, those doubled."""
    front = Front(engine, [(LOST, Fault(500), GARBAGE, Fault(429), LOST)[n % 5] for n in range(2 * records)])
    with tempfile.TemporaryDirectory() as folder, front.open() as address, open_store(home=new_home(folder)) as store:
        outbox, profile = Outbox(store), Profile(url=address)
        visits = [visit(n, 7000 + n % 9, id=str(UUID(int=7_000_000 + n))) for n in range(records)]
        for given in visits:
            outbox.submit(signed(store, given), profile)
        sender = Delivery(outbox, lambda _: FhirServer(profile))
        while outbox.entries("waiting"):
            sender.send_now()
    found = [copies(engine, str(given.id)) for given in visits]
    return records, found.count(0), sum(count > 1 for count in found)


@dataclass(frozen=True)
class Taken:
    """Seconds for submitting and for sending through the outbox, and for the engine alone with as many others."""

    submitting: float
    sending: float
    engine: float


def speed(records: int) -> Taken:
    """What that many records take, each of another patient, to an engine that holds nothing yet."""
    with (
        tempfile.TemporaryDirectory() as folder,
        fhir_engine() as engine,
        open_store(home=new_home(folder)) as store,
    ):
        outbox, profile = Outbox(store), Profile(url=engine)
        visits = [visit(n, n, id=str(UUID(int=8_000_000 + n))) for n in range(2 * records)]
        identifiers = [signed(store, given) for given in visits]
        documents = [document_of(store, identifier, systems=Systems()) for identifier in identifiers[records:]]
        begun = time.perf_counter()
        for identifier in identifiers[:records]:
            outbox.submit(identifier, profile)
        submitted = time.perf_counter()
        done = Delivery(outbox, lambda _: FhirServer(profile)).send_now()
        sent = time.perf_counter()
        assert [entry.state for entry in done] == ["sent"] * records
        end = FhirServer(profile)
        for document in documents:
            end.send(document)
        end.close()
        return Taken(submitted - begun, sent - submitted, time.perf_counter() - sent)


def told(outcomes: Iterator[T]) -> Iterator[T]:
    """Each outcome, printed at once: what was found so far stands, should the rest be broken off."""
    for number, outcome in enumerate(outcomes, 1):
        Console(stderr=True).print(number, outcome)
        yield outcome


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--cuts", type=int, default=10)
    parser.add_argument("--records", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    table = Table("what", "figure")
    killed = list(told(campaign(given.kills, given.seed)))
    images = list(told(cuts(given.cuts, given.seed)))
    with fhir_engine() as engine:
        sent, lost, doubled = faulty(engine, given.records)
    taken = [speed(given.records) for _ in range(ROUNDS)]
    table.add_row("kills", str(len(killed)))
    for name in ("dictated", "signed", "told", "in_flight", "lost", "doubled"):
        table.add_row(f"kills: records {name}", str(sum(getattr(outcome, name) for outcome in killed)))
    table.add_row("images of power cuts", str(len(images)))
    for name in ("signed", "waiting", "sent", "lost", "doubled"):
        table.add_row(f"images: records {name}", str(sum(getattr(outcome, name) for outcome in images)))
    table.add_row("bad line: records sent, lost, doubled", f"{sent}, {lost}, {doubled}")
    for name, seconds in (
        ("submitted", min(one.submitting for one in taken)),
        ("sent through the outbox", min(one.sending for one in taken)),
        ("submitted and sent", min(one.submitting + one.sending for one in taken)),
        ("given to the engine alone, one after another", min(one.engine for one in taken)),
    ):
        table.add_row(f"{name}, a second, best of {ROUNDS}", f"{given.records / seconds:.1f}")
    Console().print(table)


if __name__ == "__main__":
    main()
