"""FHIR over HTTP with everything that goes wrong on the way: what is tried again, what is refused, who is let in."""

from __future__ import annotations

import random
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import trustme

from dictation.errors import UsageError
from dictation.mis.access import Token
from dictation.mis.delivery import Delivery
from dictation.mis.ends import RefusedError, open_end
from dictation.mis.outbox import Entry, Outbox
from dictation.mis.profiles import OAuth, Profile, Secret
from dictation.store import Store
from tests.mis.conftest import Clock
from tests.mis.outgoing import GARBAGE, LOST, Fault, Front, copies, iin, signed, stored, visit

OUTCOME = (
    '{"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "required",'
    ' "details": {"text": "Organization is missing"}, "expression": ["Encounter.serviceProvider"]},'
    ' {"severity": "warning", "code": "informational", "diagnostics": "no narrative"},'
    ' {"severity": "error", "code": "value", "diagnostics": "unknown\\nnumber 800517300000"}]}'
)


class Sender:
    """A store's outbox and what sends from it to one place, on a clock that is moved."""

    def __init__(self, store: Store, clock: Clock, address: str, **profile: Any) -> None:
        self.profile = Profile.model_validate({"url": address, **profile})
        self.outbox = Outbox(store, clock)
        self.store = store
        self.delivery = Delivery(self.outbox, lambda _: open_end(self.profile), random.Random(1))

    def submit(self, number: int, patient: int | None = None, **changes: Any) -> str:
        """Sign and submit a visit; its id, which no other test has."""
        identifier = str(UUID(int=random.getrandbits(100)))
        given = visit(number, number if patient is None else patient, **{"id": identifier, **changes})
        signed(self.store, given)
        self.outbox.submit(str(given.id), self.profile)
        return str(given.id)

    def send(self) -> Entry:
        """One attempt at all that is due; the last entry as it is then."""
        self.delivery.send_due()
        return self.outbox.entries()[-1]


def test_arrived_and_a_second_sending_changes_nothing(store: Store, clock: Clock, engine: str) -> None:
    sender = Sender(store, clock, engine)
    identifier = sender.submit(1)
    document = sender.outbox.document(sender.outbox.entries()[0])
    entry = sender.send()
    assert (entry.state, entry.attempts) == ("sent", 1)
    assert str(entry.answer).startswith("Composition/")
    before = httpx.get(f"{engine}/{entry.answer}").json()
    end = open_end(sender.profile)
    assert end.send(document).place == entry.answer
    end.close()
    assert httpx.get(f"{engine}/{entry.answer}").json() == before
    assert copies(engine, identifier, "Observation", "Observation/temperature") == 1


def test_an_answer_that_was_lost_makes_no_double(store: Store, clock: Clock, engine: str) -> None:
    front = Front(engine, [LOST, LOST])
    with front.open() as address:
        sender = Sender(store, clock, address)
        identifier = sender.submit(1)
        assert sender.send().answer == f"{address}: broke off"
        assert copies(engine, identifier) == 1
        for _ in range(2):
            clock.move(10)
            entry = sender.send()
    assert (entry.state, entry.attempts, len(front.seen)) == ("sent", 3, 3)
    assert copies(engine, identifier) == 1
    assert copies(engine, identifier, "Condition", "Condition/findings/0") == 1


def test_a_corrected_record_takes_the_place_of_the_first(store: Store, clock: Clock, engine: str) -> None:
    sender = Sender(store, clock, engine)
    identifier = sender.submit(
        1, findings=[{"text": "боль", "status": "present"}, {"text": "кашель", "status": "present"}]
    )
    assert sender.send().state == "sent"
    sender.submit(1, id=identifier, findings=[{"text": "давящая боль", "status": "present"}])
    assert sender.send().state == "sent"
    assert copies(engine, identifier) == 1
    assert stored(engine, identifier, "Composition", "Composition")["status"] == "amended"
    first, second = (stored(engine, identifier, "Condition", f"Condition/findings/{n}") for n in (0, 1))
    assert first["code"]["text"] == "давящая боль"
    assert first["verificationStatus"]["coding"][0]["code"] == "confirmed"
    assert second["verificationStatus"]["coding"][0]["code"] == "entered-in-error"
    assert "clinicalStatus" not in second


