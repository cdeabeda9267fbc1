"""Numbers with what belongs to them: pressure, ranges, ordinals, units, and how each is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from dictation.grammar.numerals import NumeralRules
from dictation.grammar.quantities import QuantityRules
from dictation.language.context import Context
from dictation.language.doubts import AMBIGUOUS_NUMBER, doubted, merged
from dictation.language.numerals import CARDINAL, COLLECTIVE, ORDINAL, Item, Number
from dictation.language.phrases import is_word, plain
from dictation.language.written import Token

# Hours of a day, and the minutes that appointments are made for.
_LAST_HOUR = 23
_MINUTES = range(10, 60, 5)
_HALF = Decimal("0.5")
_NOISE = (",", ".", "-")
_VOWELS = frozenset("аеёиоуыэюя")


class Quantities:
    """Turns items into written tokens."""

    def __init__(self, numerals: NumeralRules, rules: QuantityRules, context: Context) -> None:
        self._rules = rules
        self._context = context
        self._over = frozenset(numerals.over)
        self._and = frozenset(numerals.and_)
        self._ones = frozenset(plain(form) for form in numerals.cardinals[1])
        self._openers = frozenset(plain(word) for word in rules.range_openers)
        self._clock_openers = frozenset(map(plain, rules.clock_openers))
        self._first_few = frozenset(plain(word) for word in rules.first_few)
        self._one_not_before = frozenset(plain(word) for word in rules.one_not_before)
        self._one_not_after = frozenset(plain(word) for word in rules.one_not_after)

    def __call__(self, items: list[Item]) -> list[Token]:
        items = self._neighbours(items)
        written: list[Token] = []
        place = 0
        while place < len(items):
            item = items[place]
            if isinstance(item, Token):
                if not self._is_stray_hyphen(items, place):
                    written.append(item)
                elif written:
                    written[-1] = replace(written[-1], space=True)
                place += 1
                continue
            items[place] = item = self._half_pressure(items, place, item)
            pair = self._pressure(items, place) or self._range(items, place) or self._clock(items, place)
            if pair:
                tokens, last = pair
            else:
                tokens, last = self._single(items, place), place
            place = last + 1
            if tokens[-1].value is not None or pair:
                tokens, place = self._with_unit(items, tokens, item, place)
            written.extend(tokens)
        return written

    @staticmethod
    def _is_stray_hyphen(items: list[Item], place: int) -> bool:
        """A hyphen that a recogniser put between a word and a number in words ("риск-три")."""
        item = items[place]
        if not isinstance(item, Token) or item.text != "-" or not 0 < place < len(items) - 1:
            return False
        before, after = items[place - 1], items[place + 1]
        numbers = [side for side in (before, after) if isinstance(side, Number)]
        joined = isinstance(before, Number) or not before.space
        return len(numbers) == 1 and joined and not numbers[0].printed

    def _neighbours(self, items: list[Item]) -> list[Item]:
        """Two numbers with nothing, or only a mark of the recogniser, between them are a doubt where they might have
        been one, unless they are a range or each has its own noun."""
        done = list(items)
        for place, one in enumerate(items):
            if not isinstance(one, Number) or one.kind != CARDINAL or not one.whole:
                continue
            joint = items[place + 1] if place + 1 < len(items) else None
            marked = isinstance(joint, Token) and joint.text in _NOISE and joint.end - joint.start <= 1
            at = place + 1 + marked
            other = items[at] if at < len(items) else None
            if not isinstance(other, Number) or other.kind != CARDINAL:
                continue
            if marked:
                suspect = self._is_suspect(items, one, other, at)
            else:
                suspect = not (
                    self._is_open_range(items, place) or self._is_apart(items, place) or self._clock(items, place)
                )
            if suspect:
                for found in (place, at):
                    number = done[found]
                    assert isinstance(number, Number)
                    done[found] = number.doubted()
        return done

    def _is_apart(self, items: list[Item], place: int) -> bool:
        """ "Родов два один выкидыш": the first belongs to the word before it, the second to the word after."""
        return self._context.is_label(items, place - 1) and self._context.is_counted(items, place + 2)

    def _is_suspect(self, items: list[Item], one: Number, other: Number, at: int) -> bool:
        """A mark parts two numbers that would make one: "двадцать. Четыре"."""
        joint = items[at - 1]
        assert isinstance(joint, Token)
        if joint.text == "-":
            return not one.printed and other.value <= one.value
        if (
            one.printed
            or other.printed
            or not one.whole
            or not other.whole
            or self._context.is_counted(items, at + 1)
        ):
            return False
        size = 10 ** len(str(int(other.value)))
        return one.value > other.value > 0 and one.value % size == 0

    def _pressure(self, items: list[Item], place: int) -> tuple[list[Token], int] | None:
        upper, lower = items[place], items[place + 2] if place + 2 < len(items) else None
        joint = items[place + 1] if place + 1 < len(items) else None
        if not (isinstance(upper, Number) and isinstance(lower, Number) and isinstance(joint, Token)):
            return None
        if plain(joint.text) in self._and and self._context.cue(items, place) == "pressure":
            upper, over = upper.doubted(), True
        else:
            over = plain(joint.text) in self._over
        slash = joint.text in ("/", "\\")
        if not (slash or over) or not (upper.whole and lower.whole):
            return None
        if upper.kind != CARDINAL or lower.kind != CARDINAL:
            return None
        bounds = self._rules.pressure
        spoken = self._context.mentions(items, place, "pressure") or self._is_mercury(items, place + 3)
        high, low = (bounds.upper, bounds.lower) if spoken else (bounds.sure_upper, bounds.sure_lower)
        fits = _within(upper.value, high) and _within(lower.value, low) and upper.value >= lower.value
        length = self._context.is_unit(items, place + 3) and not self._is_mercury(items, place + 3)
        if not slash and (not fits or (length and not spoken) or self._context.is_counted(items, place + 3)):
            return None
        whole = Number(upper.value, (*upper.tokens, joint, *lower.tokens), doubts=(*upper.doubts, *lower.doubts))
        return [whole.token(f"{upper.written}/{lower.written}", value=False)], place + 2

    def _half_pressure(self, items: list[Item], place: int, number: Number) -> Number:
        """A number that should be part of a pressure but has no fitting partner: the other was misheard."""
        before = items[place - 1] if place else None
        over = isinstance(before, Token) and plain(before.text) in self._over
        if over and self._is_mercury(items, place + 1):
            return number.doubted()
        joint, other = (items[at] if at < len(items) else None for at in (place + 1, place + 2))
        if not isinstance(joint, Token) or plain(joint.text) not in self._over or not isinstance(other, Number):
            return number
        if self._context.cue(items, place) == "pressure" and self._pressure(items, place) is None:
            items[place + 2] = other.doubted()
            return number.doubted()
        return number

    def _is_mercury(self, items: list[Item], at: int) -> bool:
        match = self._context.units.match(items, at) if at < len(items) else None
        return match is not None and match[1].startswith("мм рт")

    def _range(self, items: list[Item], place: int) -> tuple[list[Token], int] | None:
        """ "Два-три", "2-3", and "по два три"."""
        one = items[place]
        joint = items[place + 1] if place + 1 < len(items) else None
        if not isinstance(one, Number) or one.kind == ORDINAL or joint is None:
            return None
        if isinstance(joint, Token) and joint.text in ("-", "–", "—") and joint.end - joint.start <= 1:
            other = items[place + 2] if place + 2 < len(items) else None
            if not isinstance(other, Number) or other.kind != one.kind or other.value <= one.value:
                return None
            dash, last = joint, place + 2
        elif isinstance(joint, Number) and self._is_open_range(items, place):
            other, last = joint, place + 1
            dash = Token("–", one.tokens[-1].end, one.tokens[-1].end)
            if other.value > one.value + 1 and not self._is_opened(items, place):
                one, other = one.doubted(), other.doubted()
            if self._context.is_label(items, place - 1):
                one, other = one.doubted(), other.doubted()
        else:
            return None
        return [one.token(space=False), replace(dash, text="–", space=False, pause=False), other.token()], last

    def _clock(self, items: list[Item], place: int) -> tuple[list[Token], int] | None:
        """ "В девять тридцать": hours and minutes."""
        before, hours = items[place - 1] if place else None, items[place]
        minutes = items[place + 1] if place + 1 < len(items) else None
        if not (isinstance(before, Token) and isinstance(hours, Number) and isinstance(minutes, Number)):
            return None
        spoken = not (hours.printed or minutes.printed) and hours.kind == minutes.kind == CARDINAL
        times = hours.whole and minutes.whole and hours.value <= _LAST_HOUR and minutes.value in _MINUTES
        last = place + 1
        if minutes.value == 0 and place + 2 < len(items) and isinstance(nought := items[place + 2], Number):
            # "В четырнадцать ноль ноль".
            times = hours.value <= _LAST_HOUR and nought.value == 0
            minutes, last = replace(nought, tokens=(*minutes.tokens, *nought.tokens), text="00", doubts=()), place + 2
        if plain(before.text) not in self._clock_openers or not (spoken and times):
            return None
        if self._context.is_counted(items, last + 1) or self._context.is_unit(items, last + 1):
            return None
        end = hours.tokens[-1].end
        colon = Token(":", end, end, space=False)
        return [hours.token(space=False, value=False), colon, minutes.token(value=False)], last

    def _is_open_range(self, items: Sequence[Item], place: int) -> bool:
        one, other = items[place], items[place + 1]
        return (
            isinstance(one, Number)
            and isinstance(other, Number)
            and one.kind == other.kind == CARDINAL
            and (one.whole or other.value - one.value == _HALF)
            and (other.whole or one.whole)
            and not one.printed
            and (
                other.value - one.value == _HALF
                or (0 < one.value < 10 and other.value == one.value + 1)
                or (0 < one.value <= 50 and other.value - one.value in (5, 10) and not one.value % 5)
                or (self._is_opened(items, place) and one.value < other.value <= 3 * one.value)
            )
            and (self._context.is_counted(items, place + 2) or self._context.is_unit(items, place + 2))
        )

    def _is_opened(self, items: Sequence[Item], place: int) -> bool:
        before = items[place - 1] if place else None
        return isinstance(before, Token) and plain(before.text) in self._openers

    def _single(self, items: list[Item], place: int) -> list[Token]:
        number = items[place]
        assert isinstance(number, Number)
        if number.kind == COLLECTIVE and not self._is_count(items, place):
            return list(number.tokens)
        if number.kind == ORDINAL and self._is_first_few(items, place, number):
            return list(number.tokens)
        if number.kind == ORDINAL:
            return [number.token(self._ordinal(items, place, number))]
        if len(number.tokens) == 1 and plain(number.tokens[0].text) in self._ones and not self._counts(items, place):
            return list(number.tokens)
        return [number.token()]

    def _is_first_few(self, items: list[Item], place: int, number: Number) -> bool:
        """ "Первые дни": which, and not how many."""
        beside = place + 1 < len(items) and self._context.is_label(items, place + 1)
        few = len(number.tokens) == 1 and plain(number.tokens[0].text) in self._first_few
        return few and not beside and not self._context.is_label(items, place - 1)

    def _is_count(self, items: list[Item], place: int) -> bool:
        """ "Родов трое", "двое детей": the number of something, not "at three people"."""
        return self._context.is_label(items, place - 1) or self._context.is_counted(items, place + 1)

    def _counts(self, items: list[Item], place: int) -> bool:
        """Whether a single "один" is a number here, and no pronoun."""
        before = items[place - 1] if place else None
        after = items[place + 1] if place + 1 < len(items) else None
        if isinstance(after, Token) and plain(after.text) in self._one_not_before:
            return False
        if isinstance(before, Token) and plain(before.text) in self._one_not_after:
            return False
        if self._context.is_counted(items, place + 1) or self._context.is_unit(items, place + 1):
            return True
        if isinstance(after, Number) or isinstance(before, Number):
            return True
        closed = after is None or (isinstance(after, Token) and not is_word(after))
        return closed and self._context.is_label(items, place - 1)

    def _ordinal(self, items: list[Item], place: int, number: Number) -> str:
        bare = (
            number.value >= 1000 or self._context.is_bare(items, place + 1) or self._context.is_bare(items, place - 1)
        )
        last = plain(number.tokens[-1].text)
        if bare or last.isdecimal():
            return number.written
        two = last[-1] in _VOWELS and last[-2] not in _VOWELS and last[-2] not in "йь"
        return f"{number.written}-{last[-2:] if two else last[-1]}"

    def _with_unit(
        self, items: list[Item], tokens: list[Token], number: Number, place: int
    ) -> tuple[list[Token], int]:
        if place >= len(items) or number.kind == ORDINAL:
            return tokens, place
        if self._context.is_degrees(items, place) and not self._context.units.match(items, place):
            unit = items[place]
            assert isinstance(unit, Token)
            if self._is_temperature(items, place, number):
                return [*tokens, replace(unit, text="°C")], place + 1
            last = tokens[-1]
            degrees = replace(
                last,
                text=last.text + "°",
                end=max(last.end, unit.end),
                space=unit.space,
                pause=unit.pause,
                doubts=merged([last, unit]),
            )
            return [*tokens[:-1], degrees], place + 1
        match = self._context.units.match(items, place)
        if match is None:
            return tokens, place
        end, written = match
        following = items[end] if end < len(items) else None
        smaller = self._rules.split_units.get(written)
        if smaller and isinstance(following, Number) and end + 1 < len(items):
            second = self._context.units.match(items, end + 1)
            if second and second[1] == smaller:
                tokens = [doubted(token, AMBIGUOUS_NUMBER) for token in tokens]
        said = [item for item in items[place:end] if isinstance(item, Token)]
        if written in self._context.joined:
            tokens = [*tokens[:-1], replace(tokens[-1], space=False)]
        return [*tokens, *unit_tokens(written, said)], end

    def _is_temperature(self, items: list[Item], place: int, number: Number) -> bool:
        bounds = self._rules.temperature
        kind = self._context.nearest(items, place, ("angle", "temperature"))
        if kind == "angle":
            return False
        spoken = kind == "temperature"
        return bounds.low <= number.value <= bounds.high and (spoken or not number.whole or number.value >= 36)


def unit_tokens(written: str, said: Sequence[Token]) -> list[Token]:
    """A unit's written parts over the words that said it, one to one where the counts agree."""
    parts = written.split()
    if len(parts) == len(said):
        last = len(parts) - 1
        return [
            replace(token, text=part, space=place < last or token.space)
            for place, (part, token) in enumerate(zip(parts, said, strict=True))
        ]
    whole = replace(
        said[-1], start=said[0].start, doubts=merged(list(said)), heard=next((t.heard for t in said if t.heard), None)
    )
    return [
        replace(whole, text=part, space=number + 1 < len(parts) or whole.space, pause=whole.pause)
        for number, part in enumerate(parts)
    ]


def _within(value: Decimal, bounds: tuple[int, int]) -> bool:
    return bounds[0] <= value <= bounds[1]
