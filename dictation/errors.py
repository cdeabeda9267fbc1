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
