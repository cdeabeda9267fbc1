"""Records over HTTP: listed, looked at, printed, listened to, deleted."""

from __future__ import annotations

import io
import wave
from pathlib import Path
from typing import Any

import numpy as np

from dictation.forms.record import Record
from dictation.session import Dictation
from tests.forms.cases import CONTEXT, hypertension
from tests.workstation.clinic import DOCTOR, Clinic, frame, opened, until

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_a_record_comes_as_it_is_kept(clinic: Clinic) -> None:
    identifier = clinic.keep()
    draft = clinic.ask("GET", f"/records/{identifier}")
    assert Record.model_validate(draft["record"]) == hypertension()
    told = {key: value for key, value in draft.items() if key != "record"}
    assert told == {
        "version": 1,
        "dictation": None,
        "running": False,
        "open_checks": [],
        "confirmed": [],
        "can_undo": False,
        "can_redo": False,
        "signature": None,
        "deliveries": [],
        "has_audio": False,
    }


SEARCHES: list[tuple[dict[str, object], int]] = [
    ({}, 1),
    ({"patient": "800517300127"}, 1),
    ({"patient": "иванов"}, 1),
    ({"patient": "Сейтов"}, 0),
    ({"signed": True}, 0),
    ({"signed": False}, 1),
    ({"form": "052u-visit"}, 1),
    ({"form": "other"}, 0),
    ({"since": "2026-11-22", "until": "2026-11-23"}, 1),
    ({"since": "2026-11-24"}, 0),
    ({"until": "2026-11-21"}, 0),
]


def test_records_are_searched(clinic: Clinic) -> None:
    clinic.keep()
    for wanted, found in SEARCHES:
        records = clinic.ask("POST", "/records/search", wanted)["records"]
        assert len(records) == found, wanted
    (listed,) = clinic.ask("POST", "/records/search", {})["records"]
    assert {key: listed[key] for key in ("patient_iin", "patient_name", "visit", "version", "signed")} == {
        "patient_iin": "800517300127",
        "patient_name": "Иванов И. И.",
        "visit": "17",
        "version": 1,
        "signed": None,
    }


def test_no_address_holds_a_patient(clinic: Clinic) -> None:
    clinic.keep()
    assert len(clinic.ask("GET", "/records?limit=5&signed=false")["records"]) == 1
    clinic.refused("invalid", 422, "GET", "/records?patient=800517300127")


def test_a_search_that_makes_no_sense_is_refused(clinic: Clinic) -> None:
    senseless: list[object] = [{"limit": 0}, {"limit": 1001}, {"since": "yesterday"}, {"patiant": "x"}, [], 7]
    for wanted in [*senseless, {"patient": "а" * 201}]:
        error = clinic.refused("invalid", 422, "POST", "/records/search", wanted)
        assert "ааа" not in str(error)


def test_what_is_not_there_is_not_found(clinic: Clinic) -> None:
    for identifier in (NOBODY, "nobody", "..%2Fstore", "1' OR '1'='1"):
        for path in ("", "/versions", "/bundle", "/print", "/audio"):
            clinic.refused("not-found", 404, "GET", f"/records/{identifier}{path}")


def test_without_a_doctor_nothing_is_shown(clinic: Clinic) -> None:
    identifier = clinic.keep()
    clinic.refused("locked", 401, "GET", f"/records/{identifier}", headers={"x-dictation-doctor": ""})
    clinic.refused("enter", 401, "GET", f"/records/{identifier}", headers={"authorization": "Bearer wrong"})


def test_versions_name_who_made_them(clinic: Clinic) -> None:
    identifier = clinic.keep()
    clinic.ask("PUT", f"/records/{identifier}/fields/temperature", {"value": 37})
    first, second = clinic.ask("GET", f"/records/{identifier}/versions")["versions"]
    assert (first["version"], first["saved_by"], first["based_on"]) == (1, "system", None)
    assert (second["version"], second["saved_by"], second["based_on"]) == (2, DOCTOR, 1)
    assert clinic.ask("GET", f"/records/{identifier}?version=1")["record"]["fields"]["temperature"]["value"] == 36.6
    clinic.refused("not-found", 404, "GET", f"/records/{identifier}?version=3")
    clinic.refused("invalid", 422, "GET", f"/records/{identifier}?version=0")


def test_a_bundle_is_preliminary_until_it_is_signed(clinic: Clinic) -> None:
    identifier = clinic.keep()

    def composition(written: str = identifier) -> dict[str, Any]:
        entries = clinic.ask("GET", f"/records/{written}/bundle")["entry"]
        (found,) = [e["resource"] for e in entries if e["resource"]["resourceType"] == "Composition"]
        return dict(found)

    assert composition()["status"] == "preliminary"
    clinic.ask("POST", f"/records/{identifier}/sign", {"version": 1})
    signed = composition(identifier.upper())
    assert signed["status"] == "final"
    assert [each["party"]["display"] for each in signed["attester"]] == [DOCTOR]
    actions = [(entry.action, entry.actor) for entry in clinic.store.audit.entries(identifier)]
    assert actions.count(("exported", DOCTOR)) == 2


def test_the_printed_page_needs_no_script_and_says_whether_it_is_signed(clinic: Clinic) -> None:
    identifier = clinic.keep()
    page = clinic.ask("GET", f"/records/{identifier}/print")
    assert "Черновик, не подписан" in page.text
    assert "Артериальная гипертензия 2 степени" in page.text
    policy = page.headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    assert "<script" not in page.text
    clinic.ask("POST", f"/records/{identifier}/sign", {"version": 1})
    signed = clinic.ask("GET", f"/records/{identifier}/print").text
    assert "Черновик" not in signed
    assert DOCTOR in signed


