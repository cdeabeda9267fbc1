""" "Исправь X на Y": where X stands in the text, and how much of what follows is Y."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dictation.language.comparable import Replacement, kin
from dictation.language.dictionary import dictionary
from dictation.language.phrases import is_word, plain
from dictation.language.targets import Targets
from dictation.language.written import Token

# A number stands so near after the word that names it ("вес сегодня утром восемьдесят").
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A stretch of words with a number in it: the words before it, the end of the number, and of the pressure
    where it is the upper of one (else 0)."""

    lead: int
    end: int
    pair: int


class Named:
    """Replaces what the doctor names."""

    def __init__(
        self, language: str, targets: Targets, over: Sequence[str], counts: Callable[[Sequence[Token], int], bool]
    ) -> None:
        self._language = language
        self._targets = targets
        self._over = frozenset(over)
        self._counts = counts

    def find(self, before: Sequence[Token], old: Sequence[Token], new: Sequence[Token]) -> Replacement | None:
        """What of `before` the named words `old` point at, and how many words of `new` replace it; None where that
        is not certain. `new` ends at the next mark or pause."""
        at = self._targets.find(before, old)
        if at is None or not new:
            return None
        shape, said = self._shape(old), self._shape(new)
        if shape:
            return self._number(before, at, old, shape, new, said)
        if said and not said.lead:
            return self._labelled(before, at + len(old), new, said)
        if said and said.lead == len(old) and all(map(_same, old, new)):
            return self._labelled(before, at + len(old), new[said.lead :], self._shape(new[said.lead :]), said.lead)
        return Replacement(at, at + len(old), min(len(new), len(old)), flow=False)

    def is_measured(self, tokens: Sequence[Token], at: int) -> bool:
        """A noun or unit that goes with a number stands at `at`."""
        return self._counts(tokens, at) or self._targets.is_unit(tokens, at)

    def agreeing(self, text: Token, old: Token, new: Token) -> Token:
        """The new word in the case in which the old one stands in the text, where it was named in another."""
        if plain(text.text) == plain(old.text):
            return new
        parser = dictionary(self._language)
        lemmas = {parse.normal_form for parse in parser.parse(plain(old.text))}
        models = [parse for parse in parser.parse(plain(text.text)) if parse.normal_form in lemmas]
        for parse in parser.parse(plain(new.text)):
            inflected = next(filter(None, (_inflected(parse, model.tag) for model in models)), None)
            if inflected:
                return new.with_text(inflected)
        return new

    def _shape(self, words: Sequence[Token]) -> Shape | None:
        for lead in range(min(len(words), _NEAR)):
            end = self._targets.number(words, lead)
            if end is None:
                continue
            over = end + 1 < len(words) and plain(words[end].text) in self._over
            return Shape(lead, end, (self._targets.number(words, end + 1) or 0) if over else 0)
        return None

    def _number(
        self,
        before: Sequence[Token],
        at: int,
        old: Sequence[Token],
        shape: Shape,
        new: Sequence[Token],
        said: Shape | None,
    ) -> Replacement | None:
        """A number for a number; words before it may be repeated or not, the unit after it too."""
        if said is None or said.lead not in (0, shape.lead):
            return None
        start, end = at + shape.lead, at + (shape.pair or shape.end)
        if said.lead and not all(map(_same, old[: said.lead], new)):
            return None
        if said.lead:
            start = at
        if said.pair and not shape.pair:
            lower = self._pair_after(before, end)
            if not lower:
                return None
            end = lower
        elif shape.pair and not said.pair:
            return None
        taken = said.pair or said.end
        unit = end < len(before) and taken < len(new) and kin(before[end].text, new[taken].text)
        other = end < len(before) and self._counts(before, end) and taken < len(new) and self._counts(new, taken)
        return Replacement(start, end + (unit or other), taken + (unit or other), flow=False)

    def _labelled(
        self, before: Sequence[Token], at: int, new: Sequence[Token], said: Shape | None, skip: int = 0
    ) -> Replacement | None:
        """ "Исправь вес на шестьдесят": the number that stands after the word."""
        if said is None:
            return None
        rest = before[at : at + 4 * _NEAR]
        shape = self._shape(rest)
        if shape is None or not all(is_word(token) for token in rest[: shape.end]):
            return None
        if bool(shape.pair) != bool(said.pair):
            return None
        start, end, taken = at + shape.lead, at + (shape.pair or shape.end), said.pair or said.end
        unit = end < len(before) and taken < len(new) and kin(before[end].text, new[taken].text)
        if skip:
            start -= shape.lead + skip
        return Replacement(start, end + unit, taken + unit + skip, flow=False)

    def _pair_after(self, before: Sequence[Token], end: int) -> int:
        if end < len(before) and plain(before[end].text) in self._over:
            return self._targets.number(before, end + 1) or 0
        return 0


def _same(one: Token, other: Token) -> bool:
    return plain(one.text) == plain(other.text)


def _inflected(parse: Any, tag: Any) -> str | None:
    """A reading of the new word in the case and number of the old, if it is of the same part of speech."""
    if parse.tag.POS != tag.POS or not tag.case:
        return None
    wanted = {tag.case, tag.number}
    if parse.tag.POS != "NOUN" and tag.number == "sing":
        wanted |= {tag.gender, tag.animacy}
    form = parse.inflect({grammeme for grammeme in wanted if grammeme})
    return str(form.word) if form else None
