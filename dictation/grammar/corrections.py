"""Schema of `grammars/*/corrections.yaml`: how a doctor takes back what was said."""

from __future__ import annotations

from functools import cache

from pydantic import Field

from dictation.grammar.rules import Rules, load

Phrases = tuple[str, ...]


class DeletedWords(Rules):
    """ "последние … слова": what stands before and after the number of words."""

    before: Phrases
    after: Phrases


class Deletion(Rules):
    """A verb, then what to delete, in either order."""

    verbs: Phrases
    word: Phrases
    words: DeletedWords
    sentence: Phrases


class MomentWords(Rules):
    """Names of times; `after` and a period ("через неделю"), `relative` and a period ("на этой неделе")."""

    named: Phrases
    after: Phrases
    relative: Phrases
    periods: Phrases
    prepositions: Phrases


class CorrectionRules(Rules):
    """The cues of corrections, by how sure they are; the comments in the file explain each list."""

    retract: Phrases
    rather: Phrases
    equals: Phrases
    negation: Phrases
    not_: Phrases = Field(alias="not")
    but: Phrases
    replace: Phrases
    with_: Phrases = Field(alias="with")
    delete: Deletion
    undo: Phrases
    moments: MomentWords
    unclear: Phrases
    contrasts: tuple[Phrases, ...]
    ways: Phrases
    directions: Phrases
    both_sides: Phrases
    denying: Phrases
    prepositions: Phrases

    def problems(self) -> list[str]:
        cues = [*self.retract, *self.rather, *self.equals, *self.negation]
        return [f"'{cue}' is a cue twice" for cue in sorted(set(cues)) if cues.count(cue) > 1]


@cache
def corrections(language: str) -> CorrectionRules:
    """The corrections of a language."""
    return load(language, "corrections", CorrectionRules)
