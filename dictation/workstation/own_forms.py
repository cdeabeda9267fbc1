"""Forms as clients may name them: by name, never by a path."""

from __future__ import annotations

from dictation.forms.questionnaire import Form, form_names, is_form_name, load_form, own_forms
from dictation.workstation.failures import Failure


def find_form(name: str) -> Form:
    """A form by its name. Failure `unknown-form`."""
    return load_form(form_name(name))


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
