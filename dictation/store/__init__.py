"""What was dictated, kept: sound while it is being spoken, records with every version, signatures, the audit log."""

from dictation.store.dictations import Event, Unfinished
from dictation.store.journal import Journal
from dictation.store.records import Listed, Search, Version
from dictation.store.retention import Removed, Retention
from dictation.store.signing import Signature, open_checks
from dictation.store.store import Store, open_store

__all__ = [
    "Event",
    "Journal",
    "Listed",
    "Removed",
    "Retention",
    "Search",
    "Signature",
    "Store",
    "Unfinished",
    "Version",
    "open_checks",
    "open_store",
]
