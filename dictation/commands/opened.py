"""The store, as every command that uses it opens it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from dictation.store import Store, open_store


@contextmanager
def opened_store() -> Iterator[Store]:
    """`$DICTATION_STORE`, or the file in the program's folder; what is past its time is deleted first."""
    with open_store() as store:
        store.tidy()
        yield store
