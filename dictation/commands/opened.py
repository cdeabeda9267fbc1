"""The store, as every command that uses it opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dictation.store import Store, open_store


@contextmanager
def opened_store() -> Iterator[Store]:
    """`$DICTATION_STORE`, or the file in the program's folder; what is past its time is deleted when all is done, so
    that nobody waits for it."""
    with open_store() as store:
        yield store
        store.tidy()
