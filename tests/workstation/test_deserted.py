"""A dictation whose tab was closed: offered at once, long before it is suspended."""

from __future__ import annotations

from pathlib import Path

from dictation.session import Dictation
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
