"""What a correction replaces: the stretch before it that is of the same kind as what follows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dictation.grammar.corrections import CorrectionRules
from dictation.language.dictionary import dictionary
from dictation.language.doubts import AMBIGUOUS_NUMBER
from dictation.language.moments import Moments
from dictation.language.numerals import ORDINAL, Item, Number
from dictation.language.phrases import Phrases, is_word, plain
from dictation.language.written import Token

# How many words may stand between what is replaced and the correction ("пятьдесят миллиграмм утром, нет, сто").
TAIL = 3
# Without marks only so short a phrase gives way to one with the same preposition.
_NEAR_PHRASE = 3
# Where numbers are looked for around a correction.
_WINDOW = 40
# How far back the beginning of what is said anew may stand.
_REPEATED = 12
_SENTENCE_ENDS = (".", "?", "!", "\n", "\n\n")


@dataclass(frozen=True, slots=True)
class Replacement:
    """`before[start:end]` gives way to `after[:taken]`; where `flow`, all of `before[start:]` goes and the text goes
    on with `after`. `doubt` is a reason code that asks for a look."""

    start: int
    end: int
    taken: int
    flow: bool
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Amount:
    """A number in a row of tokens; `upper` where it is the lower of a pressure."""

    start: int
    end: int
    number: Number
    upper: Number | None = None


class Comparable:
    """Finds what is comparable. `numbers` reads tokens to items, `counts` tells nouns that go with numbers."""

    def __init__(
        self,
        rules: CorrectionRules,
        language: str,
        numbers: Callable[[Sequence[Token]], list[Item]],
        counts: Callable[[Sequence[Item], int], bool],
        over: Sequence[str],
        moments: Moments,
    ) -> None:
        self._numbers = numbers
        self._counts = counts
        self._over = frozenset(over)
        self._moments = moments
        self._groups = [tuple(plain(word) for word in group) for group in rules.contrasts]
        self._both_sides: Phrases[bool] = Phrases((phrase, True) for phrase in rules.both_sides)
        self._prepositions = frozenset(rules.prepositions)
        self._not = frozenset(rules.not_)
        self._language = language

    def find(
        self, before: Sequence[Token], after: Sequence[Token], *, sure: bool, marked: bool
    ) -> Replacement | None:
        """What of `before` the beginning of `after` replaces; None where nothing is comparable.

        `sure` says that the cue means nothing but a correction, `marked` that marks or pauses set it off: the less
        sure the cue, the more alike the two must be.
        """
        if not before or not after or not is_word(after[0]):
            return None
        preposition = plain(after[0].text) in self._prepositions and len(after) > 1
        amounts = self._amounts(after[:_WINDOW])
        first = amounts[0] if amounts and amounts[0].start == preposition else None
        found = self._number(before, after, first, preposition, sure=sure) if first else None
        if found or (first and not preposition):
            return found
        moment = self.moment(before, after) if marked or sure else None
        if moment or first:
            return moment
        repeated = self._repeated(before, after, sure=sure) if marked or sure else None
        if repeated:
            return repeated
        return (
            self._negated(before, after)
            or self._contrast(before, after, preposition, marked=marked or sure)
            or (self._alike(before, after, preposition, sure=sure) if marked else None)
            or (self._phrase(before, after, _NEAR_PHRASE) if sure and preposition else None)
        )

    def might_be(self, before: Sequence[Token], after: Sequence[Token]) -> bool:
        """A time ends the one and begins the other, or a number does, alone or of the same things; or a side gives
        way to both."""
        side = before and any(plain(before[-1].text) in group for group in self._groups)
        if side and after and self._both_sides.match(after, 0):
            return True
        if self._moments.end(after, 0) is not None:
            return self._moments.last(before) is not None
        amounts = self._amounts(after[:_WINDOW])
        new = next((amount for amount in amounts if amount.start <= 1), None)
        old = self._amounts(before[-_WINDOW:])
        if new is None or not old:
            return False
        tail = before[-_WINDOW:][old[-1].end :]
        if not tail:
            return True
        if new.end >= len(after):
            return False
        return 0 < len(tail) <= TAIL and kin(tail[0].text, after[new.end].text)

    def moment(self, before: Sequence[Token], after: Sequence[Token]) -> Replacement | None:
        """ "Завтра, нет, в пятницу": a time for a time."""
        start = self._moments.last(before)
        end = self._moments.end(after, 0)
        if start is None or end is None:
            return None
        # "Десятого июня, точнее, июля" keeps its day.
        kept = plain(before[start].text) in self._prepositions and plain(after[0].text) not in self._prepositions
        bare = end == 1 and kept and self._same_case(before[-1].text, after[0].text)
        return Replacement(start + bare, len(before), end, flow=True)

    def _same_case(self, one: str, other: str) -> bool:
        return (self._form(one) or ("",))[1:] == (self._form(other) or ("",))[1:]

    def _amounts(self, tokens: Sequence[Token]) -> list[_Amount]:
        found: list[_Amount] = []
        place = 0
        for item in self._numbers(tokens):
            size = len(item.tokens) if isinstance(item, Number) else 1
            if isinstance(item, Number):
                over = place and plain(tokens[place - 1].text) in self._over
                upper = found[-1].number if over and found and found[-1].end == place - 1 else None
                found.append(_Amount(place, place + size, item, upper))
            place += size
        return found

    def _number(
        self, before: Sequence[Token], after: Sequence[Token], new: _Amount, preposition: bool, *, sure: bool
    ) -> Replacement | None:
        offset = max(0, len(before) - _WINDOW)
        amounts = self._amounts(before[offset:])
        if not amounts:
            return None
        old = amounts[-1]
        start, end = old.start + offset, old.end + offset
        tail = before[end:]
        if len(tail) > TAIL or not all(is_word(token) for token in tail):
            return None
        if _is_ordinal(old.number) != _is_ordinal(new.number):
            return None
        new_end, doubt = new.end, False
        pair = self._pair_end(after, new)
        if old.upper is not None:
            if pair:
                start, new_end = amounts[-2].start + offset, pair
            elif abs(old.upper.value - new.number.value) < abs(old.number.value - new.number.value):
                return None
            else:
                doubt = not sure or old.number.value != new.number.value
                doubt = doubt and new.number.value > old.number.value
        elif pair and (tail or preposition):
            # "Сто двадцать, ой, сто тридцать на восемьдесят": the upper one was taken back before the lower was said.
            return None
        if preposition:
            if not start or plain(before[start - 1].text) != plain(after[0].text):
                return None
            start -= 1
        following = after[new_end : new_end + len(tail)]
        repeated = len(following) == len(tail) and all(
            kin(one.text, other.text) for one, other in zip(tail, following, strict=True)
        )
        exchanged = len(tail) == 1 and self._counts(tail, 0) and new_end < len(after) and self._counts(after, new_end)
        if repeated or exchanged or not tail:
            return Replacement(start, len(before), new_end, flow=True, doubt=AMBIGUOUS_NUMBER if doubt else "")
        if not sure and new_end < len(after) and is_word(after[new_end]):
            return None
        return Replacement(start, end, new_end, flow=False, doubt=AMBIGUOUS_NUMBER if doubt else "")

    def _pair_end(self, after: Sequence[Token], new: _Amount) -> int:
        amounts = self._amounts(after[:_WINDOW])
        if len(amounts) > 1 and amounts[1].upper is not None and amounts[1].start == new.end + 1:
            return amounts[1].end
        return 0

    def _repeated(self, before: Sequence[Token], after: Sequence[Token], *, sure: bool) -> Replacement | None:
        """ "Пульс семьдесят, нет, пульс восемьдесят": the new words begin as the old ones did."""
        word = plain(after[0].text)
        if word in self._prepositions or word in self._not:
            return None
        for back in range(2, min(_REPEATED, len(before)) + 1):
            start = len(before) - back
            if plain(before[start].text) != word:
                continue
            numbers = (self._starts_number(before[start + 1 :]), self._starts_number(after[1:]))
            if numbers == (True, True) or (sure and numbers == (False, False)):
                return Replacement(start, len(before), 1, flow=True)
            return None
        return None

    def _starts_number(self, tokens: Sequence[Token]) -> bool:
        amounts = self._amounts(tokens[:_REPEATED])
        return bool(amounts) and amounts[0].start == 0

    def _negated(self, before: Sequence[Token], after: Sequence[Token]) -> Replacement | None:
        """ "Увеличена, нет, не увеличена" and the other way round."""
        last = plain(before[-1].text)
        if plain(after[0].text) in self._not and len(after) > 1 and plain(after[1].text) == last:
            return Replacement(len(before) - 1, len(before), 2, flow=True)
        if plain(after[0].text) == last and len(before) > 1 and plain(before[-2].text) in self._not:
            return Replacement(len(before) - 2, len(before), 1, flow=True)
        return None

    def _contrast(
        self, before: Sequence[Token], after: Sequence[Token], preposition: bool, *, marked: bool
    ) -> Replacement | None:
        """Sides and their like: "левого, нет, правого глаза", "в левом ухе, нет, в правом ухе"."""
        word = plain(after[preposition].text) if preposition < len(after) else ""
        for group in self._groups:
            mine = next((b for b in group if word.startswith(b)), None)
            if mine is None:
                continue
            for back in range(1, min(TAIL + 1, len(before)) + 1):
                old = before[-back]
                if old.text in _SENTENCE_ENDS:
                    break
                other = next((b for b in group if plain(old.text).startswith(b)), None)
                if (
                    other is None
                    or other == mine
                    or not _same_ending(plain(old.text)[len(other) :], word[len(mine) :])
                ):
                    continue
                return self._placed(before, after, len(before) - back, preposition, marked=marked)
        return None

    def _alike(
        self, before: Sequence[Token], after: Sequence[Token], preposition: bool, *, sure: bool
    ) -> Replacement | None:
        """A word in the same form as the last before, or a phrase with the same preposition."""
        if preposition:
            return self._phrase(before, after, TAIL + 1)
        new = self._form(after[0].text)
        old = self._form(before[-1].text)
        if new and new == old and plain(before[-1].text) != plain(after[0].text) and (sure or new[0] == "ADJF"):
            return self._placed(before, after, len(before) - 1, preposition, marked=True)
        if not sure:
            return None
        for back in range(2, TAIL + 2):
            if back <= len(before) and is_word(before[-back]) and new and self._form(before[-back].text) == new:
                return self._placed(before, after, len(before) - back, preposition, marked=True)
        return None

    @staticmethod
    def _phrase(before: Sequence[Token], after: Sequence[Token], longest: int) -> Replacement | None:
        """A phrase that begins with the same preposition."""
        for back in range(2, min(longest, len(before)) + 1):
            if plain(before[-back].text) == plain(after[0].text):
                return Replacement(len(before) - back, len(before), _phrase_end(after), flow=True)
        return None

    def _placed(
        self, before: Sequence[Token], after: Sequence[Token], start: int, preposition: bool, *, marked: bool
    ) -> Replacement | None:
        tail = before[start + 1 :]
        if not all(is_word(token) for token in tail):
            return None
        if preposition:
            if not start or plain(before[start - 1].text) != plain(after[0].text):
                return None
            start -= 1
        taken = 1 + preposition
        following = after[taken : taken + len(tail)]
        if len(following) == len(tail) and all(kin(a.text, b.text) for a, b in zip(tail, following, strict=True)):
            return Replacement(start, len(before), taken, flow=True)
        ended = taken == len(after) or not is_word(after[taken]) or after[taken - 1].pause
        return Replacement(start, start + 1 + preposition, taken, flow=False) if marked and ended else None

    def is_adverbial(self, word: str) -> bool:
        """A word without case, or one of the groups that serves as one ("днём"): what it belongs to does not show."""
        if self._pos(word) == "ADVB":
            return True
        return not self.is_attribute(word) and any(plain(word) in group for group in self._groups)

    def is_attribute(self, word: str) -> bool:
        """A word whose form shows what it belongs to."""
        return self._pos(word) in ("ADJF", "PRTF")

    def is_predicate(self, word: str) -> bool:
        """A word that states something itself ("увеличена")."""
        return self._pos(word) in ("PRTS", "ADJS", "VERB")

    def _pos(self, word: str) -> str:
        return str(dictionary(self._language).parse(plain(word))[0].tag.POS)

    def _form(self, word: str) -> tuple[str, str | None, str | None] | None:
        """Part of speech, case and number of the likeliest reading of a word that can be corrected so."""
        tag = dictionary(self._language).parse(plain(word))[0].tag
        if tag.POS in ("ADJF", "PRTF"):
            return "ADJF", tag.case, tag.number
        return (str(tag.POS), tag.case, tag.number) if tag.POS in ("NOUN", "ADVB", "VERB", "ADJS", "PRTS") else None


def _is_ordinal(number: Number) -> bool:
    """Said as one; a day before its month is one that is written as a plain number."""
    return number.kind == ORDINAL or (number.printed and not number.tokens[-1].text[:1].isdecimal())


def _phrase_end(tokens: Sequence[Token]) -> int:
    end = 1
    while end < len(tokens) and is_word(tokens[end]) and not tokens[end - 1].pause and end < TAIL + 1:
        end += 1
    return end


def kin(one: str, other: str) -> bool:
    """Forms of one word, by their beginning."""
    a, b = plain(one), plain(other)
    common = 0
    while common < min(len(a), len(b)) and a[common] == b[common]:
        common += 1
    return a == b or common >= max(3, min(len(a), len(b)) - 2)


def _same_ending(one: str, other: str) -> bool:
    """Endings of one form: alike in their last letters ("ого" and "ого", "ой" and "ей")."""
    return one[-1:] == other[-1:]
