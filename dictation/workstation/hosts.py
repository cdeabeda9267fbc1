"""Which names the server answers to, and which pages may use it."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from dictation.errors import UsageError
from dictation.workstation.settings import Settings


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def origin_of(given: str) -> str:
    """An origin as browsers write it: scheme, host, and the port unless it is the scheme's own. UsageError."""
    parts = urlsplit(given)
    try:
        port = parts.port
    except ValueError:
        port = -1
    sound = parts.scheme in {"http", "https"} and parts.hostname and port != -1
    if not sound or parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username:
        raise UsageError(f"--allow-origin {given}: give scheme, host and port alone, as https://mis.clinic.kz")
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else str(parts.hostname)
    own_port = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in (None, own_port) else f":{port}")


def answers_to(settings: Settings, host: str) -> bool:
    """Whether a Host header names this server. A foreign name that was made to point here (DNS rebinding) does not;
    an address without a name cannot be made to point anywhere."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
        urlsplit(f"//{host}").port  # noqa: B018 - raises where it is no number
        ipaddress.ip_address(name)
    except ValueError:
        pass
    else:
        return True
    if not host or any(letter in host for letter in "/@?# \\"):
        return False
    known = {"localhost", settings.host.lower(), *(one.lower() for one in settings.names)}
    wanted = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    return wanted in known or any(_covers(pattern, wanted) for pattern in known)


def is_own(settings: Settings, origin: str, host: str) -> bool:
    """Whether a page of that origin is the server's own, being asked at that host."""
    return origin == f"{settings.scheme}://{host}"


def _covers(pattern: str, name: str) -> bool:
    """A certificate's wildcard covers one label."""
    return pattern.startswith("*.") and name.partition(".")[2] == pattern[2:]
