"""A dictation whose tab was closed: offered at once, long before it is suspended."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from dictation.session import Dictation
from dictation.workstation.mailbox import Mailbox
from dictation.workstation.seat import Seat
from tests.workstation.clinic import frame, opened, until


def test_it_is_offered_while_it_still_runs_and_can_be_written_out(home: Path, dictation: Dictation) -> None:
    with opened(home, dictation) as clinic:
        with clinic.dictating() as (socket, identifier):
            socket.send_bytes(frame(0, 1.0))
            until(socket, "kept")
            assert clinic.ask("GET", "/state")["unfinished"] == []
            spoken = clinic.ask("GET", f"/records/{identifier}")["dictation"]
            clinic.refused("running", 409, "DELETE", f"/dictations/{spoken}")
        (left,) = clinic.ask("GET", "/state")["unfinished"]
        assert left["seconds"] == 1.0
        draft = clinic.ask("POST", f"/dictations/{left['id']}/recover")
        assert (draft["record"]["id"], draft["running"]) == (identifier, False)
        assert clinic.ask("GET", "/state")["unfinished"] == []


def test_a_client_that_is_gone_before_it_sat_down_does_not_hold_a_dictation(home: Path, dictation: Dictation) -> None:
    with opened(home, dictation) as clinic:
        running = clinic.client.app.state.house.desk.dictations.start(clinic.store, "052u-visit", None, None)
        with closing(asyncio.new_event_loop()) as loop:
            seat = Seat(Mailbox(loop), "ru")
            running.leave(seat)
            running.sit(seat)
            running.begin()
        assert running.is_deserted
        assert [one["id"] for one in clinic.ask("GET", "/state")["unfinished"]] == [running.id]
