"""Text that takes long to make, kept in the cache directory for the next start."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable

from dictation.errors import InputError
from dictation.files import write_atomically
from dictation.resources import cache_dir

_log = logging.getLogger(__name__)


def kept(name: str, source: str, make: Callable[[], str]) -> str:
    """What `make` returns, from the file `name` of the cache directory where that was made from the same `source`.

    The file's first line is a checksum over the source and the text after it, so that a stale, torn or otherwise
    damaged file is made anew. Where nothing can be written the text is made at every start.
    """
    path = cache_dir() / name
    try:
        checksum, _, text = path.read_bytes().decode("utf-8").partition("\n")
        if checksum == _checksum(source, text):
            return text
    except (OSError, UnicodeDecodeError):
        pass
    text = make()
    try:
        write_atomically(path, f"{_checksum(source, text)}\n{text}")
    except InputError as error:
        _log.info("not kept: %s", error)
    return text


def _checksum(source: str, text: str) -> str:
    digest = hashlib.sha256(hashlib.sha256(source.encode("utf-8")).digest())
    digest.update(text.encode("utf-8"))
    return digest.hexdigest()