@pytest.mark.parametrize(
    ("fault", "answer", "pause"),
    [
        (Fault(hangs=2.0), "does not answer in time", None),
        (GARBAGE, "answers with what is no answer to a FHIR transaction", None),
        (Fault(body=b""), "answers with what is no answer to a FHIR transaction", None),
        (
            Fault(body=b'{"resourceType": "Bundle", "type": "transaction-response", "entry": []}'),
            "answers with what is no answer to a FHIR transaction",
            None,
        ),
        (Fault(body=b"xx", headers={"Content-Encoding": "gzip"}), "answers what cannot be read", None),
        (Fault(body=b'{"resourceType": "Bun', headers={"Content-Length": "5000"}), "broke off", None),
        (Fault(408), "answers 408", None),
        (Fault(429, headers={"Retry-After": "120"}), "answers 429", 120.0),
        (Fault(429, headers={"Retry-After": "999999"}), "answers 429", 3600.0),
        (Fault(503, headers={"Retry-After": "Mon, 23 Nov 2026 08:05:00 GMT", "Date": "x"}), "answers 503", None),
        (Fault(500), "answers 500", None),
        (Fault(302, headers={"Location": "/elsewhere"}), "answers 302 and sends us elsewhere", None),
    ],
    ids=[
        "hangs",
        "garbage",
        "empty",
        "other-bundle",
        "bad-gzip",
        "cut",
        "408",
        "429",
        "429-long",
        "503",
        "500",
        "302",
    ],
)
def test_trouble_on_the_other_side_is_tried_again(
    store: Store, clock: Clock, engine: str, fault: Fault, answer: str, pause: float | None
) -> None:
    with Front(engine, [fault]).open() as address:
        sender = Sender(store, clock, address, timeout=1 if fault.hangs else 30)
        identifier = sender.submit(1)
        entry = sender.send()
        assert entry.state == "waiting"
        assert str(entry.answer).startswith(f"{address}: {answer}")
        sender.profile = Profile(url=address)
        if pause:
            assert entry.pause == pause
        clock.move(entry.pause - 0.5)
        assert sender.send().attempts == 1
        clock.move(0.5)
        assert sender.send().state == "sent"
    assert copies(engine, identifier) == 1


