"""Schema of `grammars/*/agreement.yaml`: adjectives that tell a result, and what has one."""

from __future__ import annotations

from functools import cache

from dictation.grammar.rules import Rules, load


class AgreementRules(Rules):
    """Words that begin with one of `results` tell how something ended that is named by a word that begins with one
    of `subjects`, and agree with it ("симптом слева отрицательный")."""

    results: tuple[str, ...]
    subjects: tuple[str, ...]


@cache
def agreement(language: str) -> AgreementRules:
    """The rules of a language."""
    return load(language, "agreement", AgreementRules)
