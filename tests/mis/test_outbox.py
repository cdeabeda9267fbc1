"""The outbox: on disk before anybody is told, each patient in order, others meanwhile, nothing twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update

from dictation.errors import SigningError, StoreError, UsageError
from dictation.mis.delivery import Delivery
from dictation.mis.document import Document
from dictation.mis.ends import LaterError, Receipt, RefusedError
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import Retention, Store, open_store
from dictation.store.tables import outbox as outbox_table
from tests.mis.conftest import Clock
from tests.mis.outgoing import Front, copies, signed, visit
from tests.support import ROOT

PLACE = Profile(url="https://mis.example.kz/fhir")
ELSEWHERE = Profile(url="https://other.example.kz/fhir")


class Taker:
    """An end that takes everything, or what it is told about a record; `got` is what came, in order."""

    def __init__(self) -> None:
        self.got: list[tuple[str, int]] = []
        self.trouble: dict[str, Exception] = {}
        self.lock = threading.Lock()

    def send(self, document: Document) -> Receipt:
        with self.lock:
            self.got.append((document.id, document.version))
        if document.id in self.trouble:
            raise self.trouble[document.id]
        return Receipt(document.name)

    def close(self) -> None:
        pass


@pytest.fixture
def taker() -> Taker:
    return Taker()


def delivery(outbox: Outbox, taker: Taker) -> Delivery:
    return Delivery(outbox, lambda _: taker)


def test_what_is_not_signed_does_not_leave(store: Store) -> None:
    given = visit(1)
    store.save(given)
    with pytest.raises(SigningError, match=r"not signed.*dictation sign"):
        Outbox(store).submit(str(given.id), PLACE)
    signed(store, given)
    store.save(visit(1, findings=[]))
    with pytest.raises(SigningError, match="not signed"):
        Outbox(store).submit(str(given.id), PLACE, version=2)
    assert Outbox(store).entries() == []


def test_submitted_twice_it_is_one_entry_and_another_place_is_another(store: Store) -> None:
    outbox, identifier = Outbox(store), signed(store, visit(1))
    first, again, other = (outbox.submit(identifier, place) for place in (PLACE, PLACE, ELSEWHERE))
    assert (first, first.number, other.number) == (again, 1, 2)
    assert (first.version, first.state, first.attempts, first.destination) == (1, "waiting", 0, PLACE.url)
    told = [entry.action for entry in store.audit.entries(identifier) if entry.action == "submitted"]
    assert told == ["submitted", "submitted"]


def test_it_is_on_disk_and_the_content_goes_once_it_has_arrived(home: Path, taker: Taker) -> None:
    with open_store(home=home) as store:
        identifier = signed(store, visit(1))
        Outbox(store).submit(identifier, PLACE)
    with open_store(home=home) as store:
        outbox = Outbox(store)
        (entry,) = outbox.entries("waiting")
        assert outbox.document(entry).record == store.record(identifier).model_dump(mode="json")
        (done,) = delivery(outbox, taker).send_due()
        assert (done.state, done.attempts, done.answer) == ("sent", 1, f"{identifier}.v1")
        with pytest.raises(StoreError, match="has been sent"):
            outbox.document(done)
        assert delivery(outbox, taker).send_now() == []
        assert [e.action for e in store.audit.entries(identifier)][-1] == "sent"
        assert store.verify() == []


def test_a_patient_in_order_and_others_meanwhile(store: Store, taker: Taker) -> None:
    outbox = Outbox(store)
    a, b, c, other = (signed(store, visit(n, patient)) for n, patient in ((1, 7), (2, 7), (3, 7), (4, 8)))
    for identifier in (c, a, other, b):
        outbox.submit(identifier, PLACE)
    taker.trouble[a] = LaterError("busy", everybody=False)
    delivery(outbox, taker).send_due()
    assert sorted(taker.got) == sorted([(c, 1), (a, 1), (other, 1)])
    taker.trouble.clear()
    taker.got.clear()
    delivery(outbox, taker).send_now()
    assert taker.got == [(a, 1), (b, 1)]


def test_patients_are_sent_in_parallel(store: Store) -> None:
    outbox, both, met = Outbox(store), threading.Barrier(2, timeout=20), threading.Event()
    entries = [outbox.submit(signed(store, visit(1, 1)), PLACE)]
    # One patient in 64 shares a lock with another, by the key of the store, and is sent after them.
    while len({entry.lock for entry in entries}) < 2:
        n = len(entries) + 1
        entries.append(outbox.submit(signed(store, visit(n, n)), PLACE))

    class Meeting(Taker):
        def send(self, document: Document) -> Receipt:
            if not met.is_set():
                both.wait()
                met.set()
            return super().send(document)

    done = delivery(outbox, Meeting()).send_due()
    assert [entry.state for entry in done] == ["sent"] * len(entries)


def test_a_patient_without_a_number_is_known_by_name_and_birth_date(store: Store) -> None:
    outbox = Outbox(store)

    def queue(number: int, **patient: str) -> str:
        context = {"patient": patient, "visit": {"id": str(number)}}
        return outbox.submit(signed(store, visit(number, context=context)), PLACE).queue

    same = queue(1, name="Ким А.", birth_date="1980-05-17"), queue(2, name="КИМ А.", birth_date="1980-05-17")
    assert same[0] == same[1]
    assert len({*same, queue(3, name="Ким А.", birth_date="1981-05-17"), queue(4), queue(5)}) == 4
    assert "Ким" not in "".join(same)


def test_what_is_refused_waits_for_a_person_and_holds_up_nobody(store: Store, taker: Taker) -> None:
    outbox = Outbox(store)
    wrong, fine = signed(store, visit(1, 7)), signed(store, visit(2, 7))
    for identifier in (wrong, fine):
        outbox.submit(identifier, PLACE)
    taker.trouble[wrong] = RefusedError("answered 422: no such clinic (Encounter.serviceProvider)")
    done = delivery(outbox, taker).send_due()
    assert [(e.record, e.state) for e in done] == [(wrong, "refused"), (fine, "sent")]
    assert done[0].answer == "answered 422: no such clinic (Encounter.serviceProvider)"
    assert delivery(outbox, taker).send_now() == []
    with pytest.raises(UsageError, match="only what was refused"):
        outbox.retry(done[1].number, PLACE)
    taker.trouble.clear()
    assert outbox.retry(done[0].number, PLACE).state == "waiting"
    (again,) = delivery(outbox, taker).send_now()
    assert (again.state, again.attempts) == ("sent", 2)
    actions = [entry.action for entry in store.audit.entries(wrong)]
    assert [a for a in actions if a not in {"saved", "signed", "exported"}] == [
        "submitted",
        "refused",
        "resubmitted",
        "sent",
    ]


def test_a_retry_is_made_anew_by_what_the_profile_says_now(store: Store, taker: Taker) -> None:
    outbox, identifier = Outbox(store), signed(store, visit(1))
    entry = outbox.submit(identifier, PLACE)
    outbox.refused(entry, "unknown system")
    outbox.retry(entry.number, Profile(url=PLACE.url, systems={"iin": "urn:oid:1.2.3"}))
    assert "urn:oid:1.2.3" in str(outbox.document(entry).bundle)


def test_an_older_version_never_follows_a_newer_one(store: Store) -> None:
    outbox, identifier = Outbox(store), signed(store, visit(1))
    first = outbox.refused(outbox.submit(identifier, PLACE), "no")
    signed(store, visit(1, findings=[]))
    second = outbox.submit(identifier, PLACE)
    assert (second.version, outbox.document(second).replaces) == (2, 1)
    with pytest.raises(UsageError, match="version 2 of this record was submitted after version 1"):
        outbox.retry(first.number, PLACE)
    with pytest.raises(UsageError, match="version 3 of this record was submitted after version 1"):
        outbox.submit(signed(store, visit(1)), ELSEWHERE) and outbox.submit(identifier, ELSEWHERE, version=1)


def test_a_clock_that_was_set_back_makes_nobody_wait(store: Store, taker: Taker, clock: Clock) -> None:
    outbox, identifier = Outbox(store, clock), signed(store, visit(1))
    outbox.submit(identifier, PLACE)
    taker.trouble[identifier] = LaterError("busy", after=3000.0)
    sender = delivery(outbox, taker)
    assert sender.send_due()[0].pause == 3000.0
    clock.move(2999)
    assert sender.send_due() == []
    clock.move(-10 * 365 * 86400)
    assert len(sender.send_due()) == 1
    assert sender.send_due() == []
    clock.move(3000)
    taker.trouble.clear()
    assert sender.send_due()[0].state == "sent"


def test_an_end_of_ones_own_that_breaks_stops_nobody_and_tells_nothing(store: Store, taker: Taker) -> None:
    outbox = Outbox(store)
    bad, good = signed(store, visit(1, 1)), signed(store, visit(2, 2))
    for identifier in (bad, good):
        outbox.submit(identifier, PLACE)
    taker.trouble[bad] = ValueError("Сейтқали")
    done = delivery(outbox, taker).send_due()
    assert [(e.state, e.answer) for e in done] == [
        ("waiting", "internal error: ValueError"),
        ("sent", f"{good}.v1"),
    ]


def test_an_entry_that_cannot_be_read_stops_nobody(store: Store, taker: Taker) -> None:
    outbox = Outbox(store)
    bad, good = (outbox.submit(signed(store, visit(n, n)), PLACE) for n in (1, 2))
    with store.transaction() as connection:
        connection.execute(update(outbox_table).where(outbox_table.c.number == bad.number).values(content="{}"))
    done = delivery(outbox, taker).send_due()
    assert [(entry.state, entry.answer) for entry in done] == [
        ("waiting", "internal error: TypeError"),
        ("sent", f"{good.record}.v1"),
    ]


def test_deleted_with_its_record_and_kept_by_age_until_it_has_arrived(store: Store, taker: Taker) -> None:
    outbox = Outbox(store)
    gone, late = signed(store, visit(1, 1)), signed(store, visit(2, 2))
    for identifier in (gone, late):
        outbox.submit(identifier, PLACE)
    store.delete_record(gone)
    assert [entry.record for entry in outbox.entries()] == [late]
    store.set_retention(Retention(records=0))
    day_after = datetime.now(UTC) + timedelta(days=1)
    assert store.tidy(day_after).records == 0
    delivery(outbox, taker).send_now()
    assert store.tidy(day_after).records == 1
    assert outbox.entries() == []


def test_a_record_deleted_while_it_is_sent_stops_nobody(store: Store, clock: Clock) -> None:
    class Deleting(Taker):
        def send(self, document: Document) -> Receipt:
            if not self.got:
                store.delete_record(document.id)
            return super().send(document)

    outbox, taker = Outbox(store, clock), Deleting()
    for n in (1, 2):
        outbox.submit(signed(store, visit(n, 7)), PLACE)
    delivery(outbox, taker).run(clock.run_for(60))
    assert [entry.state for entry in outbox.entries()] == ["sent"]
    assert store.verify() == []


SENDER = """
import sys
from pathlib import Path
from dictation.mis.client import FhirServer
from dictation.mis.delivery import Delivery
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import Profile
from dictation.store import open_store

