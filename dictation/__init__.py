"""Offline voice dictation for clinical data entry.

    from dictation import Dictation

    record = Dictation().fill("visit.opus")
    print(record.fields["systolic"].value, record.fields["systolic"].status)

What is named here is public; everything else may change without notice.
"""

from dictation.errors import DictationError, InputError, ModelError, RuleError, UsageError
from dictation.forms.context import Context
from dictation.forms.record import Record
from dictation.mis.bundle import to_bundle
from dictation.session import Dictation, Heard

__all__ = [
    "Context",
    "Dictation",
    "DictationError",
    "Heard",
    "InputError",
    "ModelError",
    "Record",
    "RuleError",
    "UsageError",
    "to_bundle",
]
