"""Sending over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dictation.mis.delivery import Delivery
from dictation.mis.ends import open_end
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import find_profile
from dictation.session import Dictation
from tests.workstation.clinic import Clinic, opened


@pytest.fixture
def sending(home: Path, dictation: Dictation) -> Iterator[Clinic]:
    """A server that sends into a folder."""
    with opened(home, dictation, submit_to=(home / "drop").as_uri()) as made:
        (home / "drop").mkdir()
        yield made


def test_a_signed_record_is_put_on_its_way_once(sending: Clinic) -> None:
    record = sending.keep()
    sending.refused("not-signable", 409, "POST", f"/records/{record}/submit")
    sending.ask("POST", f"/records/{record}/sign", {"version": 1})
    (first,) = sending.ask("POST", f"/records/{record}/submit")["deliveries"]
    assert (first["number"], first["version"], first["state"]) == (1, 1, "waiting")
    assert len(sending.ask("POST", f"/records/{record}/submit")["deliveries"]) == 1
    (entry,) = sending.ask("GET", "/outbox")["entries"]
    assert (entry["record"], entry["state"], entry["attempts"]) == (record, "waiting", 0)
    sending.refused("not-refused", 409, "POST", "/outbox/1/retry")


def test_what_was_refused_is_shown_and_sent_again(sending: Clinic) -> None:
    record = sending.keep()
    sending.ask("POST", f"/records/{record}/sign", {"version": 1})
    sending.ask("POST", f"/records/{record}/submit")
    outbox = Outbox(sending.store)
    outbox.refused(outbox.entry(1), "ИИН не найден")
    (entry,) = sending.ask("GET", "/outbox")["entries"]
    assert (entry["state"], entry["answer"]) == ("refused", "ИИН не найден")
    assert sending.ask("POST", "/outbox/1/retry")["state"] == "waiting"
    Delivery(outbox, lambda address: open_end(find_profile(address))).send_now()
    assert sending.ask("GET", "/outbox")["entries"] == []
    assert [each["state"] for each in sending.ask("GET", "/outbox?everything=true")["entries"]] == ["sent"]
    assert [each["state"] for each in sending.ask("GET", f"/records/{record}")["deliveries"]] == ["sent"]
    assert {path.name for path in (sending.home / "drop").iterdir()} == {
        f"{record}.v1.{ending}" for ending in ("record.json", "bundle.json", "html", "pdf")
    }


def test_what_is_not_there_is_not_found(sending: Clinic) -> None:
    for number in ("7", "0", "-1", "99999999999999999999"):
        sending.refused("not-found", 404, "POST", f"/outbox/{number}/retry")
    sending.refused("invalid", 422, "POST", "/outbox/first/retry")


def test_without_a_destination_nothing_is_sent(clinic: Clinic) -> None:
    record = clinic.keep()
    clinic.ask("POST", f"/records/{record}/sign", {"version": 1})
    clinic.refused("no-destination", 409, "POST", f"/records/{record}/submit")
