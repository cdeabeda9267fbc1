"""Telling a wrong key from a damaged file, from the pages of a SQLCipher 4 file alone.

Every page carries an authentication code under a key derived from the store's. If one page of the file answers to the
key, the key is right and whatever cannot be read is damage (SQLCipher design, "Page-level authentication").
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator
from enum import Enum
from itertools import islice
from math import log2
from pathlib import Path

from dictation.store.keys import FINGERPRINT_SIZE, Key

PAGE = 4096
_CODE = 64
_HMAC_SALT_MASK = 0x3A
_HMAC_KEY_ROUNDS = 2
# Pages to try (4 MB): a store of another key answers on none, and large ones would take long.
_ENOUGH = 1000
# Ciphertext of a page has nearly 8 bits a byte, text and programs under 7.
_RANDOM_BITS = 7.5


class Verdict(Enum):
    """What a file that cannot be read is."""

    WRONG_KEY = "sound, of another key"
    RIGHT_KEY = "of this key, damaged"
    NOT_A_STORE = "something else"


def judge(path: Path, key: Key) -> Verdict:
    """Why `key` does not open the file."""
    head = _head(path)
    if head[:FINGERPRINT_SIZE] == key.fingerprint or any(islice(_answers(path, key), _ENOUGH)):
        return Verdict.RIGHT_KEY
    return Verdict.WRONG_KEY if _looks_encrypted(head) else Verdict.NOT_A_STORE


def damaged(path: Path, key: Key) -> bool:
    """Whether some page of the file is not as the owner of the key has written it."""
    return not all(_answers(path, key))


def fingerprint(path: Path) -> bytes | None:
    """The fingerprint of the key that a store was made with; None where the file is new or has no room for one."""
    head = _head(path)
    return head[:FINGERPRINT_SIZE] if len(head) == PAGE else None


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(PAGE)


def _answers(path: Path, key: Key) -> Iterator[bool]:
    """For every page, whether it is of this key."""
    salt = bytes(byte ^ _HMAC_SALT_MASK for byte in key.fingerprint)
    code_key = hashlib.pbkdf2_hmac("sha512", key.secret, salt, _HMAC_KEY_ROUNDS, 32)
    with path.open("rb") as file:
        number = 0
        while page := file.read(PAGE):
            number += 1
            covered = page[FINGERPRINT_SIZE if number == 1 else 0 : -_CODE]
            yield hmac.compare_digest(
                hmac.digest(code_key, covered + number.to_bytes(4, "little"), "sha512"), page[-_CODE:]
            )


def _looks_encrypted(head: bytes) -> bool:
    if len(head) < PAGE:
        return False
    shares = [count / PAGE for count in Counter(head).values()]
    return -sum(share * log2(share) for share in shares) > _RANDOM_BITS
