"""Commands that were heard and not carried out: they are shown, and so is what they may have been meant for."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

from dictation.clinical.facts import Fact, Section
from dictation.forms.draft import Doubt, Draft
from dictation.forms.reasons import Reason
from dictation.forms.risk import is_word
from dictation.language.commands import MARK
from dictation.language.corrections import DELETE_WORD, LONGEST_SENTENCE
from dictation.language.written import Edit, Token

_STOPS = frozenset({".", "?", "!", "\n", "\n\n"})
# Words before a command that it may be about: a deletion of words takes the last ones, any other a sentence.
_WORDS = 3


def check_commands(draft: Draft) -> Iterator[Doubt]:
    """The commands themselves, and every value before one that it may have been meant to remove or to change."""
    for edit in draft.written.edits:
        if edit.done:
            continue
        yield Doubt(Reason.UNDONE_COMMAND, text=draft.written.transcript.text[edit.start : edit.end])
        if edit.kind == MARK:
            continue
        start, end = _reach(draft.written.tokens, edit)
        for entry in draft.entries:
            for index, fact in enumerate(entry.facts):
                if _is_meant(fact, start, end):
                    yield Doubt(Reason.DOUBTFUL_COMMAND, entry.item.key, index)


def _reach(tokens: tuple[Token, ...], edit: Edit) -> tuple[int, int]:
    """The tokens before a command, back to where the sentence began or may have begun. A mark that nobody gave and a
    stop right before the command do not end it."""
    end = next((at for at, token in enumerate(tokens) if token.start >= edit.start), len(tokens))
    start = end
    while start and not is_word(tokens[start - 1]):
        start -= 1
    before = takewhile(lambda at: not _stops(tokens[at]), range(start - 1, -1, -1))
    words = _WORDS if edit.kind == DELETE_WORD else LONGEST_SENTENCE
    for at in before:
        words -= is_word(tokens[at])
        start = at
        if not words:
            break
    return start, end


def _stops(token: Token) -> bool:
    return token.text in _STOPS and token.end > token.start


def _is_meant(fact: Fact, start: int, end: int) -> bool:
    """Whether a value ends within the reach of a command; a text, whether it does right before it."""
    if isinstance(fact, Section):
        return fact.start < end <= fact.end + 1
    return start < fact.end <= end or fact.start < end <= fact.end
