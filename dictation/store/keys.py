"""The key of a store: 32 random bytes, what is derived from them, and how a passphrase wraps them."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import keywrap

from dictation.errors import StoreError, WrongKeyError

SIZE = 32
FINGERPRINT_SIZE = 16

# OWASP's scrypt setting for passwords: 128 MB and about half a second on a small PC.
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_MOST_WORK = 2**24


@dataclass(frozen=True, slots=True)
class Key:
    """The secret of one store."""

    secret: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Key:
        return cls(secrets.token_bytes(SIZE))

    @classmethod
    def from_hex(cls, text: str) -> Key:
        """ValueError unless 64 hexadecimal digits."""
        secret = bytes.fromhex(text.strip())
        if len(secret) != SIZE:
            raise ValueError(f"a key is {2 * SIZE} hexadecimal digits")
        return cls(secret)

    def derive(self, purpose: str) -> bytes:
        """A key of its own for another purpose, from which this one cannot be told."""
        return hmac.digest(self.secret, f"dictation {purpose}".encode(), "sha256")

    @property
    def fingerprint(self) -> bytes:
        """16 bytes that name the key and tell nothing of it: the salt at the head of a SQLCipher file."""
        return self.derive("fingerprint")[:FINGERPRINT_SIZE]


def wrap(key: Key, passphrase: str) -> str:
    """The key as JSON that only the passphrase opens: scrypt, then AES key wrap (RFC 3394)."""
    salt = secrets.token_bytes(16)
    wrapped = keywrap.aes_key_wrap(_stretch(passphrase, salt, _SCRYPT), key.secret)
    return json.dumps({"dictation-key": 1, "scrypt": _SCRYPT, "salt": salt.hex(), "wrapped": wrapped.hex()})


def unwrap(text: str, passphrase: str, source: str) -> Key:
    """The key again. WrongKeyError where the passphrase is another; StoreError where the text was damaged."""
    try:
        data: dict[str, Any] = json.loads(text)
        cost = {name: int(data["scrypt"][name]) for name in _SCRYPT}
        if cost["n"] * cost["r"] > _MOST_WORK:
            raise ValueError("asks for more memory than any key file of ours")
        stretched = _stretch(passphrase, bytes.fromhex(data["salt"]), cost)
        wrapped = bytes.fromhex(data["wrapped"])
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{source}: not a key file of this program; use the copy that was put away") from error
    try:
        return Key(keywrap.aes_key_unwrap(stretched, wrapped))
    except (keywrap.InvalidUnwrap, ValueError) as error:
        raise WrongKeyError(f"{source}: wrong passphrase") from error


def _stretch(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    memory = 256 * cost["n"] * cost["r"]
    return hashlib.scrypt(passphrase.encode(), salt=salt, dklen=SIZE, maxmem=memory, **cost)
