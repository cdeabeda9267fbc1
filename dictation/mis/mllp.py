"""HL7 v2 over MLLP: one message, one acknowledgement, over TCP (`mllp://`) or TLS (`mllps://`)."""

from __future__ import annotations

import socket
import ssl
import time
from urllib.parse import urlsplit

from dictation.mis.access import tls
from dictation.mis.document import Document
from dictation.mis.ends import LaterError, Receipt, RefusedError
from dictation.mis.hl7 import acknowledgement, control_id, message_of
from dictation.mis.outcomes import tidy
from dictation.mis.profiles import Profile

PORT = 2575
"""HL7's own, as registered with IANA."""

MOST_BYTES = 1_000_000
_START, _END = b"\x0b", b"\x1c\r"

# HL7 table 0357: the record is locked, the application failed. All others are about the message.
_PASSING = {"206", "207"}


class MllpListener:
    """The listener at a profile's address."""

    def __init__(self, profile: Profile) -> None:
        parts = urlsplit(profile.url)
        self._name, self._timeout = profile.url, profile.timeout
        self._host, self._port = parts.hostname or "", parts.port or PORT
        self._tls = tls(profile) if parts.scheme == "mllps" else None

    def send(self, document: Document) -> Receipt:
        try:
            answer = self._exchange(_START + message_of(document).encode() + _END)
        except ssl.SSLCertVerificationError as error:
            raise LaterError(f"{self._name}: its certificate is not to be trusted: {error.verify_message}") from error
        except TimeoutError as error:
            raise LaterError(f"{self._name}: does not answer in time") from error
        except OSError as error:
            raise LaterError(f"{self._name}: cannot be reached, or broke off") from error
        told = acknowledgement(answer)
        if told is None or told.control_id != control_id(document):
            raise LaterError(f"{self._name}: answers with what is no acknowledgement of our message")
        if told.code in {"AA", "CA"}:
            return Receipt(told.control_id)
        why = f"answered {tidy(told.code)}: {tidy(told.text) or 'no reason given'}"
        if set(told.errors) & _PASSING:
            raise LaterError(f"{self._name}: {why}", everybody=False)
        raise RefusedError(why)

    def close(self) -> None:
        """Nothing is held open: a connection serves one message."""

    def _exchange(self, frame: bytes) -> str:
        deadline = time.monotonic() + self._timeout
        with socket.create_connection((self._host, self._port), self._timeout) as plain, self._secured(plain) as line:
            line.sendall(frame)
            received = bytearray()
            while not received.endswith(_END):
                line.settimeout(max(deadline - time.monotonic(), 0.001))
                part = line.recv(65536)
                if not part or len(received) > MOST_BYTES or time.monotonic() > deadline:
                    break
                received += part
        return bytes(received).strip(_START + _END).decode("utf-8", errors="replace")

    def _secured(self, plain: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(plain, server_hostname=self._host) if self._tls else plain
