"""Who may use the server: on a real port, with the headers that browsers send."""

from __future__ import annotations

import json
import socket
import time
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from websockets.exceptions import InvalidStatus

from dictation.session import Dictation
from dictation.store import Store
from dictation.workstation.failures import text
from tests.support import wait_until
from tests.workstation.serving import DOCTOR, PATIENCE, PIN, Served, Talk, served

VENDOR, FOREIGN = "https://mis.clinic.kz", "https://evil.example"
START = {"type": "start", "protocol": 1}


def code(response: httpx.Response) -> str:
    found: str = response.json()["error"]["code"]
    return found


def test_without_the_launch_token_nothing_is_told(server: Served) -> None:
    client = server.client()
    for method, path in [
        ("GET", "/api/v1/state"),
        ("GET", "/api/v1/records"),
        ("POST", "/api/v1/lock"),
        ("GET", "/api/v1/forms"),
    ]:
        response = client.request(method, path)
        assert (response.status_code, code(response)) == (401, "enter"), path
    wrong = client.post("/api/v1/enter", json={"token": "wrong"})
    assert (wrong.status_code, code(wrong), dict(wrong.cookies)) == (401, "enter", {})
    with Talk.of(server, client) as talk:
        talk.send(START)
        assert talk.until("error")["code"] == "enter"


def test_entering_gives_a_cookie_that_scripts_and_foreign_pages_never_see(server: Served) -> None:
    response = server.client().post("/api/v1/enter", json={"token": server.settings.token})
    name, *attributes = response.headers["set-cookie"].split("; ")
    assert name.startswith(f"dictation-{server.settings.port}=")
    assert set(attributes) == {"Path=/", "HttpOnly", "SameSite=Strict"}


def test_inside_there_is_still_no_record_without_a_doctor(server: Served) -> None:
    browser = server.browser()
    state = browser.get("/api/v1/state").json()
    assert (state["locked"], state["doctor"], state["unfinished"]) == (True, None, [])
    refused = browser.get("/api/v1/records")
    assert (refused.status_code, code(refused)) == (401, "locked")
    with Talk.of(server, browser) as talk:
        talk.send(START)
        assert talk.until("error")["code"] == "locked"


def test_the_first_doctor_needs_the_token_the_next_a_doctor(server: Served) -> None:
    first, second = server.browser(), server.browser()
    added = first.post("/api/v1/doctors", json={"name": DOCTOR, "secret": PIN})
    assert added.status_code == 201
    refused = second.post("/api/v1/doctors", json={"name": "Чужой", "secret": "1357"})
    assert (refused.status_code, code(refused)) == (401, "locked")
    first.post("/api/v1/unlock", json={"doctor": added.json()["doctor"]["id"], "secret": PIN})
    assert first.post("/api/v1/doctors", json={"name": "Петров", "secret": "1357"}).status_code == 201
    # Each browser has its own doctor.
    assert first.get("/api/v1/state").json()["doctor"]["name"] == DOCTOR
    assert second.get("/api/v1/state").json()["doctor"] is None


def test_wrong_pins_lock_out_over_http_too(server: Served) -> None:
    browser = server.browser()
    doctor = browser.post("/api/v1/doctors", json={"name": DOCTOR, "secret": PIN}).json()["doctor"]["id"]
    answers = [browser.post("/api/v1/unlock", json={"doctor": doctor, "secret": "0000"}) for _ in range(5)]
    assert {(answer.status_code, code(answer)) for answer in answers} == {(401, "wrong-secret")}
    locked = browser.post("/api/v1/unlock", json={"doctor": doctor, "secret": PIN})
    assert (locked.status_code, code(locked)) == (429, "locked-out")
    assert 25 <= int(locked.headers["retry-after"]) <= 30


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "[", ""])
def test_a_name_that_was_made_to_point_here_is_not_answered(server: Served, host: str) -> None:
    """DNS rebinding: the page is foreign, and the browser thinks that it is ours."""
    response = server.client().get("/", headers={"host": host})
    assert (response.status_code, code(response)) == (421, "unknown-host")
    handshake = (
        f"GET /api/v1/dictate HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\n"
        "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", server.settings.port)) as connection:
        connection.sendall(handshake.encode())
        assert connection.recv(100).startswith(b"HTTP/1.1 403")


