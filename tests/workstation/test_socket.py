"""Dictating over the socket, against a real server with a real recogniser and a real store."""

from __future__ import annotations

import threading
from itertools import pairwise

import httpx
import numpy as np
import pytest

from dictation.errors import StoreError
from dictation.speech.vosk_engine import VoskStream
from dictation.store.book import Book
from tests.workstation.serving import PATIENCE, Served, Talk, assert_kept

pytestmark = pytest.mark.slow


def test_a_dictation_from_the_first_sample_to_the_record(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser, context={"patient": {"name": "Иванов Иван"}}, field="complaints") as talk:
        started = talk.until("started")
        assert started == {
            "type": "started",
            "protocol": 1,
            "dictation": started["dictation"],
            "record_id": started["record_id"],
            "form": "052u-visit",
            "field": None,
            "samples": 0,
        }
        assert talk.until("field") == {"type": "field", "key": "complaints", "at": 0.0, "by": "hand"}
        talk.sound(speech)
        talk.until_kept(len(speech))
        # In a pause what was said is complete.
        talk.send({"type": "pause"})
        talk.until("final")
        talk.send({"type": "finish"})
        finished = talk.until("finished")
        assert talk.closed() == 1000
    finals = [message["utterance"] for message in talk.of_type("final")]
    draft = finished["draft"]
    record = draft["record"]
    assert talk.of_type("partial")
    assert draft["version"] == 1
    assert not draft["running"]
    assert draft["has_audio"]
    assert draft["dictation"] == started["dictation"]
    assert record["id"] == started["record_id"]
    assert record["context"]["patient"] == {"name": "Иванов Иван"}
    # What was told as final is what the record holds.
    said = record["transcript"]["utterances"]
    assert said == finals
    assert {one["field"] for one in said} == {"complaints"}
    assert server.store.record(started["record_id"]).model_dump(mode="json") == record
    assert_kept(server.store, started["dictation"], speech)
    assert [entry.actor for entry in server.store.audit.entries(started["dictation"])][:2] == ["Ахметова А. С."] * 2
    kept = [message["samples"] for message in talk.of_type("kept")]
    assert all(earlier <= later for earlier, later in pairwise(kept))


