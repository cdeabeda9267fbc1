"""Forms by name: those that come with the program, and Questionnaires that a vendor put into its folder."""

from __future__ import annotations

import re
from pathlib import Path

from dictation.forms.questionnaire import Form, form_names, load_form
from dictation.resources import home
from dictation.workstation.failures import Failure

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def forms_folder() -> Path:
    """Where the Questionnaires of one's own lie, each as NAME.json."""
    return home() / "forms"


def is_form_name(name: str) -> bool:
    """Whether a form may be called so: never a path."""
    return _NAME.fullmatch(name) is not None


def form_source(name: str) -> str:
    """What `load_form` is given for a name. Failure `unknown-form`."""
    if is_form_name(name):
        if name in form_names():
            return name
        own = forms_folder() / f"{name}.json"
        if own.is_file():
            return str(own)
    raise Failure("unknown-form")


def find_form(name: str) -> Form:
    """A form by its name. Failure `unknown-form`."""
    return load_form(form_source(name))


def all_form_names() -> list[str]:
    """Every form that can be dictated into, the program's own first."""
    built_in = form_names()
    own = sorted(file.stem for file in forms_folder().glob("*.json") if is_form_name(file.stem))
    return [*built_in, *(name for name in own if name not in built_in)]
