"""Respelling: clinical words that the recogniser misheard, repaired by sound across word boundaries.

`Respeller(language)(tokens, transcript)` runs after the commands and before the numerals. It takes tokens as the
recogniser printed them, words and marks each a token of its own ("на", "лоприл", ","), and returns the tokens in
order with stretches of one to four words replaced by what was most likely said. A respelled token

- has the words in `text` (one token a word, in the case form that was heard), `heard` = what stood there for the
  whole stretch, and `start`, `end` over all characters of the stretch (tokens of one repaired phrase share them,
  unless each of its words was heard as one);
- has "respelled" in `doubts` where the doctor must look: drugs, numerals, units, negations and sides always, other
  words where the repair is not near-certain;
- keeps `space` and `pause` of the last token that it replaced.

Two drugs that are both near what was heard are not chosen between: the words stay, with the doubt "uncertain".
Confidences come from the words of the transcript behind a token's characters; without them (typed text) only
words that are no Russian words may change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dictation.grammar.confusions import Confusion, confusions
from dictation.grammar.terms import terms
from dictation.language.hearing import Heard, hear
from dictation.language.inflection import inflection
from dictation.language.lexicon import MAX_WORDS, lexicon
from dictation.language.phonetics import phonetics
from dictation.language.repairs import MIN_SOUNDS, Repair, Repairs, Stretch, price, reach
from dictation.language.written import Token
from dictation.speech.transcript import Transcript

RESPELLED, UNCERTAIN = "respelled", "uncertain"
# A stretch worth less than this is left alone: no repair is cheaper.
_MIN_WORTH = 0.5
# As good as the same sound; near-certain is that, or this share of the stretch's sounds with no rival near.
_SAME = 0.15
_CERTAIN_SHARE, _CERTAIN_MARGIN = 0.07, 1.0
# Drugs nearer to each other than this are not chosen between.
_CLOSE_CALL = 0.6
# A dose stands among so many words after the name.
_DOSE_WITHIN = 4
_SHOWN = frozenset({"drug", "numeral", "unit"})


class Respeller:
    """Repairs the words of one language; made once, used for any number of transcripts."""

    def __init__(self, language: str) -> None:
        vocabulary = terms(language)
        self._phonetics = phonetics(language)
        self._inflection = inflection(language)
        self._repairs = Repairs(self._phonetics, lexicon(language), vocabulary)
        self._leading = [(word, self._phonetics.sound([word])) for word in vocabulary.leading]
        self._guarded = frozenset(vocabulary.guarded)
        self._amounts = frozenset(self._phonetics.sound([w]) for w in (*vocabulary.numerals, *vocabulary.units))
        self._confused: dict[str, list[Confusion]] = {}
        for confusion in confusions(language):
            for wording in confusion.heard:
                self._confused.setdefault(self._phonetics.sound(wording.split()), []).append(confusion)

    def __call__(self, tokens: list[Token], transcript: Transcript) -> list[Token]:
        heard = hear(tokens, transcript, self._inflection)
        stretches = list(self._stretches(heard))
        repairs = self._repairs.readings(heard, stretches, self._dosed(heard))
        chosen = self._choose(heard, [r for r in repairs if self._allowed(heard, r)])
        return self._write(tokens, heard, chosen, transcript)

    def _stretches(self, heard: Sequence[Heard]) -> Iterator[Stretch]:
        """The stretches that a repair could gain by."""
        prices = [price(word) for word in heard]
        for start in range(len(heard)):
            for end in range(start + 1, min(start + MAX_WORDS, len(heard)) + 1):
                words = heard[start:end]
                if end - start > 1 and words[-1].gap == "|":
                    break
                worth = sum(prices[start:end])
                if worth < _MIN_WORTH or not _may_change(words):
                    continue
                yield from self._searched(words, start, end, worth)

    def _searched(self, words: Sequence[Heard], start: int, end: int, worth: float) -> Iterator[Stretch]:
        sound = self._phonetics.sound(word.word for word in words)
        if len(sound) < MIN_SOUNDS:
            return
        slack = _slack(words, sound)
        yield Stretch(start, end, sound, worth, reach(words, len(sound)), slack)
        if end - start > 2 or all(word.known for word in words):
            return
        for leading, begins in self._leading:
            rest = sound[len(begins) :]
            if sound.startswith(begins) and len(rest) >= MIN_SOUNDS and words[0].word != leading:
                yield Stretch(start, end, rest, worth, reach(words, len(rest)) / 2, slack, leading)

    def _dosed(self, heard: Sequence[Heard]) -> list[bool]:
        """Whether an amount follows each word."""
        amounts = [self._phonetics.sound([word.word]) in self._amounts for word in heard]
        return [any(amounts[place + 1 : place + 1 + _DOSE_WITHIN]) for place in range(len(heard))]

    def _allowed(self, heard: Sequence[Heard], repair: Repair) -> bool:
        words = heard[repair.stretch.start : repair.stretch.end]
        if repair.gain <= 0:
            return False
        if repair.entry.kind in {"numeral", "unit"} and any(word.known and not word.service for word in words):
            return False
        return True

    def _choose(self, heard: Sequence[Heard], repairs: Sequence[Repair]) -> list[Repair]:
        """The repairs that together gain most without touching each other."""
        best: list[tuple[float, tuple[Repair, ...]]] = [(0.0, ())]
        ending: dict[int, list[Repair]] = {}
        for repair in repairs:
            ending.setdefault(repair.stretch.end, []).append(repair)
        for end in range(1, len(heard) + 1):
            choice = best[end - 1]
            for repair in ending.get(end, ()):
                before = best[repair.stretch.start]
                if before[0] + repair.gain > choice[0]:
                    choice = (before[0] + repair.gain, (*before[1], repair))
            best.append(choice)
        return list(best[-1][1])

    def _write(
        self, tokens: list[Token], heard: Sequence[Heard], repairs: Sequence[Repair], transcript: Transcript
    ) -> list[Token]:
        written: list[Token] = []
        position = 0
        for repair in repairs:
            words = heard[repair.stretch.start : repair.stretch.end]
            if "".join(repair.words).replace("-", "") == "".join(w.word for w in words):
                continue
            first, last = words[0].token, words[-1].token
            written += tokens[position:first]
            written += self._repaired(tokens, words, repair, transcript)
            position = last + 1
        return written + tokens[position:]

    def _repaired(
        self, tokens: list[Token], words: Sequence[Heard], repair: Repair, transcript: Transcript
    ) -> Iterator[Token]:
        start, end = words[0].start, words[-1].end
        stood = transcript.text[start:end]
        last = tokens[words[-1].token]
        doubts = tuple(dict.fromkeys(d for w in words for d in tokens[w.token].doubts))
        if self._must_show(words, repair):
            doubts = tuple(dict.fromkeys((*doubts, RESPELLED)))
        for number, text in enumerate(repair.words):
            ends = number == len(repair.words) - 1
            spelled = text[0].upper() + text[1:] if number == 0 and stood[0].isupper() else text
            yield Token(
                spelled, start, end, space=last.space if ends else True, pause=last.pause if ends else False,
                heard=stood, doubts=doubts,
            )  # fmt: skip

    def _must_show(self, words: Sequence[Heard], repair: Repair) -> bool:
        if repair.entry.kind in _SHOWN:
            return True
        if repair.distance <= _SAME:
            return False
        guarded = [w.word for w in words if w.word in self._guarded]
        if guarded != [w for w in repair.words if w in self._guarded]:
            return True
        return repair.distance > _CERTAIN_SHARE * len(repair.stretch.sound) or repair.margin < _CERTAIN_MARGIN


def _may_change(words: Sequence[Heard]) -> bool:
    """Without confidences a stretch may change only where it has words that are none, and else only small ones."""
    if any(word.confidence is None for word in words):
        return any(not word.known for word in words) and all(
            not word.known or word.service or len(word.word) <= 2 for word in words
        )
    return True


def _slack(words: Sequence[Heard], sound: str) -> int:
    """How many consonants may differ: more in longer stretches and where something is no word."""
    if all(word.known for word in words):
        return 1
    return 1 if len(sound) < 10 else 2
