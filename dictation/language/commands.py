"""Spoken marks, line breaks and commands of the live session: carried out, not written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from dictation.grammar.commands import CommandRules
from dictation.language.doubts import AMBIGUOUS_NUMBER, DOUBTFUL_COMMAND, doubted
from dictation.language.heard_marks import HeardMarks
from dictation.language.phrases import Phrases, is_word, plain
from dictation.language.written import Edit, Token
from dictation.speech.transcript import Transcript

MARK, NEW_LINE, PARAGRAPH, GO_TO = "mark", "new-line", "paragraph", "go-to-field"
_BREAKS = {NEW_LINE: "\n", PARAGRAPH: "\n\n"}
_ENDS = (".", "?", "!", "\n", "\n\n")
_DROPPED = (".", ",", ":", ";")
# No sentence puts a conjunction there: it is a sound of the mark's name.
_NO_FILLER_BEFORE, _NO_FILLER_AFTER = (".", ":"), (":",)
# So many spoken marks mean that the doctor dictates them: those that the recogniser put in are only its pauses.
DICTATED_MARKS = 3
# Marks found by sound: by their first characters, the number of their words and the mark.
Sounding = Mapping[int, tuple[int, str]]


class SpokenMarks:
    """Replaces spoken marks and breaks by what they stand for, and takes the session's commands out."""

    def __init__(self, rules: CommandRules, misheard: HeardMarks, numeral: Callable[[str], bool]) -> None:
        self._misheard = misheard
        self._numeral = numeral
        said = [(phrase, mark.mark) for mark in rules.marks for phrase in (*mark.said, *mark.heard)]
        self._marks: Phrases[str] = Phrases(said)
        kinds = [(phrase, command.kind) for command in (*rules.breaks, *rules.live) for phrase in command.said]
        self._commands: Phrases[str] = Phrases([*kinds, *((phrase, GO_TO) for phrase in rules.go_to)])
        self._bare: Phrases[str] = Phrases(
            (f"{phrase} {name}", name) for phrase in rules.go_to_bare for name in rules.field_names
        )
        self._fillers = frozenset(map(plain, rules.fillers))
        self._escape = frozenset(rules.escape)
        self._point = frozenset(phrase for mark in rules.marks if mark.mark == "." for phrase in mark.said)
        self._adjectives = rules.point_adjectives
        self._point_after: Phrases[bool] = Phrases((phrase, True) for phrase in rules.point_after)
        self._point_before: Phrases[bool] = Phrases((phrase, True) for phrase in rules.point_before)

    def __call__(self, tokens: Sequence[Token], transcript: Transcript) -> tuple[list[Token], list[Edit]]:
        spoken, sounding = _without_own_marks(tokens), self._misheard.find(tokens, transcript)
        dictated = self._dictated(spoken, sounding)
        if dictated:
            tokens = spoken
        else:
            sounding = {}
        done: list[Token] = []
        edits: list[Edit] = []
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if self._is_escape(tokens, place):
                edits.append(Edit("escape", token.start, token.end, done=True))
                end = self._command_end(tokens, place + 1)
                done.extend(tokens[place + 1 : end])
                place = end
                continue
            if dictated and self._rest_of_mark(tokens, place, done, heard=transcript.was_sound):
                edits.append(Edit(MARK, token.start, token.end, done=True))
                place += 1
                continue
            mark = self._mark(tokens, place, sounding)
            if mark and not dictated and self._may_be_word(tokens, place):
                done.append(doubted(token, DOUBTFUL_COMMAND))
                edits.append(Edit(MARK, token.start, token.end, done=False))
                place += 1
                continue
            if mark:
                end, text = mark
                if text in _NO_FILLER_BEFORE and self._is_filler(done):
                    place -= 1
                    done.pop()
                if text in _NO_FILLER_AFTER and end < len(tokens) and plain(tokens[end].text) in self._fillers:
                    end += 1
                done.append(_over(tokens[place:end], text))
                edits.append(Edit(MARK, tokens[place].start, tokens[end - 1].end, done=True))
                place = end
                continue
            command = self._commands.match(tokens, place)
            if command:
                place = self._obey(tokens, place, command, done, edits)
                continue
            if (named := self._bare.match(tokens, place)) and _stands_alone(tokens, place, named[0]):
                edits.append(Edit(GO_TO, token.start, tokens[named[0] - 1].end, done=True, removed=named[1]))
                place = named[0] + (named[0] < len(tokens) and tokens[named[0]].text in _ENDS)
                continue
            done.append(token)
            place += 1
        return done, edits

    def _dictated(self, spoken: Sequence[Token], sounding: Sounding) -> bool:
        marks = (place for place in range(len(spoken)) if self._mark(spoken, place, sounding))
        return next(islice(marks, DICTATED_MARKS - 1, None), None) is not None

    def _is_filler(self, done: Sequence[Token]) -> bool:
        """A small word at the end that belongs to nothing; after a number its fraction may be missing."""
        if not done or plain(done[-1].text) not in self._fillers:
            return False
        return len(done) == 1 or not self._numeral(done[-2].text)

    def _rest_of_mark(self, tokens: Sequence[Token], place: int, done: list[Token], *, heard: bool) -> bool:
        """Puts in the mark of which only the end was heard. A number before it may have lost its own end; after a
        mark it is that one once more. What is itself a number word stays; where it was `heard`, the number before it
        asks for a look."""
        number = bool(done) and self._numeral(done[-1].text)
        marked = bool(done) and done[-1].text in _DROPPED
        mark = self._misheard.rest(tokens, place, expected=number or marked)
        if mark is None:
            return False
        if self._numeral(tokens[place].text):
            if number and heard:
                done[-1] = doubted(done[-1], AMBIGUOUS_NUMBER)
            return False
        if marked:
            done[-1] = replace(done[-1], end=tokens[place].end, space=tokens[place].space, pause=tokens[place].pause)
            return True
        if number:
            done[-1] = doubted(done[-1], AMBIGUOUS_NUMBER)
        done.append(_over(tokens[place : place + 1], mark))
        return True

    def _mark(self, tokens: Sequence[Token], place: int, sounding: Sounding) -> tuple[int, str] | None:
        match = self._marks.match(tokens, place)
        if match is None:
            words, mark = sounding.get(tokens[place].start, (0, ""))
            return (place + words, mark) if words else None
        if match[1] == "." and self._is_word_here(tokens, place):
            return None
        return match

    def _is_word_here(self, tokens: Sequence[Token], place: int) -> bool:
        """The word for a full stop as a word of its own: "болевая точка", "точка Эрба"."""
        if plain(tokens[place].text) not in self._point:
            return False
        if place + 1 < len(tokens) and self._point_before.match(tokens, place + 1):
            return True
        for back in (2, 1):
            match = self._point_after.match(tokens, place - back) if place >= back else None
            if match and match[0] == place:
                return True
        return False

    def _may_be_word(self, tokens: Sequence[Token], place: int) -> bool:
        """An adjective before it, and no marks dictated elsewhere: "светлая точка"."""
        before = plain(tokens[place - 1].text) if place else ""
        return plain(tokens[place].text) in self._point and before.endswith(self._adjectives)

    def _is_escape(self, tokens: Sequence[Token], place: int) -> bool:
        return plain(tokens[place].text) in self._escape and self._command_end(tokens, place + 1) > place + 1

    def _command_end(self, tokens: Sequence[Token], place: int) -> int:
        if place >= len(tokens):
            return place
        match = self._marks.match(tokens, place) or self._commands.match(tokens, place)
        return match[0] if match else place

    def _obey(
        self,
        tokens: Sequence[Token],
        place: int,
        command: tuple[int, str],
        done: list[Token],
        edits: list[Edit],
    ) -> int:
        end, kind = command
        start = tokens[place].start
        if kind in _BREAKS:
            if done:
                done[-1] = replace(done[-1], space=False)
            done.append(replace(_over(tokens[place:end], _BREAKS[kind]), space=False))
            edits.append(Edit(kind, start, tokens[end - 1].end, done=True))
            return end + (end < len(tokens) and tokens[end].text in (",", "."))
        target = ""
        if kind == GO_TO:
            first = end
            while end < len(tokens) and is_word(tokens[end]) and not tokens[end - 1].pause:
                end += 1
            target = " ".join(token.text for token in tokens[first:end])
        edits.append(Edit(kind, start, tokens[end - 1].end, done=True, removed=target))
        return end + (end < len(tokens) and tokens[end].text in _ENDS)


def _without_own_marks(tokens: Sequence[Token]) -> list[Token]:
    """Without the marks that the recogniser put at its pauses."""
    kept: list[Token] = []
    dropped = False
    for token in tokens:
        if token.text not in _DROPPED:
            kept.append(_uncapitalised(token) if dropped else token)
        elif kept:
            kept[-1] = replace(kept[-1], pause=kept[-1].pause or token.pause, space=token.space)
        dropped = token.text in _DROPPED
    return kept


def _uncapitalised(token: Token) -> Token:
    """A word whose capital was due to a mark that is gone."""
    text = token.text
    return token.with_text(text[0].lower() + text[1:]) if text[:1].isupper() and text[1:].islower() else token


def _stands_alone(tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether tokens `[start, end)` stand between two pauses or marks."""
    begins = start == 0 or tokens[start - 1].pause or not is_word(tokens[start - 1])
    return begins and (end == len(tokens) or tokens[end - 1].pause or not is_word(tokens[end]))


def _over(tokens: Sequence[Token], text: str) -> Token:
    last = tokens[-1]
    return Token(text, tokens[0].start, last.end, space=last.space, pause=last.pause)
