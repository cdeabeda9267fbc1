"""HL7 v2 over MLLP: messages as another library reads them, sent to its listener, and every kind of answer."""

from __future__ import annotations

import base64
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from hl7apy.core import Message
from hl7apy.mllp import AbstractHandler, MLLPServer
from hl7apy.parser import parse_message

from dictation.mis.document import Document, document_of
from dictation.mis.ends import End, LaterError, RefusedError, open_end
from dictation.mis.hl7 import acknowledgement, control_id, message_of
from dictation.mis.identity import Systems
from dictation.mis.profiles import Profile
from dictation.store import Store
from tests.mis.outgoing import iin, signed, visit

# A second name, a separator in a name, and letters of Kazakh.
PATIENT = {"iin": iin(3), "name": "Сейтқали|^& Айгүл Нұрланқызы", "birth_date": "1980-05-17", "sex": "female"}


def document(store: Store, **changes: Any) -> Document:
    context = {"patient": PATIENT, "visit": {"id": "V~1", "practitioner": "Ахметова Г. С."}}
    return document_of(store, signed(store, visit(1, **{"context": context, **changes})), systems=Systems())


@contextmanager
def listener(answer: str, got: list[Message]) -> Iterator[str]:
    """The address of hl7apy's MLLP server, which answers so to a document; `{id}` stands for the control id."""

    class Handler(AbstractHandler):
        def reply(self) -> str:
            message = parse_message(self.incoming_message, find_groups=False)
            got.append(message)
            return "\x0b" + answer.replace("{id}", message.msh.msh_10.value) + "\x1c\r"

    server = MLLPServer("127.0.0.1", 0, {"MDM^T02^MDM_T02": (Handler,), "MDM^T10^MDM_T02": (Handler,)})
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"mllp://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


def end_at(address: str, **profile: Any) -> End:
    return open_end(Profile.model_validate({"url": address, "timeout": 1, **profile}))


def acknowledged(code: str, rest: str = "") -> str:
    return f"MSH|^~\\&|MIS||DICTATION||20261122||ACK^T02^ACK|1|P|2.5\rMSA|{code}|{{id}}{rest}\r"


def test_the_message_as_another_library_reads_it(store: Store) -> None:
    sent = document(store)
    read = parse_message(message_of(sent), find_groups=False)
    assert read.msh.msh_9.value == "MDM^T02^MDM_T02"
    assert (read.msh.msh_12.value, read.msh.msh_18.value) == ("2.5", "UNICODE UTF-8")
    assert read.pid.pid_3.value == f"{iin(3)}^^^KZ^NI"
    assert read.pid.pid_5.value == "Сейтқали\\F\\\\S\\\\T\\^Айгүл^Нұрланқызы"
    assert (read.pid.pid_7.value, read.pid.pid_8.value) == ("19800517", "F")
    assert read.pv1.pv1_19.value == "V\\R\\1"
    assert read.txa.txa_5.value == "^Ахметова^Г.^С."
    assert read.txa.txa_6.value == "20261122200600+0500"
    assert (read.txa.txa_12.value, read.txa.txa_13.value, read.txa.txa_17.value) == (sent.name, "", "AU")
    assert read.obx.obx_3.value == "34108-1^Outpatient Note^LN"
    page = base64.b64decode(read.obx.obx_5.varies_5.value).decode()
    assert page == sent.page
    assert "<html" in page
    assert read.obx.obx_11.value == "F"


def test_the_same_every_time_and_a_correction_names_what_it_replaces(store: Store) -> None:
    first = document(store)
    assert message_of(first) == message_of(Document.from_text(first.to_text()))
    assert len(control_id(first)) == 20
    document(store, findings=[])
    second = document_of(store, first.id, systems=Systems(), sent=[1])
    read = parse_message(message_of(second), find_groups=False)
    assert read.msh.msh_9.value == "MDM^T10^MDM_T02"
    assert (read.txa.txa_12.value, read.txa.txa_13.value) == (f"{first.id}.v2", f"{first.id}.v1")
    assert control_id(second) != control_id(first)


def test_acknowledged_by_a_real_listener(store: Store) -> None:
    got: list[Message] = []
    sent = document(store)
    with listener(acknowledged("AA"), got) as address:
        end = end_at(address)
        for _ in range(2):
            assert end.send(sent).place == control_id(sent)
    assert [message.msh.msh_10.value for message in got] == [control_id(sent)] * 2
    assert got[0].pid.pid_5.value.startswith("Сейтқали")


@pytest.mark.parametrize(
    ("answer", "kind", "told"),
    [
        (acknowledged("AE", "|Unknown patient"), RefusedError, r"^answered AE: Unknown patient$"),
        (
            acknowledged("AR") + "ERR|||200^Unsupported message type|E\r",
            RefusedError,
            r"^answered AR: no reason given$",
        ),
        (acknowledged("AE") + "ERR|||101|E||||Field PV1-3 missing\r", RefusedError, "Field PV1-3 missing"),
        (acknowledged("AE", f"|{iin(3)}"), RefusedError, r"^answered AE: \*{12}$"),
        (acknowledged("AR") + "ERR|||207^Application internal error|E\r", LaterError, "answered AR"),
        (acknowledged("AA").replace("{id}", "other"), LaterError, "no acknowledgement of our message"),
        ("garbage", LaterError, "no acknowledgement of our message"),
        ("", LaterError, "no acknowledgement of our message"),
    ],
)
def test_answers(store: Store, answer: str, kind: type[Exception], told: str) -> None:
    with listener(answer, []) as address, pytest.raises(kind, match=told):
        end_at(address).send(document(store))


def test_a_listener_that_is_away_or_silent(store: Store) -> None:
    sent = document(store)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"mllp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(LaterError, match="does not answer in time"):
            end_at(address).send(sent)
    with pytest.raises(LaterError, match="cannot be reached"):
        end_at(address).send(sent)


def test_over_tls(store: Store, tmp_path: Path) -> None:
    ca, sent = trustme.CA(), document(store)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    ca.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                plain, _ = server.accept()
                with context.wrap_socket(plain, server_side=True) as line:
                    received = b""
                    while not received.endswith(b"\x1c\r"):
                        received += line.recv(65536)
                    line.sendall(f"\x0b{acknowledged('AA').replace('{id}', control_id(sent))}\x1c\r".encode())
            except ssl.SSLError:
                continue
            except OSError:
                return

    threading.Thread(target=serve, daemon=True).start()
    with server:
        address = f"mllps://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(LaterError, match="certificate is not to be trusted"):
            end_at(address).send(sent)
        assert end_at(address, ca=tmp_path / "ca.pem").send(sent).place == control_id(sent)


@pytest.mark.parametrize("text", ["", "MSH|^~\\&|", "MSA|AA|1", "MSH|x\rMSA|AA", "\x00\r\r"])
def test_what_is_no_acknowledgement(text: str) -> None:
    assert acknowledgement(text) is None
