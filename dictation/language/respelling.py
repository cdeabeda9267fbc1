"""Respelling: clinical words that the recogniser misheard, repaired by sound across word boundaries.

`Respeller(language)(tokens, transcript)` runs after the commands and before the numerals. It takes tokens as the
recogniser printed them, words and marks each a token of its own ("на", "лоприл", ","), and returns the tokens in
order with stretches of one to four words replaced by what was most likely said. A respelled token

- has the words in `text` (one token a word, in the case form that was heard), `heard` = what stood there for the
  whole stretch, and `start`, `end` over all characters of the stretch (tokens of one repaired phrase share them,
  unless each of its words was heard as one);
- has "respelled" in `doubts` where the doctor must look: drugs, numerals, negations and sides always, other words
  where the repair is not near-certain;
- keeps `space` and `pause` of the last token that it replaced.

Two drugs that are both near what was heard are not chosen between: the words stay, with the doubt "uncertain".
Confidences come from the words of the transcript behind a token's characters; without them (typed text) only
words that are no Russian words may change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from dictation.grammar.confusions import Confusion, confusions
from dictation.grammar.numerals import numerals
from dictation.grammar.orthography import orthography
from dictation.grammar.quantities import quantities
from dictation.grammar.terms import terms
from dictation.language.hearing import Heard, hear
from dictation.language.inflection import inflection
from dictation.language.lexicon import Entry, lexicon
from dictation.language.phonetics import phonetics
from dictation.language.repairs import (
    Leading,
    Outlook,
    Repair,
    Repairs,
    Stretch,
    known_reach,
    only_endings_differ,
    price_of_all,
    reach,
)
from dictation.language.replacement import Replacement
from dictation.language.substances import Substances
from dictation.language.vocabulary import MAX_WORDS
from dictation.language.written import Token
from dictation.speech.transcript import Transcript

# A word that is one may give way to another that sounds the same.
_HOMOPHONE = 0.15
# A dose stands among so many words after the name.
_DOSE_WITHIN, _CUE_WITHIN = 5, 4
# What a listed confusion gains a word: more than most repairs of its parts.
_LISTED = 3.0
# Shorter sounds agree by chance: heard, and typed.
_MIN_SOUNDS, _MIN_TYPED = 4, 7
# Of what is no word even these where they sound the same as a word.
_HOMOPHONES_FROM = 3
# What share of the sounds may differ where clinical words are to be a drug ("волосы клавир").
_TERMS_TO_DRUG = 0.05
# From so many sounds on two consonants may differ, below only one.
_TWO_CONSONANTS = 10
# A number that was heard like this is not taken for a part of a word.
_HEARD_WELL = 0.35
# A good word of so many letters is not taken for a part of another.
_WHOLE = 5
# Speech of so many words, of which so small a share are clinical, is about something else. Of 30 words in a row of
# recognised dictations 13 % at least are clinical and 38 % in the middle; of literary sentences 6 % in the middle.
_ENOUGH, _CLINICAL_SHARE = 12, 0.13
_CLINICAL = frozenset({"term", "drug", "heading"})
_MARKS = frozenset({",", ".", "|"})
_AMOUNTS = frozenset({"numeral", "unit"})


class Respeller:
    """Repairs the words of one language; made once, used for any number of transcripts."""

    def __init__(self, language: str) -> None:
        vocabulary = terms(language)
        self._lexicon = lexicon(language)
        self._phonetics = phonetics(language)
        self._inflection = inflection(language)
        substances = Substances(language, self._lexicon, self._phonetics)
        self._repairs = Repairs(self._phonetics, self._lexicon, vocabulary, substances)
        self._numbers = frozenset(
            entry.words[0] for entry in self._lexicon.entries() if entry.kind == "numeral" and len(entry.words) == 1
        )
        self._replace = Replacement(self._phonetics, vocabulary, self._numbers)
        self._leading = [
            Leading(word, self._phonetics.sound([word]), oblique, negation=word in vocabulary.guarded)
            for words, oblique in ((vocabulary.leading, False), (vocabulary.leading_oblique, True))
            for word in words
        ]
        self._half = numerals(language).half_prefix
        rules = quantities(language)
        doses = (*vocabulary.doses, *rules.shared, *(said for unit in rules.units if unit.dose for said in unit.said))
        self._units = frozenset(self._phonetics.sound([said]) for said in doses)
        self._before_drugs = frozenset(self._phonetics.sound([word]) for word in vocabulary.before_drugs)
        marks = orthography(language)
        units = (word for unit in rules.units for said in unit.said for word in said.split())
        self._abbreviations = frozenset(map(str.lower, (*marks.capitals, *marks.dotted, *units)))
        self._frame = frozenset(vocabulary.frame)
        self._listed: dict[str, list[Confusion]] = {}
        for confusion in confusions(language):
            for wording in confusion.heard:
                self._listed.setdefault(self._phonetics.sound(wording.split()), []).append(confusion)

    def __call__(self, tokens: Sequence[Token], transcript: Transcript) -> list[Token]:
        heard = hear(tokens, transcript, self._known, self._inflection.is_service, self._inflection.is_name)
        if self._is_about_something_else(heard):
            return self._replace(tokens, heard, [], transcript)
        outlook = self._outlook(heard)
        spans = list(self._sounding(heard))
        repairs = list(self._from_list(heard, spans))
        repairs += self._repairs.readings(heard, list(self._stretches(heard, spans)), outlook)
        chosen = _together([r for r in repairs if r.gain > 0 and self._sensible(heard, r)], len(heard))
        return self._replace(tokens, heard, chosen, transcript)

    def _is_about_something_else(self, heard: Sequence[Heard]) -> bool:
        """Whether this is general speech, in which rare words are no mishearings of clinical ones. Typed text is left
        alone by other rules."""
        if len(heard) < _ENOUGH or any(word.confidence is None for word in heard):
            return False
        clinical = sum(not _CLINICAL.isdisjoint(self._lexicon.kinds(word.word)) for word in heard)
        return clinical < _CLINICAL_SHARE * len(heard)

    def _sensible(self, heard: Sequence[Heard], repair: Repair) -> bool:
        """A good word never becomes a number, a unit or a drug; typed words never turn into what may be their
        opposite; nothing is only left out; what sounds most like a command is left to be one."""
        words = heard[repair.stretch.start : repair.stretch.end]
        kind = repair.entry.kind
        if repair.listed:
            return True
        if kind == "command" or set(repair.words) < {word.word for word in words}:
            return False
        if self._swallows(heard, repair) or self._overreaches(words, repair) or self._negates(words, repair):
            return False
        if kind != "drug" and all(w.known for w in words) and any(w.word in self._numbers for w in words):
            return False
        joined = len(words) > 1 and len(repair.words) == 1 and not _spelled(words, repair.words[0])
        if joined and any(self._is_form(w, repair.words[0]) for w in words):
            return False
        if all(word.known for word in words) and not self._believable(words, repair):
            return False
        if kind in _AMOUNTS:
            if kind == "numeral" and repair.stretch.leading and repair.distance > _HOMOPHONE:
                return False
            return not any(w.known and not w.service and w.word not in "".join(repair.words) for w in words)
        if len(words) == 1 and words[0].known:
            same = repair.entry.fixed and repair.distance <= _HOMOPHONE
            return same and kind != "drug" and not self._lexicon.holds(words[0].word)
        typed = words[0].confidence is None
        return not (typed and self._repairs.turns(repair.stretch.sound, repair.entry.sound))

    def _swallows(self, heard: Sequence[Heard], repair: Repair) -> bool:
        """Whether what stands around every number would go: a word of the frame ("в минуту"), or before a dose the
        number itself."""
        words = heard[repair.stretch.start : repair.stretch.end]
        if any(word.word in self._frame and word.word not in repair.words for word in words):
            return True
        if len(words) > 1 and repair.entry.kind not in {"drug", *_AMOUNTS}:
            number = (w for w in words if w.word in self._numbers and w.word not in repair.words)
            if any(w.confidence is None or w.confidence >= _HEARD_WELL for w in number):
                return True
        after = heard[repair.stretch.end : repair.stretch.end + 1]
        counts = any(word.word in self._numbers or self._sound([word]) in self._units for word in after)
        return repair.entry.kind == "drug" and counts and len(words) > 1 and words[-1].word in self._numbers

    def _negates(self, words: Sequence[Heard], repair: Repair) -> bool:
        """Whether nothing but a negation would grow onto a word."""
        return any(
            meant == leading.word + word.word
            for leading in self._leading
            if leading.negation
            for word, meant in zip(words, repair.words, strict=False)
        )

    def _overreaches(self, words: Sequence[Heard], repair: Repair) -> bool:
        """Whether a good word would only grow: into a longer one that is not otherwise heard ("хр цистит" is no
        "холецистит"), by a small word that stands beside it, or by the next good word, past a mark."""
        if len(words) == 1 or len(repair.words) > 1:
            return False
        meant = repair.words[0]
        if any(w.gap in _MARKS for w in words[1:]) and all(w.known and self._lexicon.holds(w.word) for w in words):
            return True
        spelled = {"".join(form.words).replace("-", "") for form in self._lexicon.forms(repair.entry)}
        for edge, others in ((words[-1], words[:-1]), (words[0], words[1:])):
            if (edge.service or len(edge.word) == 1) and "".join(word.word for word in others) in spelled:
                return True
        for edge, others, rest in (
            (words[-1], words[:-1], meant.removesuffix(words[-1].word)),
            (words[0], words[1:], meant.removeprefix(words[0].word)),
        ):
            if edge.known and not edge.service and len(edge.word) >= _WHOLE and rest != meant:
                sound = self._sound(others)
                limit = known_reach(len(sound))
                return self._phonetics.distance(sound, self._phonetics.sound([rest]), limit) > limit
        return False

    def _believable(self, words: Sequence[Heard], repair: Repair) -> bool:
        """Whether words that are all good may be another: a preposition and its noun stay, and so does every word
        that could well be meant where a drug would come; what both have in common does not count as likeness."""
        clinical = any(self._lexicon.holds(word.word) for word in words if not word.service)
        if repair.entry.kind == "drug" and clinical:
            length = len(repair.stretch.sound)
            return len(words) > 1 and length >= _TWO_CONSONANTS and repair.distance <= _TERMS_TO_DRUG * length
        if len(words) == 2 and len(repair.words) == 1:
            first, last = words
            if self._inflection.is_preposition(first.word) and self._inflection.is_object(last.word):
                return False
            if last.service and self._lexicon.holds(first.word):
                return False
        shared = {word.word for word in words} & set(repair.words)
        differing = self._sound([word for word in words if word.word not in shared])
        return not shared or repair.distance <= known_reach(len(differing))

    def _outlook(self, heard: Sequence[Heard]) -> list[Outlook]:
        """Of each word, whether a drug is to be expected there."""
        sounds = self._phonetics.sounds([[word.word] for word in heard])
        units = [sound in self._units for sound in sounds]
        cues = [sound in self._before_drugs for sound in sounds]
        return [
            Outlook(
                dosed=any(units[place + 1 : place + 1 + _DOSE_WITHIN]),
                expected=any(cues[max(0, place - _CUE_WITHIN) : place]),
            )
            for place in range(len(heard))
        ]

    def _is_form(self, word: Heard, meant: str) -> bool:
        """A good word of which the reading is but another form: what stands beside it became its ending."""
        if not word.known or word.service:
            return False
        long = len(word.word) > _MIN_SOUNDS and only_endings_differ(word.word, meant)
        return long or self._inflection.same_word(word.word, meant)

    def _known(self, word: str) -> bool:
        half = word.startswith(self._half) and self._inflection.known(word.removeprefix(self._half))
        return half or word in self._abbreviations or self._inflection.known(word) or self._lexicon.holds(word)

    def _sound(self, words: Sequence[Heard]) -> str:
        return self._phonetics.sound(word.word for word in words)

    def _sounding(self, heard: Sequence[Heard]) -> Iterator[tuple[int, int, str]]:
        """Neighbouring words with their sound. A word at the end that adds nothing to the sound is left out: to
        swallow it would explain nothing."""
        places = list(_spans(heard))
        said = self._phonetics.sounds([[word.word for word in heard[start:end]] for start, end in places])
        sounds = dict(zip(places, said, strict=True))
        for (start, end), sound in sounds.items():
            if sound not in (sounds.get((start + 1, end)), sounds.get((start, end - 1))):
                yield start, end, sound

    def _stretches(self, heard: Sequence[Heard], spans: Sequence[tuple[int, int, str]]) -> Iterator[Stretch]:
        """The stretches that a repair could gain by."""
        for start, end, sound in spans:
            words = heard[start:end]
            worth = price_of_all(words)
            if worth > 0 and _may_change(words):
                yield from self._searched(words, Stretch(start, end, sound, worth, reach(words, len(sound), worth)))

    def _searched(self, words: Sequence[Heard], whole: Stretch) -> Iterator[Stretch]:
        """The stretch, and what is left of it after a small word that may have been run together with the next."""
        shortest = _MIN_TYPED if words[0].confidence is None else _MIN_SOUNDS
        known = all(word.known for word in words)
        if len(words) == 1 and not known and words[0].confidence is not None and len(whole.sound) == _HOMOPHONES_FROM:
            yield replace(whole, reach=min(whole.reach, _HOMOPHONE / 2))
        if len(whole.sound) < shortest or whole.reach < 0:
            return
        slack = 0 if known else 1 if len(whole.sound) < _TWO_CONSONANTS else 2
        yield replace(whole, slack=slack)
        if known or len(words) >= MAX_WORDS:
            return
        spelled = "".join(word.word for word in words)
        for leading in self._leading:
            rest = whole.sound[len(leading.sound) :]
            separate = (
                spelled.startswith(leading.word)
                and whole.sound.startswith(leading.sound)
                and words[0].word != leading.word
            )
            if separate and len(rest) >= shortest:
                yield replace(whole, sound=rest, reach=whole.reach / 2, slack=slack, leading=leading)

    def _from_list(self, heard: Sequence[Heard], spans: Sequence[tuple[int, int, str]]) -> Iterator[Repair]:
        """Typical confusions of the recogniser, from the rules."""
        for start, end, sound in spans:
            for confusion in self._listed.get(sound, ()):
                following = " ".join(word.word for word in heard[end : end + 2])
                if confusion.before and not following.startswith(confusion.before):
                    continue
                if confusion.alone and not _alone(heard, start, end):
                    continue
                meant = tuple(confusion.meant.split())
                entry = Entry(meant, self._phonetics.sound(meant), "heading", fixed=True)
                stretch = Stretch(start, end, sound)
                gain = _LISTED * (end - start)
                yield Repair(stretch, meant, entry, 0.0, gain, float("inf"), None, listed=True)


def _spans(heard: Sequence[Heard]) -> Iterator[tuple[int, int]]:
    """Neighbouring words, up to the most that one term can be heard as."""
    for start in range(len(heard)):
        for end in range(start + 1, min(start + MAX_WORDS, len(heard)) + 1):
            if end - start > 1 and heard[end - 1].gap == "|":
                break
            yield start, end


def _spelled(words: Sequence[Heard], meant: str) -> bool:
    """Letter for letter the word, but for the gaps within it."""
    return "".join(word.word for word in words) == meant.replace("-", "")


def _alone(heard: Sequence[Heard], start: int, end: int) -> bool:
    """Marks on both sides, put there by a recogniser."""
    after = heard[end].gap if end < len(heard) else "."
    return heard[start].confidence is not None and heard[start].gap in _MARKS and after in _MARKS


def _may_change(words: Sequence[Heard]) -> bool:
    """Without confidences a stretch may change only where it has words that are none, besides them only small ones,
    and no marks between."""
    if all(word.confidence is not None for word in words):
        return True
    return (
        any(not word.known for word in words)
        and all(not word.known or word.service for word in words)
        and all(word.gap in ("", "-") for word in words[1:])
    )


def _together(repairs: Sequence[Repair], length: int) -> list[Repair]:
    """The repairs that together gain most without touching each other, in order."""
    ending: dict[int, list[Repair]] = {}
    for repair in repairs:
        ending.setdefault(repair.stretch.end, []).append(repair)
    best: list[tuple[float, tuple[Repair, ...]]] = [(0.0, ())]
    for end in range(1, length + 1):
        choice = best[end - 1]
        for repair in ending.get(end, ()):
            gained, before = best[repair.stretch.start]
            if gained + repair.gain > choice[0]:
                choice = (gained + repair.gain, (*before, repair))
        best.append(choice)
    return list(best[-1][1])
