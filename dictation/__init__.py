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
    from dictation.audio.events import Lost, Overflow, Regained, Silent
    from dictation.audio.microphone import Microphone
    from dictation.errors import (
        DeviceError,
        DictationError,
        InputError,
        ModelError,
        RuleError,
        StoreError,
        UsageError,
    )
    from dictation.forms.context import Context
    from dictation.forms.record import Record
    from dictation.live import FieldChanged, Filled, Final, LiveDictation, Stopped
    from dictation.memory import keep_steady
    from dictation.mis.bundle import to_bundle
    from dictation.session import Dictation, Heard
    from dictation.speech.recogniser import Partial
    from dictation.store import Store, open_store

_HOME = {
    "Context": "dictation.forms.context",
    "DeviceError": "dictation.errors",
    "Dictation": "dictation.session",
    "DictationError": "dictation.errors",
    "FieldChanged": "dictation.live",
    "Filled": "dictation.live",
    "Final": "dictation.live",
    "Heard": "dictation.session",
    "InputError": "dictation.errors",
    "LiveDictation": "dictation.live",
    "Lost": "dictation.audio.events",
    "Microphone": "dictation.audio.microphone",
    "ModelError": "dictation.errors",
    "Overflow": "dictation.audio.events",
    "Partial": "dictation.speech.recogniser",
    "Record": "dictation.forms.record",
    "Regained": "dictation.audio.events",
    "RuleError": "dictation.errors",
    "Silent": "dictation.audio.events",
    "Stopped": "dictation.live",
    "Store": "dictation.store",
    "StoreError": "dictation.errors",
    "UsageError": "dictation.errors",
    "keep_steady": "dictation.memory",
    "open_store": "dictation.store",
    "to_bundle": "dictation.mis.bundle",
}

__all__ = [
    "Context",
    "DeviceError",
    "Dictation",
    "DictationError",
    "FieldChanged",
    "Filled",
    "Final",
    "Heard",
    "InputError",
    "LiveDictation",
    "Lost",
    "Microphone",
    "ModelError",
    "Overflow",
    "Partial",
    "Record",
    "Regained",
    "RuleError",
    "Silent",
    "Stopped",
    "Store",
    "StoreError",
    "UsageError",
    "keep_steady",
    "open_store",
    "to_bundle",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'dictation' has no attribute '{name}'")
    return getattr(import_module(_HOME[name]), name)