def test_without_a_network_it_waits(store: Store, clock: Clock, engine: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/fhir"
        sender = Sender(store, clock, nobody)
        identifier = sender.submit(1)
        for attempts in range(1, 4):
            entry = sender.send()
            assert (entry.state, entry.attempts, entry.answer) == (
                "waiting",
                attempts,
                f"{nobody}: cannot be reached",
            )
            clock.move(30 * 86400)
    sender.profile = Profile(url=engine)
    assert sender.send().state == "sent"
    assert copies(engine, identifier) == 1


def test_pauses_double_up_to_a_quarter_of_an_hour_with_chance_in_them(store: Store, clock: Clock) -> None:
    with Front(None, [Fault(500)] * 100).open() as address:
        sender = Sender(store, clock, address)
        sender.submit(1)
        pauses = []
        for _ in range(14):
            pauses.append(sender.send().pause)
            clock.move(pauses[-1])
    full = [min(2.0 * 2**n, 900.0) for n in range(14)]
    assert all(most / 2 <= pause <= most for pause, most in zip(pauses, full, strict=True))
    assert len({round(pause / most, 3) for pause, most in zip(pauses, full, strict=True)}) > 10


def test_retry_after_as_a_date_is_read_by_the_servers_clock(store: Store, clock: Clock) -> None:
    theirs = datetime(2031, 1, 1, tzinfo=UTC)
    until = theirs + timedelta(seconds=77)
    headers = {"Retry-After": format_datetime(until, usegmt=True), "Date": format_datetime(theirs, usegmt=True)}
    with Front(None, [Fault(503, headers=headers)]).open() as address:
        sender = Sender(store, clock, address)
        sender.submit(1)
        assert sender.send().pause == 77.0


def test_an_hour_of_errors_and_then_it_arrives(store: Store, clock: Clock, engine: str) -> None:
    front = Front(engine, [Fault(500)] * 1000)
    with front.open() as address:
        sender = Sender(store, clock, address)
        visits = [sender.submit(n, patient=n % 2) for n in range(4)]
        sender.delivery.run(clock.run_for(3600))
        assert [entry.state for entry in sender.outbox.entries()] == ["waiting"] * 4
        # Two patients, each alone at the head of its queue: 2, 4, 8 … 900 seconds, half of it by chance.
        assert 2 * 9 <= len(front.seen) <= 2 * 17
        front.faults.clear()
        sender.delivery.run(clock.run_for(930))
    assert [entry.state for entry in sender.outbox.entries()] == ["sent"] * 4
    assert [copies(engine, identifier) for identifier in visits] == [1] * 4


def test_a_server_that_is_away_is_asked_once_not_for_every_patient(store: Store, clock: Clock) -> None:
    front = Front(None, [Fault(503)] * 1000)
    with front.open() as address:
        sender = Sender(store, clock, address)
        for n in range(20):
            sender.submit(n)
        sender.delivery.send_due()
        # Those that were on their way when the first answer came.
        assert len(front.seen) <= 4


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422])
def test_a_refusal_says_what_the_server_said(store: Store, clock: Clock, status: int) -> None:
    with Front(None, [Fault(status, OUTCOME.encode())]).open() as address:
        sender = Sender(store, clock, address)
        sender.submit(1)
        entry = sender.send()
    assert entry.state == "refused"
    assert entry.answer == (
        f"answered {status}: Organization is missing (Encounter.serviceProvider); unknown number ************"
    )


def test_a_refusal_of_the_engine_names_the_place(store: Store, clock: Clock, engine: str) -> None:
    sender = Sender(store, clock, engine)
    sender.submit(1)
    document = sender.outbox.document(sender.outbox.entries()[0])
    wrong = next(e["resource"] for e in document.bundle["entry"] if e["resource"]["resourceType"] == "Composition")
    wrong["colour"] = "red"
    with pytest.raises(RefusedError, match="colour"):
        open_end(sender.profile).send(document)


