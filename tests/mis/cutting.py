"""What a power cut leaves of a program that sends: images of its store at random moments and write points, and what
becomes of each when it is opened on the next day."""

from __future__ import annotations

import random
import shutil
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.document import Document
from dictation.mis.ends import Receipt
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Search, open_store
from tests.mis.killing import COUNT, LINES, started
from tests.mis.outgoing import Front, copies

LOG = "store.db-wal"


@dataclass(frozen=True)
class Image:
    """A folder with a store; `told` are the records that the doctor had been told are on their way."""

    folder: Path
    told: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What an image held: signed records, entries on their way and arrived; and of the records of which the doctor
    had been told, or that the image shows, those that are not at the engine in the end, or twice."""

    signed: int
    waiting: int
    sent: int
    lost: int
    doubled: int


def images_while_sending(home: Path, engine: str, seed: int, count: int, folder: Path) -> Iterator[Image]:
    """Images of the store of the workstation of that seed at moments that follow from the seed, while it stands
    still; then of what its kill left, its log cut or torn at points that follow from the seed."""
    moments = random.Random(seed)
    with Front(engine, delay=0.01).open() as address, started(home, address, seed) as workstation:
        workstation.begin()
        for number in range(count):
            workstation.wait(moments, number * LINES * COUNT // count, (number + 1) * LINES * COUNT // count)
            told = workstation.said("told")
            workstation.program.send_signal(signal.SIGSTOP)
            yield Image(copied(home, folder / f"{seed}-{number}"), told)
            workstation.program.send_signal(signal.SIGCONT)
        workstation.kill()
    log = (home / LOG).read_bytes()
    for number in range(count):
        cut = moments.randrange(len(log))
        image = copied(home, folder / f"{seed}-cut{number}")
        torn = log[:cut] if number % 2 else log[:cut] + bytes(512) + log[cut + 512 :]
        (image / LOG).write_bytes(torn)
        yield Image(image, frozenset())


def copied(home: Path, image: Path) -> Path:
    """A store, its log and its key in another folder."""
    image.mkdir()
    for name in ("store.db", LOG, "store.key"):
        shutil.copy(home / name, image / name)
    return image


class _Counted(FhirServer):
    """The engine, counting what is sent to it."""

    def __init__(self, profile: Profile, counts: Counter[str]) -> None:
        super().__init__(profile)
        self._counts = counts

    def send(self, document: Document) -> Receipt:
        self._counts[document.id] += 1
        return super().send(document)


def sent_on(image: Image, engine: str) -> Outcome:
    """Open an image, check that it is whole, and send on what it shows as waiting, which must go once each.

    The engine has got since what the program went on to send: a second time of it must change nothing there.
    """
    counts: Counter[str] = Counter()
    with open_store(home=image.folder) as store:
        assert store.verify() == []
        outbox, profile = Outbox(store), Profile(url=engine)
        signed = [listed.id for listed in store.records(Search(signed=True))]
        waiting = [entry.record for entry in outbox.entries("waiting")]
        sent = [entry.record for entry in outbox.entries("sent")]
        Delivery(outbox, lambda _: _Counted(profile, counts)).send_now()
        assert {entry.state for entry in outbox.entries()} <= {"sent"}
        assert store.verify() == []
    assert counts == Counter(waiting)
    assert set(waiting) | set(sent) <= set(signed)
    found = {record: copies(engine, record) for record in {*waiting, *sent}}
    lost = len(image.told - set(found)) + sum(count == 0 for count in found.values())
    return Outcome(len(signed), len(waiting), len(sent), lost, sum(count > 1 for count in found.values()))
