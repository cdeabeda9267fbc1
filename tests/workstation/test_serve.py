"""`dictation serve` as a process: killed, told to stop, beside another one, and what it refuses to do."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace

import httpx
import numpy as np
import pytest
import trustme

from dictation.cli import run
from dictation.mis.outbox import Outbox
from dictation.mis.profiles import find_profile
from dictation.session import Dictation
from dictation.store import Store, open_checks, open_store
from dictation.workstation.server import certificate_names, workers
from dictation.workstation.settings import Settings, Tls
from tests.support import wait_until
from tests.workstation.serving import DOCTOR, PATIENCE, PIN, Served, Talk, assert_kept, served

IIN, NAME = "900101300007", "Иванов Пётр Сидорович"


class Process(Served):
    """A server in a process of its own, over the store of this test."""

    def __init__(self, home: Path, engine: Path, *arguments: str) -> None:
        self.log = home / f"log-{time.monotonic_ns()}"
        command = [sys.executable, "-c", "from dictation.cli import main; main()", "serve", "--no-browser"]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--port", "0", "--engine", str(engine), *arguments],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env={**os.environ, "DICTATION_HOME": str(home), "DICTATION_STORE": str(home / "store.db")},
            )
        assert self.process.stdout
        self.address = self.process.stdout.readline().strip()
        base, _, token = self.address.partition("/#token=")
        known = Settings(port=int(base.rpartition(":")[2]), token=token)
        super().__init__(SimpleNamespace(state=None), known, None)  # type: ignore[arg-type] # it is in the process

    def enter(self) -> httpx.Client:
        """A browser that the doctor of these tests has unlocked; the recogniser is loaded."""
        client = self.browser()
        doctors = client.get("/api/v1/state").json()["doctors"]
        if not doctors:
            doctors = [client.post("/api/v1/doctors", json={"name": DOCTOR, "secret": PIN}).json()["doctor"]]
        unlocked = client.post("/api/v1/unlock", json={"doctor": doctors[0]["id"], "secret": PIN})
        assert unlocked.status_code == 200
        # The first start of all makes what later ones find in the cache.
        wait_until(lambda: client.get("/api/v1/state").json()["ready"], "loaded", 4 * PATIENCE)
        return client


@pytest.fixture
def processes(home: Path, vosk_model: Path) -> Iterator[type]:
    """Starts servers that do not outlive the test."""
    with ExitStack() as ends:

        def start(*arguments: str) -> Process:
            started = Process(home, vosk_model, *arguments)
            ends.callback(started.process.wait)
            ends.callback(started.process.kill)
            return started

        yield start


def begin(process: Process, client: httpx.Client, speech: np.ndarray) -> tuple[Talk, dict[str, object]]:
    talk = process.talk(client, field="complaints", context={"patient": {"iin": IIN, "name": NAME}})
    started = talk.until("started")
    talk.sound(speech[:32_000])
    talk.until_kept(32_000)
    return talk, started


@pytest.mark.slow
def test_killed_while_somebody_dictates_it_goes_on_with_every_sample_and_every_change(
    processes: type, home: Path, speech: np.ndarray
) -> None:
    first = processes()
    browser = first.enter()
    talk, started = begin(first, browser, speech)
    with talk:
        changed = browser.put(f"/api/v1/records/{started['record_id']}/fields/systolic", json={"value": 130})
        assert changed.status_code == 200
        first.process.kill()
        first.process.wait()

    second = processes()
    browser = second.enter()
    (unfinished,) = browser.get("/api/v1/state").json()["unfinished"]
    assert (unfinished["id"], unfinished["seconds"]) == (started["dictation"], 2.0)
    assert unfinished["patient_name"] == NAME
    with Talk.of(second, browser) as again:
        again.send({"type": "resume", "dictation": started["dictation"]})
        assert again.until("started") == {**started, "samples": 32_000}
        again.until("notice", code="recalled")
        again.sound(speech[32_000:], first=32_000)
        again.send({"type": "finish"})
        draft = again.until("finished")["draft"]
    assert draft["record"]["id"] == started["record_id"]
    assert draft["record"]["context"]["patient"]["name"] == NAME
    assert draft["record"]["fields"]["systolic"]["value"] == 130
    words = draft["record"]["transcript"]["text"].split()
    assert words
    second.process.send_signal(signal.SIGTERM)
    assert second.process.wait(PATIENCE) == 0
    with open_store() as store:
        assert_kept(store, str(started["dictation"]), speech)
        assert store.verify() == []
    # The address was printed, for people; what was logged tells nothing.
    for process in (first, second):
        log = process.log.read_text(encoding="utf-8")
        secrets = [IIN, NAME, "Иванов", PIN, process.settings.token, *words]
        assert not [secret for secret in secrets if secret in log], log


@pytest.mark.slow
def test_told_to_stop_it_keeps_what_is_being_dictated(processes: type, home: Path, speech: np.ndarray) -> None:
    process = processes()
    talk, started = begin(process, process.enter(), speech)
    with talk:
        process.process.send_signal(signal.SIGTERM)
        talk.closed()
    assert process.process.wait(PATIENCE) == 0
    with open_store() as store:
        (unfinished,) = store.unfinished()
        assert (unfinished.id, unfinished.seconds) == (started["dictation"], 2.0)


@pytest.mark.slow
def test_two_servers_on_one_store_know_of_each_other(processes: type, speech: np.ndarray) -> None:
    one, other = processes(), processes()
    talk, started = begin(one, one.enter(), speech)
    browser = other.enter()
    assert browser.get("/api/v1/state").json()["unfinished"] == []
    with talk, Talk.of(other, browser) as second:
        second.send({"type": "resume", "dictation": started["dictation"]})
        assert second.until("error")["code"] == "busy"
        talk.sound(speech[32_000:], first=32_000)
        talk.send({"type": "finish"})
        record = talk.until("finished")["draft"]["record"]["id"]
    assert browser.get(f"/api/v1/records/{record}").json()["version"] == 1


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--host", "0.0.0.0"], "--host 0.0.0.0: reachable from other machines"),
        (["--host", "192.168.1.7"], "--tls-cert and --tls-key"),
        (["--host", "::"], "reachable from other machines"),
        (["--tls-cert", "cert.pem"], "--tls-cert and --tls-key belong together"),
        (["--tls-cert", "no.pem", "--tls-key", "no.pem"], "no.pem: certificate cannot be read"),
        (["--allow-origin", "mis.clinic.kz"], "--allow-origin mis.clinic.kz: give scheme, host and port alone"),
        (["--form", "no-such-form"], "no form 'no-such-form'"),
        (["--port", "70000"], "cannot listen at 127.0.0.1 port 70000"),
        (["--idle", "0"], "--idle: give minutes"),
    ],
)
def test_what_it_refuses_in_one_line(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], complaint: str
) -> None:
    assert run(["serve", "--no-browser", *arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    (line,) = printed.err.splitlines()
    assert complaint in line


def test_a_port_that_is_taken_is_told(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert run(["serve", "--no-browser", "--port", str(port)]) == 2
    assert f"--port {port}: in use, perhaps by another dictation serve" in capsys.readouterr().err


def test_the_token_of_programs_comes_from_a_file(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    store: Store,
    dictation: Dictation,
) -> None:
    file = home / "token"
    monkeypatch.setenv("DICTATION_API_TOKEN_FILE", str(file))
    for content in (None, "short", "with a space in the middle", "ключ-из-русских-букв"):
        if content is not None:
            file.write_text(content, encoding="utf-8")
        assert run(["serve", "--no-browser"]) == 2
        assert str(file) in capsys.readouterr().err
    # It opens the interface for programs, and is no launch token; nor is that a key for programs then.
    token = "0123456789abcdef0123456789abcdef"
    with served(store, dictation, api_token=token) as server:
        doctor = {"x-dictation-doctor": "%D0%9F"}
        right = server.client(authorization=f"Bearer {token}", **doctor).get("/api/v1/records")
        launch = server.client(authorization=f"Bearer {server.settings.token}", **doctor).get("/api/v1/records")
        entering = server.client().post("/api/v1/enter", json={"token": token})
        assert [right.status_code, launch.status_code, entering.status_code] == [200, 401, 401]


def test_over_tls_it_answers_to_the_names_of_its_certificate(
    store: Store, dictation: Dictation, tmp_path: Path
) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("dictation.clinic.kz", "127.0.0.1")
    tls = Tls(tmp_path / "cert.pem", tmp_path / "key.pem")
    issued.cert_chain_pems[0].write_to_path(tls.certificate)
    issued.private_key_pem.write_to_path(tls.key)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    names = certificate_names(tls)
    assert names == {"dictation.clinic.kz"}
    with served(store, dictation, tls=tls, names=names) as server:
        base = f"https://127.0.0.1:{server.settings.port}"
        trusting = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
        with httpx.Client(base_url=base, verify=trusting) as client:
            page = client.get("/")
            assert page.headers["strict-transport-security"] == "max-age=31536000"
            assert client.get("/", headers={"host": "dictation.clinic.kz"}).status_code == 200
            assert client.get("/", headers={"host": "other.clinic.kz"}).status_code == 421
            entered = client.post("/api/v1/enter", json={"token": server.settings.token}, headers={"origin": base})
            assert "Secure" in entered.headers["set-cookie"].split("; ")
            plain = client.post("/api/v1/lock", headers={"origin": base.replace("https", "http")})
            assert plain.status_code == 403
        with pytest.raises(httpx.HTTPError):
            httpx.get(base.replace("https", "http") + "/")


def test_the_outbox_is_sent_while_it_serves(store: Store, dictation: Dictation, tmp_path: Path) -> None:
    record = dictation.extract("жалобы на кашель")
    store.save(record)
    store.sign(str(record.id), doctor=DOCTOR, confirmed=tuple(open_checks(record)))
    entry = Outbox(store).submit(str(record.id), find_profile((tmp_path / "drop").as_uri()))
    (tmp_path / "drop").mkdir()
    with workers(store):
        wait_until(lambda: Outbox(store).entry(entry.number).state != "waiting", "tried", PATIENCE)
    assert Outbox(store).entry(entry.number).state == "sent"
    assert (tmp_path / "drop" / f"{record.id}.v1.record.json").is_file()