def test_a_gap_becomes_silence_that_the_record_tells_of(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as talk:
        started = talk.until("started")
        talk.sound(speech[:16_000])
        talk.sound(speech[24_000:32_000], first=24_000)
        notice = talk.until("notice", code="overflow")
        assert notice["seconds"] == 0.5
        error = talk.until("error")
        assert (error["code"], error["fatal"]) == ("gap", False)
        talk.until_kept(32_000)
        record = talk.finished()["record"]
    silence = np.zeros(8_000, np.float32)
    whole = np.concatenate([speech[:16_000], silence, speech[24_000:32_000]])
    assert_kept(server.store, started["dictation"], whole)
    assert ("damaged-recording", "0.5 s of sound near 1.0 s could not be kept") in {
        (notice["reason"], notice["text"]) for notice in record["notices"]
    }


def test_fields_are_chosen_by_hand(server: Served, browser: httpx.Client) -> None:
    with server.talk(browser) as talk:
        talk.until("started")
        talk.send({"type": "step", "direction": "next"})
        first = talk.until("field")["key"]
        talk.send({"type": "step", "direction": "next"})
        second = talk.until("field")["key"]
        talk.send({"type": "step", "direction": "previous"})
        assert talk.until("field")["key"] == first != second
        talk.send({"type": "focus", "field": "objective"})
        assert talk.until("field")["key"] == "objective"
        talk.send({"type": "focus", "field": None})
        assert talk.until("field")["key"] is None
        talk.send({"type": "focus", "field": "nothing-of-the-kind"})
        assert talk.until("error")["code"] == "unknown-field"


def test_a_cancelled_dictation_is_gone(server: Served, browser: httpx.Client, speech: np.ndarray) -> None:
    with server.talk(browser) as talk:
        started = talk.begun(speech[:16_000])
        talk.send({"type": "cancel"})
        assert talk.until("error")["code"] == "bad-message"
        talk.send({"type": "cancel", "confirm": True})
        talk.until("cancelled")
        assert talk.closed() == 1000
    assert server.store.unfinished() == []
    assert not list(server.store.engine.connect().exec_driver_sql("SELECT * FROM audio_chunks"))
    assert server.store.audit.entries(started["dictation"])[-1].action == "deleted"


@pytest.mark.parametrize(
    ("first", "code"),
    [
        ("nonsense", "bad-message"),
        ("[]", "bad-message"),
        ('{"type":"finish"}', "bad-message"),
        ('{"type":"start","protocol":2}', "bad-message"),
        ('{"type":"start","protocol":1,"more":1}', "bad-message"),
        ('{"type":"start","protocol":1,"form":"../../etc/passwd"}', "unknown-form"),
        ('{"type":"start","protocol":1,"form":"/etc/passwd"}', "unknown-form"),
        ('{"type":"start","protocol":1,"field":"nothing"}', "unknown-field"),
        ('{"type":"start","protocol":1,"language":"kk"}', "invalid"),
        ('{"type":"start","protocol":1,"context":{"patient":{"birth_date":"yesterday"}}}', "invalid"),
        ('{"type":"resume","dictation":"no-such"}', "not-found"),
        ('{"type":"resume","dictation":"0c2ee3ff-5ab6-4b44-97fc-4dbc0e5a4b9a"}', "unknown-dictation"),
        ('{"type":"start","protocol":1,"token":"wrong","doctor":"X"}', "enter"),
        (b"\x00" * 20, "bad-message"),
    ],
)
def test_what_is_refused_at_the_beginning(
    server: Served, browser: httpx.Client, first: str | bytes, code: str
) -> None:
    with Talk.of(server, browser) as talk:
        talk.connection.send(first)
        error = talk.until("error")
        assert (error["code"], error["fatal"]) == (code, True)
        assert talk.closed() == 1000
    assert server.store.unfinished() == []


def test_sound_that_is_none_is_refused_and_the_rest_goes_on(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as talk:
        talk.until("started")
        far = (601 * 16_000).to_bytes(8, "little") + b"\x00\x00"
        for frame in (b"", b"\x00" * 8, b"\x00" * 9, b"\x00" * (8 + 32_002), far):
            talk.connection.send(frame)
            error = talk.until("error")
            assert (error["code"], error["fatal"]) == ("bad-message", False)
        talk.sound(speech[:8_000])
        talk.until_kept(8_000)


def test_a_program_speaks_with_its_token_and_names_its_doctor(server: Served, speech: np.ndarray) -> None:
    """No cookie, no origin: the token in the first message, or in the header."""
    with server.talk(server.client(), token=server.settings.token, doctor="Петров") as talk:
        started = talk.begun(speech[:8_000])
        talk.send({"type": "cancel", "confirm": True})
        talk.until("cancelled")
    assert {entry.actor for entry in server.store.audit.entries(started["dictation"])} == {"Петров"}
    headers = {"Authorization": f"Bearer {server.settings.token}", "X-Dictation-Doctor": "%D0%9F%D0%B5%D1%82%D1%80"}
    with Talk.of(server, server.client(), **headers) as talk:
        talk.send({"type": "start", "protocol": 1})
        again = talk.until("started")
    assert {entry.actor for entry in server.store.audit.entries(again["dictation"])} == {"Петр"}


def test_a_name_in_the_first_message_is_the_name_with_a_token_as_with_a_cookie(server: Served) -> None:
    """Only a header needs it percent-encoded."""
    name = "Ли %D0%90"
    for client, first in (
        (server.client(), {"token": server.settings.token, "doctor": name}),
        (server.unlocked(name), {"doctor": name}),
    ):
        with server.talk(client, **first) as talk:
            started = talk.until("started")
        assert {entry.actor for entry in server.store.audit.entries(started["dictation"])} == {name}
    for other in ("Ли А", "Ли %25D0%2590"):
        with server.talk(server.unlocked(name), doctor=other) as talk:
            assert talk.until("error")["code"] == "locked"


def test_two_dictations_side_by_side_hear_only_their_own(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    records: dict[str, dict[str, object]] = {}

    def dictate(name: str, sound: np.ndarray) -> None:
        with server.talk(browser, context={"patient": {"name": name}}) as talk:
            talk.until("started")
            talk.sound(sound)
            records[name] = talk.finished()["record"]

    sounds = {"Первый": speech, "Второй": speech[::-1].copy(), "Третий": speech}
    threads = [threading.Thread(target=dictate, args=item) for item in sounds.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    texts = {name: record["transcript"]["text"] for name, record in records.items()}
    assert texts["Первый"] == texts["Третий"] != texts["Второй"]
    assert {name: record["context"]["patient"]["name"] for name, record in records.items()} == {n: n for n in sounds}


def test_a_change_by_hand_while_it_is_dictated_is_in_the_record(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as talk:
        record = talk.until("started")["record_id"]
        changed = browser.put(f"/api/v1/records/{record}/fields/systolic", json={"value": 130})
        assert changed.status_code == 200, changed.text
        assert changed.json()["can_undo"]
        assert talk.until("record")["draft"]["record"]["fields"]["systolic"]["value"] == 130
        talk.sound(speech)
        talk.send({"type": "finish"})
        finished = talk.until("finished")["draft"]
    assert finished["record"]["fields"]["systolic"]["value"] == 130
    assert finished["can_undo"]
    undone = browser.post(f"/api/v1/records/{record}/undo").json()
    assert undone["record"]["fields"]["systolic"]["value"] is None
    assert undone["version"] == 2
    redone = browser.post(f"/api/v1/records/{record}/redo").json()
    assert redone["record"]["fields"]["systolic"]["value"] == 130


def test_a_store_that_cannot_be_written_is_told_and_nothing_is_lost(
    server: Served, browser: httpx.Client, speech: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    append = Book.append

    def full(*_: object) -> None:
        raise StoreError("the disk is full")

    with server.talk(browser) as talk:
        started = talk.begun(speech[:8_000])
        monkeypatch.setattr(Book, "append", full)
        talk.sound(speech[8_000:], first=8_000)
        talk.until("notice", code="journal-trouble")
        # The client is not told to forget what is in memory only.
        assert max(message["samples"] for message in talk.of_type("kept")) == 8_000
        monkeypatch.setattr(Book, "append", append)
        talk.until("notice", code="journal-well")
        talk.until_kept(len(speech))
        talk.finished()
    assert_kept(server.store, started["dictation"], speech)


def test_an_error_in_the_middle_loses_no_sound_and_tells_nothing_of_it(
    server: Served,
    browser: httpx.Client,
    speech: np.ndarray,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("пациент Иванов жалуется на кашель")

    with server.talk(browser) as talk:
        started = talk.until("started")
        with monkeypatch.context() as patch:
            patch.setattr(VoskStream, "accept", broken)
            talk.sound(speech[:16_000])
            error = talk.until("error")
            assert (error["code"], error["fatal"]) == ("internal", False)
            talk.until_kept(16_000)
        talk.sound(speech[16_000:], first=16_000)
        talk.finished()
        assert len(talk.of_type("error")) == 1
    assert "Иванов" not in caplog.text
    assert "internal error: RuntimeError at" in caplog.text
    assert_kept(server.store, started["dictation"], speech)