with open_store(home=Path(sys.argv[1])) as store:
    delivery = Delivery(Outbox(store), lambda url: FhirServer(Profile(url=url)))
    print("ready", flush=True)
    sys.stdin.readline()
    while Outbox(store).heads():
        delivery.send_now()
"""


def test_two_programs_send_each_record_once(store: Store, home: Path, engine: str) -> None:
    front = Front(engine, delay=0.02)
    visits = [visit(100 + n, patient=n % 3, id=str(UUID(int=1000 + n))) for n in range(6)]
    with front.open() as address:
        for given in visits:
            Outbox(store).submit(signed(store, given), Profile(url=address))
        programs = [
            subprocess.Popen(
                [sys.executable, "-c", SENDER, str(home)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                cwd=ROOT,
            )
            for _ in range(2)
        ]
        for program in programs:
            assert program.stdout
            assert program.stdout.readline() == "ready\n"
        for program in programs:
            assert program.stdin
            program.stdin.write("go\n")
            program.stdin.flush()
        assert [program.wait(60) for program in programs] == [0, 0]
    assert len(front.seen) == 6
    assert [copies(engine, str(given.id)) for given in visits] == [1] * 6
    assert {entry.state for entry in Outbox(store).entries()} == {"sent"}
    assert store.verify() == []
