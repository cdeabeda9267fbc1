"""How a clinic's system is reached: `mis.toml` in the program's folder, which names servers and where secrets lie."""

from __future__ import annotations

import ipaddress
import os
import stat
import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from dictation import resources
from dictation.errors import UsageError
from dictation.mis.identity import Systems

FILE = "mis.toml"
KEYRING_SERVICE = "dictation"

_PLAIN = {"http", "mllp"}


def address(text: str) -> str:
    """An address in one spelling. ValueError where it is none, or says what would be seen in lists and logs."""
    parts = urlsplit(text.strip())
    if not parts.scheme or (not parts.hostname and parts.scheme != "file"):
        raise ValueError("not an address, write it as https://mis.example.kz/fhir")
    if "@" in parts.netloc or parts.query or parts.fragment:
        raise ValueError("an address holds no name, password, ? or #; secrets are named in mis.toml")
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path.rstrip("/"), "", ""))


def _to_dashes(name: str) -> str:
    return name.replace("_", "-")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=_to_dashes, validate_by_name=True)


class Secret(_Section):
    """Where a secret lies: in a file, an environment variable, or the keyring (service `dictation`, that user)."""

    file: Path | None = None
    env: str | None = None
    keyring: str | None = None

    @model_validator(mode="after")
    def _one_place(self) -> Secret:
        if sum(place is not None for place in (self.file, self.env, self.keyring)) != 1:
            raise ValueError("name one place: file, env or keyring")
        return self

    def read(self) -> str:
        """The secret, read anew every time: whoever renews it need not restart anything. UsageError if missing."""
        if self.file:
            return _read_private(self.file)
        found = os.environ.get(self.env) if self.env else self._from_keyring()
        if not found:
            raise UsageError(f"the secret in {self._place()} is missing; put it there")
        return found.strip()

    def _from_keyring(self) -> str | None:
        import keyring

        try:
            return keyring.get_password(KEYRING_SERVICE, self.keyring or "")
        except keyring.errors.KeyringError as error:
            raise UsageError("the system's keyring cannot be read; unlock it and try again") from error

    def _place(self) -> str:
        return f"environment variable {self.env}" if self.env else f"keyring {KEYRING_SERVICE} {self.keyring}"


class OAuth(_Section):
    """OAuth 2 client credentials (RFC 6749, 4.4)."""

    token_url: Annotated[str, AfterValidator(address)]
    client_id: str
    secret: Secret
    scope: str | None = None


class Profile(_Section):
    """One system. `ca` is a file of certificates to trust instead of the machine's; `certificate` and `key` are ours,
    for mutual TLS. `plain` allows what is not encrypted beyond this machine. `timeout` in seconds."""

    url: Annotated[str, AfterValidator(address)]
    name: str = ""
    token: Secret | None = None
    oauth: OAuth | None = None
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    plain: bool = False
    timeout: float = Field(default=30.0, gt=0)
    systems: dict[str, str] = {}

    @model_validator(mode="after")
    def _sound(self) -> Profile:
        if self.token and self.oauth:
            raise ValueError("give token or oauth, not both")
        if unknown := set(self.systems) - set(asdict(Systems())):
            raise ValueError(f"systems: no {', '.join(sorted(unknown))}")
        for url in (self.url, *([self.oauth.token_url] if self.oauth else [])):
            if not self.plain and self._is_plain(url):
                raise ValueError(f"{url} is not encrypted; use https (mllps), or set plain = true in {FILE}")
        return self

    @property
    def identifier_systems(self) -> Systems:
        """The clinic's identifier systems for the bundle."""
        return Systems(**self.systems)

    @property
    def warning(self) -> str | None:
        """What must be said on every run, None where nothing must."""
        if self.plain and self._is_plain(self.url):
            return f"{self.url}: medical data goes there without encryption, as {FILE} allows"
        return None

    @staticmethod
    def _is_plain(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in _PLAIN and not _is_this_machine(parts.hostname or "")


def find_profile(to: str, home: Path | None = None) -> Profile:
    """The profile that has this name or address; an address that no profile has is one of its own.

    UsageError names the file and the key that is wrong, never its value.
    """
    for profile in read_profiles(home):
        if to == profile.name or _same(to, profile.url):
            return profile
    return _parsed({"url": to}, f"--to {to}" if "@" not in to else "--to")


def read_profiles(home: Path | None = None) -> list[Profile]:
    """The profiles of `mis.toml`; none where there is no such file."""
    path = (home or resources.home()) / FILE
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read as TOML; check it") from error
    return [
        _parsed(_placed(table, path.parent) | {"name": name}, f"{path}: {name}") for name, table in tables.items()
    ]


def _parsed(data: dict[str, Any], source: str) -> Profile:
    try:
        return Profile.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part != "url")
        raise UsageError(
            f"{source}: {place + ': ' if place else ''}{first['msg'].removeprefix('Value error, ')}"
        ) from None


def _placed(table: Any, folder: Path) -> dict[str, Any]:
    """A table with the names of its files taken from the folder that it stands in."""
    if not isinstance(table, dict):
        return {}
    placed: dict[str, Any] = {}
    for key, value in table.items():
        if key in {"file", "ca", "certificate", "key"} and isinstance(value, str):
            placed[key] = str(folder / value)
        else:
            placed[key] = _placed(value, folder) if isinstance(value, dict) else value
    return placed


def _same(to: str, url: str) -> bool:
    try:
        return address(to) == url
    except ValueError:
        return False


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _read_private(path: Path) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise UsageError(f"{path}: others on this machine can read the secret; chmod 600 {path}")
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the secret cannot be read; check the file and its permissions") from error
