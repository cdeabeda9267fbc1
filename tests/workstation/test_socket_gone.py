"""Clients of the socket that are gone, locked or pushed aside: what they dictated is kept, and gone on with."""

from __future__ import annotations

import socket
import time

import httpx
import numpy as np
import pytest
from sqlalchemy import select

from dictation.session import Dictation
from dictation.store import Store
from dictation.store.tables import dictations
from tests.support import wait_until
from tests.workstation.serving import PATIENCE, Served, assert_kept, served, wait_until_unfinished

pytestmark = pytest.mark.slow


def test_a_lost_connection_goes_on_where_it_was_and_keeps_every_sample_once(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as talk:
        started = talk.until("started")
        talk.sound(speech[:32_000])
        talk.until_kept(8_000)
        talk.connection.socket.close()
    with server.resumed(browser, started["dictation"]) as again:
        back = again.until("started")
        assert back["dictation"] == started["dictation"]
        assert back["record_id"] == started["record_id"]
        assert again.until("record")["draft"]["running"]
        # The client sends from an earlier sample on than it must: what is there already is left out.
        assert back["samples"] >= 8_000
        again.sound(speech[8_000:], first=8_000)
        again.until_kept(len(speech))
        again.finished()
        assert not again.of_type("error")
    assert_kept(server.store, started["dictation"], speech)


def test_without_a_client_it_is_suspended_and_can_be_gone_on_with(
    store: Store, dictation: Dictation, speech: np.ndarray
) -> None:
    with served(store, dictation, without_client=1.0) as server:
        _broken_off_and_gone_on_with(server, server.unlocked(), speech)


def _broken_off_and_gone_on_with(server: Served, browser: httpx.Client, speech: np.ndarray) -> None:
    with server.talk(browser, field="complaints") as talk:
        started = talk.begun(speech[:32_000])
    wait_until_unfinished(server.store, started["dictation"])
    assert browser.get("/api/v1/state").json()["unfinished"][0]["id"] == started["dictation"]
    with server.resumed(browser, started["dictation"]) as again:
        back = again.until("started")
        assert (back["record_id"], back["samples"]) == (started["record_id"], 32_000)
        again.until("notice", code="recalled")
        again.sound(speech[32_000:], first=32_000)
        record = again.finished()["record"]
    assert record["id"] == started["record_id"]
    assert {one["field"] for one in record["transcript"]["utterances"]} == {"complaints"}
    assert_kept(server.store, started["dictation"], speech)


def test_a_second_window_takes_over_and_the_first_is_heard_no_more(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as first:
        started = first.begun(speech[:16_000])
        with server.resumed(browser, started["dictation"]) as second:
            assert second.until("started")["samples"] == 16_000
            # All that was taken of its sound, so that it does not come again from there.
            assert first.until("kept")["samples"] == 16_000
            error = first.until("error")
            assert (error["code"], error["fatal"]) == ("another-window", True)
            assert first.closed() == 1000
            second.sound(speech[16_000:], first=16_000)
            second.until_kept(len(speech))
            second.finished()
    assert_kept(server.store, started["dictation"], speech)


def test_a_client_that_is_gone_before_it_heard_anything_leaves_a_dictation_to_go_on_with(
    store: Store, dictation: Dictation
) -> None:
    with served(store, dictation, without_client=1.0) as server:
        talk = server.talk(server.unlocked())
        wait_until(lambda: _begun(store), "begun", PATIENCE)
        # The system keeps a socket open for whoever is reading from it; shut down, it is gone.
        talk.connection.socket.shutdown(socket.SHUT_RDWR)
        wait_until_unfinished(store, str(_begun(store)))


def _begun(store: Store) -> str | None:
    """The dictation that the store knows of."""
    with store.engine.begin() as connection:
        return connection.execute(select(dictations.c.id)).scalar()


def test_a_client_that_says_nothing_counts_as_gone(store: Store, dictation: Dictation) -> None:
    with served(store, dictation, without_client=1.0) as server, server.talk(server.unlocked()) as talk:
        started = talk.until("started")
        for _ in range(4):
            time.sleep(0.4)
            talk.until("notice", code="pong")
        assert talk.closed() == 1000
        assert (talk.heard[-1]["code"], talk.heard[-1]["fatal"]) == ("silent", True)
        wait_until_unfinished(store, started["dictation"])


def test_locking_ends_the_conversation_and_keeps_the_dictation(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as talk:
        started = talk.begun(speech[:16_000])
        assert browser.post("/api/v1/lock").status_code == 204
        error = talk.until("error")
        assert (error["code"], error["fatal"]) == ("locked", True)
        talk.closed()
    with server.resumed(browser, started["dictation"]) as locked:
        assert locked.until("error")["code"] == "locked"
        assert_kept(server.store, started["dictation"], speech[:16_000])


def test_who_comes_back_while_it_is_being_suspended_goes_on_all_the_same(
    server: Served, browser: httpx.Client, speech: np.ndarray
) -> None:
    with server.talk(browser) as talk:
        started = talk.begun(speech[:16_000])
        server.app.state.house.desk.dictations.find(started["dictation"]).suspend()
        with server.resumed(browser, started["dictation"]) as again:
            assert again.until("started")["samples"] == 16_000
            again.sound(speech[16_000:], first=16_000)
            assert again.finished()["record"]["id"] == started["record_id"]
        assert talk.closed() == 1000
        assert talk.heard[-1]["code"] == "going-down"
    assert_kept(server.store, started["dictation"], speech)