def test_a_stretch_of_sound_is_a_wav(clinic: Clinic) -> None:
    sound = np.arange(32_000, dtype=np.int16)
    identifier = clinic.keep(sound=sound)
    answer = clinic.ask("GET", f"/records/{identifier}/audio?start=0.5&end=1.25")
    assert answer.headers["content-type"] == "audio/wav"
    assert answer.headers["cache-control"] == "no-store"
    with wave.open(io.BytesIO(answer.content)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
        heard = np.frombuffer(file.readframes(99_999), "<i2")
    assert heard.tolist() == sound[8_000:20_000].tolist()
    assert clinic.ask("GET", f"/records/{identifier}")["has_audio"] is True


def test_a_stretch_that_is_none_is_refused_and_so_is_more_than_half_an_hour(clinic: Clinic) -> None:
    identifier = clinic.keep(sound=np.zeros(16_000, np.int16))
    for span in ("start=-1", "start=x", "start=nan", "end=-3"):
        clinic.refused("invalid", 422, "GET", f"/records/{identifier}/audio?{span}")
    clinic.refused("too-large", 413, "GET", f"/records/{identifier}/audio?start=0&end=1801")


def test_sound_that_was_not_kept_is_not_found(clinic: Clinic) -> None:
    clinic.refused("not-found", 404, "GET", f"/records/{clinic.keep()}/audio")


def test_a_deleted_record_is_gone_and_the_log_names_who_did_it(clinic: Clinic) -> None:
    identifier = clinic.keep(sound=np.zeros(16_000, np.int16))
    assert clinic.ask("DELETE", f"/records/{identifier}", status=204).content == b""
    clinic.refused("not-found", 404, "GET", f"/records/{identifier}")
    deleted = [entry.actor for entry in clinic.store.audit.entries(identifier) if entry.action == "deleted"]
    assert deleted == [DOCTOR]


def test_while_it_is_dictated(clinic: Clinic) -> None:
    """Looked at, changed, undone, printed and listened to; neither signed nor deleted. What was changed stays."""
    with clinic.dictating(context=CONTEXT) as (socket, identifier):
        socket.send_bytes(frame(0, 1.0))
        until(socket, "kept")
        draft = clinic.ask("GET", f"/records/{identifier}")
        assert (draft["running"], draft["version"]) == (True, None)
        changed = clinic.ask("PUT", f"/records/{identifier}/fields/weight", {"value": 71.5})
        assert changed["record"]["fields"]["weight"]["value"] == 71.5
        assert clinic.ask("POST", f"/records/{identifier}/undo")["record"]["fields"]["weight"]["value"] is None
        assert clinic.ask("POST", f"/records/{identifier}/redo")["record"]["fields"]["weight"]["value"] == 71.5
        assert "71,5" in clinic.ask("GET", f"/records/{identifier}/print").text
        # The head of a WAV file, and a second in 16 bits.
        assert len(clinic.ask("GET", f"/records/{identifier}/audio").content) == 44 + 32_000
        clinic.refused("running", 409, "POST", f"/records/{identifier}/sign", {"version": 1})
        clinic.refused("running", 409, "POST", f"/records/{identifier}/submit")
        clinic.refused("running", 409, "DELETE", f"/records/{identifier}")
        socket.send_json({"type": "finish"})
        finished = until(socket, "finished")["draft"]
    assert finished["record"]["id"] == identifier
    assert (finished["version"], finished["record"]["fields"]["weight"]["value"]) == (1, 71.5)
    assert clinic.ask("POST", f"/records/{identifier}/undo")["record"]["fields"]["weight"]["value"] is None


def test_what_was_changed_by_hand_outlives_a_dictation_that_was_broken_off(home: Path, dictation: Dictation) -> None:
    with opened(home, dictation) as clinic, clinic.dictating() as (socket, identifier):
        socket.send_bytes(frame(0, 1.0))
        until(socket, "kept")
        clinic.ask("PUT", f"/records/{identifier}/fields/weight", {"value": 71.5})
        clinic.ask("PUT", f"/records/{identifier}/context", CONTEXT)
    with opened(home, dictation) as clinic:
        (left,) = clinic.ask("GET", "/state")["unfinished"]
        draft = clinic.ask("POST", f"/dictations/{left['id']}/recover")
        assert draft["record"]["id"] == identifier
        assert draft["record"]["fields"]["weight"]["value"] == 71.5
        assert draft["record"]["context"]["patient"]["name"] == "Иванов И. И."
        assert [each["field"] for each in draft["record"]["review"]["changes"]] == ["weight", "context"]
        clinic.refused("unknown-dictation", 404, "POST", f"/dictations/{left['id']}/recover")


def test_a_dictation_that_was_broken_off_can_be_deleted(home: Path, dictation: Dictation) -> None:
    with opened(home, dictation) as clinic, clinic.dictating() as (socket, _):
        socket.send_bytes(frame(0, 0.5))
        until(socket, "kept")
    with opened(home, dictation) as clinic:
        (left,) = clinic.ask("GET", "/state")["unfinished"]
        clinic.ask("DELETE", f"/dictations/{left['id']}", status=204)
        assert clinic.ask("GET", "/state")["unfinished"] == []
        clinic.refused("unknown-dictation", 404, "DELETE", f"/dictations/{left['id']}")