@pytest.mark.parametrize("origin", [FOREIGN, "null", "http://127.0.0.1:1", "http://localhost:8765", ""])
def test_a_foreign_page_gets_nothing_even_with_the_cookie(server: Served, origin: str) -> None:
    browser = server.unlocked()
    for method, path in [("GET", "/api/v1/state"), ("POST", "/api/v1/lock"), ("DELETE", "/api/v1/records/1")]:
        response = browser.request(method, path, headers={"origin": origin})
        assert (response.status_code, code(response)) == (403, "foreign-origin")
        assert "access-control-allow-origin" not in response.headers
    with pytest.raises(InvalidStatus) as refused:
        Talk.of(server, browser, Origin=origin)
    assert refused.value.response.status_code == 403
    assert browser.get("/api/v1/state").json()["doctor"]["name"] == DOCTOR


def test_a_picture_or_form_on_a_foreign_page_gets_nothing(server: Served) -> None:
    """Requests for which browsers send no origin, only where they come from."""
    browser = server.unlocked()
    del browser.headers["origin"]
    for site in ("cross-site", "same-site"):
        response = browser.get("/api/v1/state", headers={"sec-fetch-site": site})
        assert (response.status_code, code(response)) == (403, "foreign-origin")
    for site in ("same-origin", "none"):
        assert browser.get("/api/v1/state", headers={"sec-fetch-site": site}).status_code == 200


def test_an_allowed_origin_gets_in_and_others_still_do_not(store: Store, dictation: Dictation) -> None:
    with served(store, dictation, allowed_origins=frozenset({VENDOR})) as server:
        program = {"authorization": f"Bearer {server.settings.token}", "x-dictation-doctor": "%D0%9F"}
        client = server.client()
        preflight = client.options(
            "/api/v1/records",
            headers={
                "origin": VENDOR,
                "access-control-request-method": "GET",
                "access-control-request-headers": "authorization,x-dictation-doctor",
                "access-control-request-private-network": "true",
            },
        )
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == VENDOR
        assert preflight.headers["access-control-allow-private-network"] == "true"
        assert "authorization" in preflight.headers["access-control-allow-headers"]
        answer = client.get("/api/v1/records", headers={"origin": VENDOR, **program})
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == VENDOR
        # Its page may hold ours in a frame.
        page = client.get("/")
        assert f"frame-ancestors 'self' {VENDOR}" in page.headers["content-security-policy"]
        assert "x-frame-options" not in page.headers
        cookie = client.post("/api/v1/enter", json={"token": server.settings.token}).headers["set-cookie"]
        assert {"HttpOnly", "SameSite=None", "Secure", "Partitioned"} <= set(cookie.split("; "))
        with Talk.of(server, server.client(), Origin=VENDOR) as talk:
            talk.send({**START, "token": server.settings.token, "doctor": "Петров"})
            talk.until("started")
        # The cookie is no way in for it, and without a token there is none.
        with Talk.of(server, server.client(), Origin=VENDOR) as talk:
            talk.send(START)
            assert talk.until("error")["code"] == "enter"
        for origin in (FOREIGN, VENDOR + ".evil.example", VENDOR + ":8443"):
            refused = client.get("/api/v1/records", headers={"origin": origin, **program})
            assert (refused.status_code, code(refused)) == (403, "foreign-origin")
            assert client.options("/api/v1/records", headers={"origin": origin}).status_code == 403
            with pytest.raises(InvalidStatus):
                Talk.of(server, client, Origin=origin)


