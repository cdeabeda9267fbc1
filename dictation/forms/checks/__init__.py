"""Checks: each looks at a draft and says what needs a look, and why. They change nothing."""

from __future__ import annotations

from dictation.forms.draft import Check

CHECKS: tuple[Check, ...] = ()
