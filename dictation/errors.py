"""Errors that a person reads: what is wrong, where, what to do."""

from __future__ import annotations


class DictationError(Exception):
    """Something the user can mend; its text is one clear line, shown without a traceback."""


class UsageError(DictationError):
    """The call itself is wrong: an unknown form, engine, language or option value."""


class InputError(DictationError):
    """One input (a recording, a text, a context file) cannot be used; others may go on."""


class ModelError(DictationError):
    """A recogniser's model is missing, broken, or not what its checksum says."""


class RuleError(DictationError):
    """A file under `grammars/` or a form definition does not follow its schema."""


class DeviceError(DictationError):
    """No microphone can be used: none is there, it cannot be opened, or the sound library is missing."""


class StoreError(DictationError):
    """The store of dictations and records cannot do what was asked: not found, full, busy, not reachable."""


class WrongKeyError(StoreError):
    """The store is sound, and the key or passphrase at hand is not its own."""


class DamagedStoreError(StoreError):
    """The key is right, and what it opens is broken: restore a backup."""


class SigningError(StoreError):
    """A record is not to be signed as it is: values to be checked, signed already, changed since it was looked at."""


class ChangedError(StoreError):
    """Somebody else has made a newer version of the record: look at that first."""