def test_every_answer_tells_browsers_to_be_careful(server: Served) -> None:
    client = server.browser()
    for path in ("/", "/api/v1/state", "/no-such-page", "/api/v1/no-such-thing"):
        headers = client.get(path).headers
        policy = dict(part.split(" ", 1) for part in headers["content-security-policy"].split("; "))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["frame-ancestors"] == policy["base-uri"] == policy["form-action"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "server" not in headers
    assert client.get("/api/v1/state").headers["cache-control"] == "no-store"


def test_errors_have_one_shape_and_the_language_that_is_asked_for(server: Served) -> None:
    client = server.client()
    for language, said in [("en", "Not found; it may have been deleted"), ("kk", "Табылмады, бәлкім, жойылған")]:
        answer = client.get("/api/v1/nothing", headers={"accept-language": language})
        assert answer.status_code == 404
        assert answer.json() == {"error": {"code": "not-found", "text": said}}
    wrong_method = client.put("/api/v1/enter", json={})
    assert (wrong_method.status_code, code(wrong_method)) == (405, "not-allowed")
    # Where it is wrong is told, and not what was sent.
    invalid = client.post("/api/v1/enter", json={"token": ["Иванов"]})
    assert invalid.json()["error"]["detail"] == "body.token: string_type"
    assert "Иванов" not in invalid.text
    torn = client.post("/api/v1/enter", content=b'{"token": ', headers={"content-type": "application/json"})
    assert (torn.status_code, code(torn)) == (422, "invalid")


def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(server: Served) -> None:
    client = server.browser()
    large = json.dumps({"token": "x" * 2_100_000}).encode()
    said = client.post("/api/v1/enter", content=large, headers={"content-type": "application/json"})
    assert (said.status_code, code(said)) == (413, "too-large")
    pieces = (large[start : start + 65_536] for start in range(0, len(large), 65_536))
    streamed = client.post("/api/v1/enter", content=pieces, headers={"content-type": "application/json"})
    assert (streamed.status_code, code(streamed)) == (413, "too-large")
    assert client.get("/api/v1/state").status_code == 200


def test_too_many_requests_are_refused_for_a_moment(store: Store, dictation: Dictation) -> None:
    with served(store, dictation, requests_a_second=1.0, burst=5) as server:
        client = server.client()
        answers = [client.get("/") for _ in range(8)]
        assert [answer.status_code for answer in answers[:5]] == [200] * 5
        assert (answers[-1].status_code, code(answers[-1])) == (429, "too-many")
        assert answers[-1].headers["retry-after"] == "1"


def test_an_error_of_the_program_is_told_by_its_place_alone(
    server: Served, browser: httpx.Client, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("пациент Иванов жалуется на кашель")

    monkeypatch.setattr(Store, "records", broken)
    answer = browser.get("/api/v1/records")
    assert (answer.status_code, code(answer)) == (500, "internal")
    assert "Иванов" not in answer.text
    assert "Иванов" not in caplog.text
    assert "internal error: RuntimeError at" in caplog.text


def test_what_is_no_http_harms_nobody(server: Served) -> None:
    for rubbish in (b"\x16\x03\x01\x02\x00", b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"\x00" * 10_000):
        with socket.create_connection(("127.0.0.1", server.settings.port)) as connection:
            connection.sendall(rubbish)
            connection.settimeout(5)
            assert b"200 OK" not in connection.recv(1000)
    assert server.client().get("/").status_code == 200


def test_the_page_is_sent_small_and_the_interface_is_not_compressed(server: Served) -> None:
    """What is compressed together with a secret tells of it by its length."""
    client = server.browser()
    page = client.get("/", headers={"accept-encoding": "gzip"})
    assert page.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get("/api/v1/state", headers={"accept-encoding": "gzip"}).headers


def test_a_page_chooses_the_language_of_its_socket(server: Served) -> None:
    for query, language in (("?page=kk", "kk"), ("?page=en", "en"), ("?page=de", "ru"), ("", "ru")):
        with Talk.of(server, server.client(), query=query) as talk:
            talk.send(START)
            assert talk.until("error")["text"] == text("enter", language)


def test_without_activity_it_is_locked_and_looking_at_the_state_is_none(store: Store, dictation: Dictation) -> None:
    with served(store, dictation, idle=3.0) as server:
        browser = server.unlocked()
        with server.talk(browser) as talk:
            talk.until("started")
            for _ in range(8):
                time.sleep(0.5)
                assert browser.get("/api/v1/records").status_code == 200
            wait_until(lambda: browser.get("/api/v1/state").json()["locked"], "locked", PATIENCE)
            state = browser.get("/api/v1/state").json()
            assert (state["doctor"], state["idle_seconds"]) == (None, 3)
            assert code(browser.get("/api/v1/records")) == "locked"
            assert talk.closed() == 1000
            assert (talk.heard[-1]["code"], talk.heard[-1]["fatal"]) == ("locked", True)


def test_the_launch_token_alone_lets_nobody_past_a_doctors_pin(store: Store, dictation: Dictation) -> None:
    with served(store, dictation, api_token=None) as server:
        program = {"authorization": f"Bearer {server.settings.token}", "x-dictation-doctor": "%D0%9F"}
        refused = server.client(**program).get("/api/v1/records")
        assert (refused.status_code, code(refused)) == (401, "enter")
        with Talk.of(server, server.client()) as talk:
            talk.send({**START, "token": server.settings.token, "doctor": "Петров"})
            assert talk.until("error")["code"] == "enter"


def test_a_page_that_shows_another_doctor_acts_for_nobody(server: Served) -> None:
    """Two tabs share a session: in one the doctors have changed places, the other still shows the first."""
    browser = server.unlocked()
    shown = {"x-dictation-doctor": "%D0%9F%D0%B5%D1%82%D1%80%D0%BE%D0%B2"}
    assert code(browser.get("/api/v1/records", headers=shown)) == "locked"
    assert browser.get("/api/v1/records", headers={"x-dictation-doctor": quote(DOCTOR)}).status_code == 200
    with server.talk(browser, doctor="Петров") as talk:
        assert talk.until("error")["code"] == "locked"
    with server.talk(browser, doctor=DOCTOR) as talk:
        talk.until("started")