def test_oauth_renews_a_token_that_is_refused(store: Store, clock: Clock, engine: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch(mode=0o600)
    secret.write_text("s3cret/+\n", encoding="utf-8")
    front = Front(engine)
    with front.open() as address:
        oauth = OAuth(token_url=f"{address}/token", client_id="clinic", secret=Secret(file=secret), scope="s/w")
        sender = Sender(store, clock, address, oauth=oauth)
        visits = [sender.submit(1)]
        assert sender.send().state == "sent"
        assert len(front.granted) == 1
        front.token = "token-of-somebody-else"
        visits += [sender.submit(2)]
        assert sender.send().state == "sent"
    # Basic of clinic:s3cret%2F%2B
    assert front.granted[0] == "Basic Y2xpbmljOnMzY3JldCUyRiUyQg=="
    assert [copies(engine, identifier) for identifier in visits] == [1, 1]
    (path, _, body) = front.seen[0]
    assert (path, body) == ("/fhir/token", b"grant_type=client_credentials&scope=s%2Fw")


def test_a_token_is_fetched_anew_before_it_ends() -> None:
    now, fetched = [0.0], []

    def fetch() -> tuple[str, float | None]:
        fetched.append(now[0])
        return f"token {len(fetched)}", 3600.0 if len(fetched) < 3 else 20.0

    token = Token(fetch, lambda: now[0])
    for moment, wanted in ((0.0, 1), (3569.9, 1), (3570.0, 2), (7139.9, 2), (7140.0, 3), (7149.9, 3), (7150.0, 4)):
        now[0] = moment
        assert token.get() == f"token {wanted}"
    # Half a minute before its end; one that lasts less, after half of its time.
    assert fetched == [0.0, 3570.0, 7140.0, 7150.0]


def test_oauth_renews_within_one_sending(
    store: Store, clock: Clock, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MIS_SECRET", "x")
    front = Front(engine)
    with front.open() as address:
        oauth = OAuth(token_url=f"{address}/token", client_id="clinic", secret=Secret(env="MIS_SECRET"))
        sender = Sender(store, clock, address, oauth=oauth)
        for number in (1, 2):
            sender.submit(number)
        end = open_end(sender.profile)
        documents = [sender.outbox.document(entry) for entry in sender.outbox.entries()]
        end.send(documents[0])
        front.token = "ended meanwhile"
        end.send(documents[1])
        end.close()
    assert [path.rpartition("/")[2] for path, _, _ in front.seen] == ["token", "fhir", "fhir", "token", "fhir"]


def test_a_token_that_nobody_takes_keeps_everything_waiting(
    store: Store, clock: Clock, engine: str, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.touch(mode=0o600)
    token.write_text("old\n", encoding="utf-8")
    front = Front(engine)
    front.token = "new"
    with front.open() as address:
        sender = Sender(store, clock, address, token=Secret(file=token))
        sender.submit(1)
        entry = sender.send()
        assert (entry.state, len(front.seen)) == ("waiting", 1)
        assert entry.answer == f"{address}: does not let us in (401); check the token in mis.toml"
        token.write_text("new\n", encoding="utf-8")
        clock.move(10)
        assert sender.send().state == "sent"
        token.chmod(0o644)
        sender.submit(2)
        entry = sender.send()
        assert (entry.state, entry.answer) == (
            "waiting",
            f"{token}: others on this machine can read the secret; chmod 600 {token}",
        )


def test_own_ca_and_mutual_tls(store: Store, clock: Clock, engine: str, tmp_path: Path) -> None:
    ca, stranger = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    ca.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    files = {name: tmp_path / name for name in ("ca.pem", "stranger.pem", "own.pem")}
    ca.cert_pem.write_to_path(files["ca.pem"])
    stranger.cert_pem.write_to_path(files["stranger.pem"])
    ca.issue_cert("clinic@example.kz").private_key_and_cert_chain_pem.write_to_path(files["own.pem"])
    front = Front(engine)
    with front.open(context) as address:
        sender = Sender(store, clock, address)
        identifier = sender.submit(1)
        for trusted in ({}, {"ca": files["stranger.pem"]}):
            sender.profile = Profile(url=address, **trusted)
            entry = sender.send()
            assert entry.state == "waiting"
            assert str(entry.answer).startswith(f"{address}: its certificate is not to be trusted: ")
            clock.move(1000)
        sender.profile = Profile(url=address, ca=files["ca.pem"])
        entry = sender.send()
        assert (entry.state, len(front.seen)) == ("waiting", 0)
        clock.move(1000)
        sender.profile = Profile(url=address, ca=files["ca.pem"], certificate=files["own.pem"])
        assert sender.send().state == "sent"
    assert copies(engine, identifier) == 1


def test_a_certificate_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    for key in ("ca", "certificate"):
        with pytest.raises(UsageError, match="in PEM; check the file"):
            open_end(Profile.model_validate({"url": "https://mis.example.kz", key: tmp_path / "none.pem"}))


def test_what_is_not_encrypted_goes_past_every_proxy(
    store: Store, clock: Clock, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = Front(None, [Fault(502)])
    with proxy.open() as address:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, address.removesuffix("/fhir"))
        sender = Sender(store, clock, engine)
        sender.submit(1)
        assert sender.send().state == "sent"
    assert proxy.seen == []


def test_no_number_of_a_patient_in_an_address_or_header(store: Store, clock: Clock, engine: str) -> None:
    front = Front(engine)
    with front.open() as address:
        sender = Sender(store, clock, address)
        sender.submit(1, patient=9)
        sender.send()
    ((path, headers, body),) = front.seen
    assert iin(9) in body.decode()
    assert iin(9) not in path + str(headers)
    assert path == "/fhir"
    # No connection is kept that the other side may close at the moment of sending.
    assert headers["Connection"] == "close"
