"""What was dictated, kept: sound while it is being spoken, records with every version, signatures, the audit log."""

from dictation.store.audit import Break, Head
from dictation.store.dictations import Event, Unfinished
from dictation.store.journal import Journal
from dictation.store.opening import open_store, restore_store
from dictation.store.records import Listed, Search, Version
from dictation.store.retention import Removed, Retention
from dictation.store.signing import Signature, open_checks, refuse_unconfirmed
from dictation.store.store import Store

__all__ = [
    "Break",
    "Event",
    "Head",
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
    "refuse_unconfirmed",
    "restore_store",
]
