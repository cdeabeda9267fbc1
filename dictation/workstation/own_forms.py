"""Forms as clients may name them: by name, never by a path."""

from __future__ import annotations

import logging
from functools import lru_cache

from dictation.errors import RuleError
from dictation.forms.questionnaire import Form, form_names, is_form_name, load_form, own_forms
from dictation.workstation.failures import Failure

_log = logging.getLogger(__name__)


def find_form(name: str) -> Form:
    """A form by its name, read anew when its file has changed. Failure `unknown-form`; RuleError."""
    own = own_forms() / f"{form_name(name)}.json"
    return _read(name, own.stat().st_mtime_ns if own.is_file() else 0)


def known_forms() -> list[Form]:
    """Every form that can be dictated into. A file in the folder that is no form is told of in the log."""
    found = []
    for name in all_form_names():
        try:
            found.append(find_form(name))
        except RuleError as error:
            _log.warning("%s", error)
    return found


@lru_cache(maxsize=64)
def _read(name: str, changed: int) -> Form:  # noqa: ARG001 - a changed file is read again
    return load_form(name)


def form_name(name: str) -> str:
    """The name itself, if there is such a form. Failure `unknown-form`."""
    if name not in all_form_names():
        raise Failure("unknown-form")
    return name


def all_form_names() -> list[str]:
    """Every form that can be dictated into, the program's own first."""
    built_in = form_names()
    added = sorted(file.stem for file in own_forms().glob("*.json") if is_form_name(file.stem))
    return [*built_in, *(name for name in added if name not in built_in)]
