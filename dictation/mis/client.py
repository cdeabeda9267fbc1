"""A FHIR R4 server over HTTP: one transaction for one record, and what its answers mean."""

from __future__ import annotations

import json
import ssl
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import httpx

from dictation.mis.access import Fetched, Token, tls
from dictation.mis.document import Document
from dictation.mis.ends import LaterError, Receipt, RefusedError
from dictation.mis.outcomes import explained, parsed
from dictation.mis.profiles import OAuth, Profile, Secret

MOST_BYTES = 16_000_000
_FHIR = "application/fhir+json"
_TOO_BUSY = {408, 429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


class FhirServer:
    """The server at a profile's address."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        addresses = [profile.url, *([profile.oauth.token_url] if profile.oauth else [])]
        self._client = httpx.Client(
            verify=tls(profile),
            timeout=profile.timeout,
            follow_redirects=False,
            # One for each request: one that is kept may be closed by the other side at the moment of sending.
            headers={"Connection": "close"},
            # A proxy of the environment's gets nothing that it could read.
            trust_env=all(address.startswith("https:") for address in addresses),
        )
        self._token = self._token_of(profile)

    def send(self, document: Document) -> Receipt:
        body = json.dumps(document.bundle, ensure_ascii=False).encode()
        token = self._token.get() if self._token else None
        answer = self._post(body, token)
        if answer.status == httpx.codes.UNAUTHORIZED and self._token and token:
            other = self._token.after_refusal(token)
            answer = self._post(body, other) if other else answer
        return self._receipt(answer, document)

    def close(self) -> None:
        self._client.close()

    def _post(self, body: bytes, token: str | None) -> _Answer:
        headers = {"Content-Type": f"{_FHIR}; charset=utf-8", "Accept": _FHIR}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return self._request(self._profile.url, body, headers)

    def _request(self, url: str, body: bytes, headers: dict[str, str]) -> _Answer:
        """The whole answer, which may neither take nor hold more than is sensible. LaterError where there is none."""
        deadline, received = time.monotonic() + 2 * self._profile.timeout, bytearray()
        try:
            with self._client.stream("POST", url, content=body, headers=headers) as answer:
                for part in answer.iter_bytes():
                    received += part
                    if len(received) > MOST_BYTES or time.monotonic() > deadline:
                        raise LaterError(f"{url}: the answer does not end")
                return _Answer(answer.status_code, answer.headers, bytes(received))
        except httpx.RequestError as error:
            raise LaterError(f"{url}: {_in_words(error)}") from error

    def _receipt(self, answer: _Answer, document: Document) -> Receipt:
        """What the server has made of it. LaterError, RefusedError."""
        url, status, resource = self._profile.url, answer.status, parsed(answer.body)
        if httpx.codes.is_success(status):
            return self._made(resource, document)
        if status == httpx.codes.UNAUTHORIZED:
            raise LaterError(f"{url}: does not let us in (401); check the token in mis.toml")
        if status in _TOO_BUSY:
            raise LaterError(f"{url}: answers {status}", after=_pause(answer.headers))
        if status >= 500:
            raise LaterError(f"{url}: answers {status}", after=_pause(answer.headers), everybody=False)
        if status >= 400:
            raise RefusedError(f"answered {status}: {explained(resource) or 'no reason given'}")
        raise LaterError(f"{url}: answers {status} and sends us elsewhere; give the right address")

    def _made(self, resource: dict[str, Any] | None, document: Document) -> Receipt:
        """All entries must have been carried out, whatever the status of the whole was."""
        asked = document.bundle["entry"]
        given = (resource or {}).get("entry")
        answers = [_response(entry) for entry in given] if isinstance(given, list) else []
        if not resource or resource.get("type") != "transaction-response" or len(answers) != len(asked):
            raise LaterError(f"{self._profile.url}: answers with what is no answer to a FHIR transaction")
        for response in answers:
            status = str(response.get("status", ""))[:3]
            if status.startswith("5") or status in {"408", "429"} or not status.isdecimal():
                raise LaterError(f"{self._profile.url}: answers {status or 'nothing'} to a part", everybody=False)
            if status.startswith("4"):
                raise RefusedError(f"answered {status}: {explained(response.get('outcome')) or 'no reason given'}")
        places = (
            str(response.get("location", ""))
            for entry, response in zip(asked, answers, strict=True)
            if entry["resource"]["resourceType"] == "Composition"
        )
        return Receipt(next(places, ""))

    def _token_of(self, profile: Profile) -> Token | None:
        if profile.oauth:
            oauth = profile.oauth
            return Token(lambda: self._granted(oauth))
        return Token(lambda: (_read(profile.token), None)) if profile.token else None

    def _granted(self, oauth: OAuth) -> Fetched:
        """A token by client credentials. LaterError where the authorisation server gives none."""
        asked = {"grant_type": "client_credentials", **({"scope": oauth.scope} if oauth.scope else {})}
        basic = httpx.BasicAuth(quote(oauth.client_id, safe=""), quote(oauth.secret.read(), safe=""))
        request = next(basic.auth_flow(httpx.Request("POST", oauth.token_url, data=asked)))
        headers = {name: request.headers[name] for name in ("Authorization", "Content-Type")}
        answer = self._request(oauth.token_url, request.content, {**headers, "Accept": "application/json"})
        try:
            data = json.loads(answer.body)
            token, seconds = str(data["access_token"]), data.get("expires_in")
            return token, None if seconds is None else float(seconds)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LaterError(
                f"{oauth.token_url}: gives no token ({answer.status}); check client-id and secret in mis.toml",
                after=_pause(answer.headers),
            ) from error


def _read(secret: Secret | None) -> str:
    assert secret
    return secret.read()


def _response(entry: Any) -> dict[str, Any]:
    response = entry.get("response") if isinstance(entry, dict) else None
    return response if isinstance(response, dict) else {}


def _pause(headers: httpx.Headers) -> float | None:
    """`Retry-After` in seconds: a number, or a date by the server's own clock if it tells it (RFC 9110, 10.2.3)."""
    given = headers.get("Retry-After", "").strip()
    if given.isdecimal():
        return float(given)
    try:
        until = parsedate_to_datetime(given)
        told = headers.get("Date")
        since = parsedate_to_datetime(told) if told else datetime.now(UTC)
        return max((until - since).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _in_words(error: httpx.RequestError) -> str:
    """Of the library's errors only their kind is told."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"its certificate is not to be trusted: {cause.verify_message}; is its CA named in mis.toml?"
        if isinstance(cause, ssl.SSLError):
            return "no secure connection; does it ask for a certificate of ours?"
        cause = cause.__cause__ or cause.__context__
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return "cannot be reached"
        case httpx.TimeoutException():
            return "does not answer in time"
        case httpx.DecodingError():
            return "answers what cannot be read"
        case _:
            return "broke off"
