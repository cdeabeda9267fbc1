"""Which names the server answers to, and which pages may use it."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from dictation.errors import UsageError
from dictation.workstation.settings import Settings

_HOST = re.compile(r"(?:\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(?::\d{1,5})?")


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens there."""
    return host == "localhost" or (_is_address(host) and ipaddress.ip_address(host).is_loopback)


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
    written = _HOST.fullmatch(host.lower())
    if written is None:
        return False
    name = written["address"] or written["name"].rstrip(".")
    if written["address"] or _is_address(name):
        return _is_address(name)
    known = {"localhost", settings.host.lower(), *(one.lower() for one in settings.names)}
    return name in known or any(_covers(pattern, name) for pattern in known)


def is_own(settings: Settings, origin: str, host: str) -> bool:
    """Whether a page of that origin is the server's own, being asked at that host."""
    return origin == f"{settings.scheme}://{host}"


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _covers(pattern: str, name: str) -> bool:
    """A certificate's wildcard covers one label."""
    return pattern.startswith("*.") and name.partition(".")[2] == pattern[2:]
