"""What a server is told when it starts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PORT = 8765


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate chain and its private key, both PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """One server. Times are seconds; `allowed_origins` are those of vendors' pages, as browsers write them."""

    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    tls: Tls | None = None
    allowed_origins: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    """Names under which it may be addressed besides its host and any IP address: those of the certificate."""

    form: str = "052u-visit"
    engine: str | None = None
    language: str = "ru"
    submit_to: str | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    """Of this launch, in the address that is opened."""
    api_token: str | None = field(default=None, repr=False)
    """Of vendors' programs."""

    idle: float = 600.0
    """Without activity for so long the doctor is locked out."""
    without_client: float = 30.0
    """A dictation whose client is gone for so long is suspended."""
    most_waiting: float = 10.0
    """Seconds of sound taken in and not yet dictated, above which no more is read from the client."""
    requests_a_second: float = 40.0
    burst: int = 400
    largest_body: int = 2_000_000

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def cookie(self) -> str:
        """Cookies are shared by all ports of a machine; each server has its own."""
        return f"dictation-{self.port}"

    @property
    def bearer(self) -> str | None:
        """What programs show, whose system vouches for the doctor: their own token, or that of the launch where a
        vendor's page was let in. Otherwise the launch token lets nobody past a doctor's PIN."""
        return self.api_token or (self.token if self.allowed_origins else None)
