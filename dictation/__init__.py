"""Offline voice dictation for clinical data entry.

    from dictation import Dictation

    record = Dictation().fill("visit.opus")
    print(record.fields["systolic"].value, record.fields["systolic"].status)

What is named here is public; everything else may change without notice. Names are loaded at first use, so that a
program that needs a part does not wait for the whole.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dictation.audio.microphone import Microphone
    from dictation.errors import DictationError, InputError, ModelError, RuleError, StoreError, UsageError
    from dictation.forms.context import Context
    from dictation.forms.record import Record
    from dictation.live import FieldChanged, Filled, Final, LiveDictation, Stopped
    from dictation.mis.bundle import to_bundle
    from dictation.session import Dictation, Heard
    from dictation.speech.recogniser import Partial
    from dictation.store import Store, open_store

_HOME = {
    "Context": "dictation.forms.context",
    "Dictation": "dictation.session",
    "DictationError": "dictation.errors",
    "FieldChanged": "dictation.live",
    "Filled": "dictation.live",
    "Final": "dictation.live",
    "Heard": "dictation.session",
    "InputError": "dictation.errors",
    "LiveDictation": "dictation.live",
    "Microphone": "dictation.audio.microphone",
    "ModelError": "dictation.errors",
    "Partial": "dictation.speech.recogniser",
    "Record": "dictation.forms.record",
    "RuleError": "dictation.errors",
    "Stopped": "dictation.live",
    "Store": "dictation.store",
    "StoreError": "dictation.errors",
    "UsageError": "dictation.errors",
    "open_store": "dictation.store",
    "to_bundle": "dictation.mis.bundle",
}

__all__ = [
    "Context",
    "Dictation",
    "DictationError",
    "FieldChanged",
    "Filled",
    "Final",
    "Heard",
    "InputError",
    "LiveDictation",
    "Microphone",
    "ModelError",
    "Partial",
    "Record",
    "RuleError",
    "Stopped",
    "Store",
    "StoreError",
    "UsageError",
    "open_store",
    "to_bundle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'dictation' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
