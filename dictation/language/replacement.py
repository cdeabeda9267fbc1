"""Putting repairs into the text: which tokens go, which come, and which of them the doctor must look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dictation.grammar.terms import Terms
from dictation.language.doubts import RESPELLED, doubted, merged
from dictation.language.hearing import Heard
from dictation.language.phonetics import Phonetics
from dictation.language.repairs import Repair, only_endings_differ
from dictation.language.written import Token
from dictation.speech.transcript import Transcript

UNCERTAIN = "uncertain"
# Near-certain: as good as the same sound, or in longer stretches this share of it, and no rival this near.
_SAME, _MARGIN = 0.15, 1.0
_LONG, _SHARE = 8, 0.07
_SHORT, _SHORT_SAME, _SHORT_MARGIN = 6, 0.1, 1.5
# Drugs nearer to each other than this are not chosen between.
_CLOSE_CALL = 0.4
# Two words are the same one, misheard, if no more than this share of its sounds differs.
_ALIKE = 0.45
# A drug is shown but where what is no other word sounds just as its name does: it is spelled by ear ("лазартан"). A
# name that was cut in two must be longer, and none may be the end of another's.
_DRUG_SAME, _DRUG_LENGTH, _CUT_DRUG_LENGTH, _DRUG_MARGIN = 0.05, 7, 9, 1.5


class Replacement:
    """Carries out the repairs that were chosen. `numbers` are number words: one that is swallowed is always shown."""

    def __init__(self, phonetics: Phonetics, vocabulary: Terms, numbers: frozenset[str]) -> None:
        self._phonetics = phonetics
        self._numbers = numbers
        self._guarded = frozenset(_folded(word) for word in vocabulary.guarded)
        self._negations = [word for word in vocabulary.leading if word in vocabulary.guarded]
        self._guarded_beginnings = vocabulary.guarded_beginnings

    def __call__(
        self, tokens: Sequence[Token], heard: Sequence[Heard], repairs: Sequence[Repair], transcript: Transcript
    ) -> list[Token]:
        telling = [r for r in repairs if not self._changes_nothing(_words(heard, r), r)]
        pieces, place = _cut(tokens, heard, telling)
        done: list[Token] = []
        position = 0
        for repair in telling:
            first, after = place[repair.stretch.start], place[repair.stretch.end - 1] + 1
            stood = pieces[first:after]
            done += pieces[position:first]
            if _close_call(repair):
                done += [doubted(token, UNCERTAIN) for token in stood]
            else:
                done += self._repaired(stood, _words(heard, repair), repair, transcript)
            position = after
        return done + pieces[position:]

    def _changes_nothing(self, words: Sequence[Heard], repair: Repair) -> bool:
        """The same letters; or another form of the same word: with an ending more, or typed."""
        stood = _folded(" ".join(word.word for word in words))
        meant = _folded(" ".join(repair.words)).replace("-", " ")
        hyphened = all(word.gap == "-" for word in words[1:]) and stood.replace(" ", "") == meant
        if stood == meant or hyphened:
            return True
        if len(words) == 1 and repair.entry.kind == "term" and stood.startswith(meant):
            return only_endings_differ(stood, meant)
        typed = words[0].confidence is None
        return typed and only_endings_differ(stood.replace(" ", ""), meant.replace(" ", ""))

    def _repaired(
        self, stood: list[Token], words: Sequence[Heard], repair: Repair, transcript: Transcript
    ) -> Iterator[Token]:
        """The tokens that come for those that stood there."""
        doubts = merged(stood, *([RESPELLED] if self._must_show(words, repair) else []))
        paired = len(words) == len(repair.words) and all(map(self._alike, words, repair.words))
        for number, meant in enumerate(repair.words):
            begins, ends = (words[number], words[number]) if paired else (words[0], words[-1])
            was = transcript.text[begins.start : ends.end]
            same = paired and _stays(words[number], was, meant, repair.listed)
            opens = number == 0 and words[0].gap in (".", "|") and was[0].isupper()
            final = number == len(repair.words) - 1
            yield Token(
                was if same else meant[0].upper() + meant[1:] if opens else meant,
                begins.start,
                ends.end,
                space=stood[-1].space if final else True,
                pause=stood[-1].pause if final else False,
                heard=None if same else was,
                doubts=merged(stood) if same else doubts,
            )

    def _alike(self, word: Heard, meant: str) -> bool:
        one, other = self._phonetics.sound([word.word]), self._phonetics.sound([meant])
        limit = _ALIKE * max(len(one), len(other))
        return self._phonetics.distance(one, other, limit) <= limit

    def _must_show(self, words: Sequence[Heard], repair: Repair) -> bool:
        if repair.entry.kind == "numeral" or any(word.word in self._numbers for word in words):
            return True
        if self._turns_round(words, repair):
            return True
        length = len(repair.stretch.sound)
        if repair.entry.kind == "drug":
            whole = len(words) == 1 or (length >= _CUT_DRUG_LENGTH and not any(word.gap for word in words[1:]))
            by_ear = whole and length >= _DRUG_LENGTH and repair.stretch.leading is None
            no_words = any(not word.known for word in words)
            alone = repair.margin >= _DRUG_MARGIN and not repair.hidden
            return not (by_ear and no_words and repair.distance <= _DRUG_SAME and alone)
        if length <= _SHORT:
            return repair.distance > _SHORT_SAME or repair.margin < _SHORT_MARGIN
        if repair.margin < _MARGIN:
            return True
        if repair.distance <= _SAME:
            return False
        return repair.entry.kind == "unit" or length < _LONG or repair.distance > _SHARE * length

    def _turns_round(self, words: Sequence[Heard], repair: Repair) -> bool:
        """Whether a negation or a side goes, or comes where it was not to be heard."""
        stood = [word.word for word in words if self._is_guarded(word.word)]
        meant = [word for word in repair.words if self._is_guarded(word)]
        if stood != meant and (stood or repair.distance > _SAME):
            return True
        # "Мне правильный" for "неправильный": the word itself, and before it what was not.
        plain = {word.word for word in words}
        return any(word.removeprefix(lead) in plain - {word} for word in repair.words for lead in self._negations)

    def _is_guarded(self, word: str) -> bool:
        return _folded(word).startswith(self._guarded_beginnings) or _folded(word) in self._guarded


def _stays(word: Heard, was: str, meant: str, listed: bool) -> bool:
    """The same word; or a good one in another form than the phrase has, which is nearly always as it was said."""
    if _folded(was) == _folded(meant):
        return True
    return word.known and not listed and only_endings_differ(_folded(was), _folded(meant))


def _folded(text: str) -> str:
    return text.lower().replace("ё", "е")


def _close_call(repair: Repair) -> bool:
    rival = repair.rival
    return repair.entry.kind == "drug" and rival is not None and rival.kind == "drug" and repair.margin < _CLOSE_CALL


def _words(heard: Sequence[Heard], repair: Repair) -> Sequence[Heard]:
    return heard[repair.stretch.start : repair.stretch.end]


def _cut(
    tokens: Sequence[Token], heard: Sequence[Heard], repairs: Sequence[Repair]
) -> tuple[list[Token], dict[int, int]]:
    """The tokens, hyphenated ones that a repair begins or ends in cut into their words; and where each word is."""
    inside = {heard[r.stretch.start].token for r in repairs} | {heard[r.stretch.end - 1].token for r in repairs}
    parts: dict[int, list[int]] = {}
    for position, found in enumerate(heard):
        parts.setdefault(found.token, []).append(position)
    pieces: list[Token] = []
    place: dict[int, int] = {}
    for number, token in enumerate(tokens):
        words = parts.get(number, [])
        if len(words) < 2 or number not in inside:
            place.update(dict.fromkeys(words, len(pieces)))
            pieces.append(token)
            continue
        for word in words:
            start, end = heard[word].start, heard[word].end
            text = token.text[start - token.start : end - token.start]
            last = word == words[-1]
            place[word] = len(pieces)
            pieces.append(
                replace(
                    token, text=text, start=start, end=end, space=token.space or not last, pause=token.pause and last
                )
            )
    return pieces, place
