"""The text while it is being corrected: what is done, what is to come, what was carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dictation.language.comparable import Replacement
from dictation.language.doubts import DOUBTFUL_COMMAND, doubted
from dictation.language.phrases import is_word
from dictation.language.written import Edit, Token, join

CORRECTION, UNDO = "correction", "undo"
SOFT = (",", "-", "–", "—", "…")
ENDS = (".", "?", "!", "\n", "\n\n")


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue or a row of cues over `[start, end)` of the tokens, marks around it included; `words` without them."""

    kind: str
    start: int
    words: tuple[int, int]
    end: int


@dataclass(frozen=True, slots=True)
class _Undo:
    """The text before a command, how much of the text now comes from before it or was put in by it, how many
    tokens after that it brought, and which tokens it put elsewhere."""

    before: list[Token]
    kept: int
    taken: int = 0
    put: tuple[Token, ...] = ()


class Manuscript:
    """Tokens before `place` are `done` with, those from there on are to come. `sound` says that a recogniser put the
    marks."""

    def __init__(self, tokens: list[Token], *, sound: bool) -> None:
        self.sound = sound
        self.tokens = tokens
        self.place = 0
        self.done: list[Token] = []
        self.edits: list[Edit] = []
        self._undo: list[_Undo] = []

    def record(self, kind: str, start: int, end: int, removed: Sequence[Token]) -> None:
        spoken = self.tokens[start:end]
        self.edits.append(Edit(kind, spoken[0].start, spoken[-1].end, done=True, removed=join(removed)))

    def obey(self, kind: str, end: int, kept: list[Token], *, keep_end: bool) -> None:
        """Carry out a deletion spoken by the tokens up to `end`."""
        self._undo.append(_Undo(self.done, len(kept)))
        removed = self.done[len(kept) :]
        self.record(kind, self.place, end, removed)
        if kept and removed:
            # What comes next stands apart from it as it stood apart from what is gone.
            kept = [*kept[:-1], replace(kept[-1], space=removed[-1].space)]
        self.done = kept
        self.place = end
        if end < len(self.tokens) and not is_word(self.tokens[end]):
            ends = self.tokens[end].text in ENDS
            if not (ends and keep_end and kept and kept[-1].text not in ENDS):
                self.place = end + 1

    def leave(self, kind: str, end: int) -> None:
        """A command that is not obeyed stays in the text, marked."""
        spoken = self.tokens[self.place : end]
        self.edits.append(Edit(kind, spoken[0].start, spoken[-1].end, done=False))
        self.done.extend(doubted(token, DOUBTFUL_COMMAND) for token in spoken)
        self.place = end

    def correct(self, cue: Cue, found: Replacement, skip: int, *, in_place: bool = False) -> None:
        """Put the new words, after the cue and `skip` tokens, in the place of the old."""
        before = stripped(self.done)
        first = cue.end + skip
        new = self.tokens[first : first + found.taken]
        removed = before[found.start : len(before) if found.flow else found.end]
        old = self.done
        self.record(CORRECTION, cue.start, first, removed)
        capital = removed[0].text[:1].isupper() if removed else False
        if found.flow:
            self.done = before[: found.start]
            self._undo.append(_Undo(old, found.start, found.taken))
            if first < len(self.tokens):
                self.tokens[first] = _doubt(_cased(self.tokens[first], capital), found.doubt)
            self.place = first
            return
        rest = before[found.end :]
        if rest or in_place:
            new = [replace(t, start=removed[0].start, end=max(t.end, new[-1].end)) for t in new] if rest else new
        new = [_doubt(t, found.doubt) for t in new]
        if new:
            new[0] = _cased(new[0], capital)
            new[-1] = replace(new[-1], space=removed[-1].space or not rest)
        self.done = [*before[: found.start], *new, *rest]
        self._undo.append(_Undo(old, len(self.done), put=tuple(new)))
        self.place = first + found.taken

    def undo(self, end: int) -> bool:
        """Take back the last command that was carried out; what was said since stays."""
        if not self._undo:
            return False
        last = self._undo.pop()
        said = last.kept + last.taken
        self.record(UNDO, self.place, end, [*last.put, *self.done[last.kept : said]])
        self.done = [*last.before, *self.done[said:]]
        self.place = end
        return True


def stripped(tokens: Sequence[Token]) -> list[Token]:
    """Without the marks at the end."""
    kept = list(tokens)
    while kept and not is_word(kept[-1]):
        kept.pop()
    return kept


def _cased(token: Token, capital: bool) -> Token:
    """A word that goes on with a sentence loses the capital that the recogniser gave it."""
    text = token.text
    if not capital and text[:1].isupper() and text[1:].islower():
        return token.with_text(text[0].lower() + text[1:])
    return token


def _doubt(token: Token, doubt: str) -> Token:
    return doubted(token, doubt) if doubt else token
