"""Decimals in all the ways they are said: "две целых пять десятых", "тридцать шесть и шесть", "две с половиной"."""

from __future__ import annotations

from decimal import Decimal

from dictation.grammar.numerals import NumeralRules
from dictation.grammar.quantities import QuantityRules
from dictation.language.context import Context
from dictation.language.doubts import AMBIGUOUS_NUMBER, merged
from dictation.language.numerals import CARDINAL, Item, Number, figures
from dictation.language.phrases import Phrases, is_word, plain
from dictation.language.written import Token

_TENTHS = 10


class Decimals:
    """Joins the parts of decimals in a row of items."""

    def __init__(self, numerals: NumeralRules, rules: QuantityRules, context: Context) -> None:
        self._wholes = frozenset(plain(word) for word in numerals.wholes)
        self._and = frozenset(numerals.and_)
        self._places = {plain(form): places for places, forms in numerals.places.items() for form in forms}
        self._additions: Phrases[Decimal] = Phrases(
            (phrase, Decimal(str(value))) for value, phrases in numerals.additions.items() for phrase in phrases
        )
        self._temperature = rules.temperature
        self._context = context

    def __call__(self, items: list[Item]) -> list[Item]:
        done: list[Item] = []
        place = 0
        while place < len(items):
            item = items[place]
            if isinstance(item, Number) and item.kind == CARDINAL and item.whole:
                number, place = self._at(items, done, item, place)
                done.append(number)
            else:
                done.append(item)
                place += 1
        return done

    def _at(self, items: list[Item], done: list[Item], first: Number, place: int) -> tuple[Number, int]:
        for attempt in (self._spelled_out, self._fraction_only, self._addition, self._printed, self._zero):
            found = attempt(items, first, place)
            if found:
                return found
        joined = self._two_numbers(items, done, first, place)
        return joined or (first.doubted() if self._breaks_off(items, place + 1) else first, place + 1)

    def _breaks_off(self, items: list[Item], at: int) -> bool:
        """ "Тридцать восемь и." with nothing after it: the fraction was not heard. "Тридцать шесть. И девять": a mark
        stands where the fraction begins."""
        if self._past_noise(items, at) == at + 1 and self._is(items, at + 1, self._and):
            digit = self._cardinal(items, at + 2)
            return digit is not None and digit.value < _TENTHS
        after = items[at + 1] if at + 1 < len(items) else None
        return self._is(items, at, self._and) and (after is None or (isinstance(after, Token) and not is_word(after)))

    def _spelled_out(self, items: list[Item], first: Number, place: int) -> tuple[Number, int] | None:
        """ "Две целых (и) пять десятых", "пять и четыре десятых", "ноль целых пять". Marks that a recogniser put
        between are passed over where the words can be nothing else."""
        at = place + 1
        whole = self._past_noise(items, at)
        said_whole = self._is(items, whole, self._wholes)
        if said_whole:
            at = self._past_noise(items, whole + 1)
        if self._is(items, at, self._and):
            at += 1
        second = self._cardinal(items, at)
        places = self._place_word(items, self._past_noise(items, at + 1)) if second else 0
        if second is None or (said_whole and not places and at > whole + 2):
            # "Две целых" with nothing after it, or only with a number of another sentence.
            return (_join(first, items[place + 1 : whole + 1], str(first.value)), whole + 1) if said_whole else None
        if places and second.value < 10**places:
            end = self._past_noise(items, at + 1) + 1
            tail = f"{int(second.value):0{places}d}".rstrip("0") or "0"
            doubts = () if said_whole or at > place + 1 else (AMBIGUOUS_NUMBER,)
            return _join(first, items[place + 1 : end], f"{first.value},{tail}", *doubts), end
        if said_whole:
            return _join(first, items[place + 1 : at + 1], f"{first.value},{second.written}"), at + 1
        return None

    def _fraction_only(self, items: list[Item], first: Number, place: int) -> tuple[Number, int] | None:
        """ "Пять десятых"; "двадцать две десятых" is 20,2 said without its "целых"."""
        places = self._place_word(items, place + 1)
        if not places:
            return None
        value = int(first.value)
        rest = items[place + 1 : place + 2]
        if value < 10**places:
            tail = f"{value:0{places}d}".rstrip("0")
            return _join(first, rest, f"0,{tail}"), place + 2
        if places == 1 and value % 10:
            return _join(first, rest, f"{value - value % 10},{value % 10}", AMBIGUOUS_NUMBER), place + 2
        return None

    def _addition(self, items: list[Item], first: Number, place: int) -> tuple[Number, int] | None:
        at = self._past_noise(items, place + 1)
        match = self._additions.match(items, at) if at < len(items) else None
        if match is None:
            return None
        end, added = match
        doubts = () if at == place + 1 else (AMBIGUOUS_NUMBER,)
        return _join(first, items[place + 1 : end], figures(first.value + added), *doubts), end

    def _printed(self, items: list[Item], first: Number, place: int) -> tuple[Number, int] | None:
        """ "36-6" and "366" as recognisers print a temperature."""
        low, high = self._temperature.low, self._temperature.high
        if not first.printed:
            return None
        second = self._cardinal(items, place + 2)
        if (
            low <= first.value <= high
            and second is not None
            and second.printed
            and second.value < 10
            and isinstance(dash := items[place + 1], Token)
            and dash.text == "-"
            and not dash.space
        ):
            return _join(first, items[place + 1 : place + 3], f"{first.value},{second.value}"), place + 3
        if (
            len(first.text) == 3
            and low <= int(first.text[:2]) <= high
            and self._context.cue(items, place) == "temperature"
        ):
            return _join(first, [], f"{first.text[:2]},{first.text[2]}"), place + 1
        return None

    def _zero(self, items: list[Item], first: Number, place: int) -> tuple[Number, int] | None:
        """ "Ноль пять", "ноль ноль пять", "ноль двадцать пять": what follows a nought is its fraction."""
        if first.value != 0 or first.printed:
            return None
        at, noughts = place + 1, ""
        while (zero := self._cardinal(items, at)) is not None and zero.value == 0:
            noughts += "0"
            at += 1
        second = self._cardinal(items, at)
        if second is None or not second.whole or second.value > 999 or second.printed:
            return None
        return _join(first, items[place + 1 : at + 1], f"0,{noughts}{second.value}"), at + 1

    def _two_numbers(
        self, items: list[Item], done: list[Item], first: Number, place: int
    ) -> tuple[Number, int] | None:
        """ "Тридцать шесть и шесть", with "запятая" between, or with nothing in a temperature."""
        joint = items[place + 1] if place + 1 < len(items) else None
        between = isinstance(joint, Token)
        second = self._cardinal(items, place + 1 + between)
        end = place + 2 + between
        if second is None or not second.whole or second.value > 99:
            return None
        spoken = isinstance(joint, Token) and joint.end - joint.start > 1
        comma, point = (isinstance(joint, Token) and spoken and joint.text == mark for mark in (",", "."))
        if isinstance(joint, Token) and not (comma or point or self._is(items, place + 1, self._and)):
            return None
        certain = self._tenths(items, done, first, second, end)
        if not between:
            # "Тридцать шесть шесть" can be nothing else after "температура"; after other words it is only likely.
            cue = self._context.cue(done, len(done))
            if not certain or cue not in ("temperature", "tenths"):
                return None
            certain = cue == "temperature"
        if certain is None or (certain is False and point):
            if certain is not None or not (comma or point):
                self._mark(items, second, place, end)
            return None
        other = self._second_fraction(items, end)
        doubts = () if certain and other is None else (AMBIGUOUS_NUMBER,)
        if other is not None and second.value == first.value % 10:
            # "Тридцать шесть и шесть и четыре": the recogniser stuttered.
            end, second = items.index(other, end) + 1, other
        return _join(first, items[place + 1 : end], f"{first.value},{second.value}", *doubts), end

    def _second_fraction(self, items: list[Item], at: int) -> Number | None:
        """A fraction after that of a number: one of the two was not said so."""
        at += self._is(items, at, self._and)
        other = self._cardinal(items, at)
        return (
            other if other is not None and other.value < 10 and not self._context.is_counted(items, at + 1) else None
        )

    def _tenths(self, items: list[Item], done: list[Item], first: Number, second: Number, end: int) -> bool | None:
        """Whether the second number is the fraction of the first: True, False for likely, None for no."""
        context = self._context
        cue = context.cue(done, len(done))
        if context.is_counted(items, end) or cue in ("counted", "pressure"):
            return None
        fits_temperature = self._temperature.low <= first.value <= self._temperature.high
        unit = context.is_unit(items, end)
        if second.value >= 10:
            return False if unit and 0 < first.value < 10 else None
        if cue == "temperature":
            return fits_temperature
        if cue == "tenths" or (fits_temperature and not cue and context.names(items, end, "temperature")):
            return True
        if unit:
            return second.value == 5 or fits_temperature or not self._context.is_dose(items, end)
        about = context.nearest(done, len(done), ("temperature", "pressure", "tenths", "angle", "counted"))
        if about == "temperature":
            return True if fits_temperature else None
        return False if fits_temperature or about == "tenths" else None

    def _mark(self, items: list[Item], second: Number, place: int, end: int) -> None:
        """Two numbers with "и" between that might have been one."""
        cue = self._context.cue(items, place)
        if second.value < 10 and not self._context.is_counted(items, end) and cue not in ("counted", "pressure"):
            items[end - 1] = second.doubted()

    def _cardinal(self, items: list[Item], at: int) -> Number | None:
        item = items[at] if at < len(items) else None
        return item if isinstance(item, Number) and item.kind == CARDINAL and item.whole else None

    @staticmethod
    def _past_noise(items: list[Item], at: int) -> int:
        """Past a mark that nobody spoke."""
        item = items[at] if at < len(items) else None
        noise = isinstance(item, Token) and item.text in (",", ".", "-", "–", "—") and item.end - item.start <= 1
        return at + noise

    @staticmethod
    def _is(items: list[Item], at: int, words: frozenset[str]) -> bool:
        return at < len(items) and isinstance(item := items[at], Token) and plain(item.text) in words

    def _place_word(self, items: list[Item], at: int) -> int:
        """Digits after the comma that "десятых", "сотых", "тысячных" at `at` mean; 0 for another word. The word
        is also an ordinal, and may have been read as one."""
        if at >= len(items):
            return 0
        item = items[at]
        if isinstance(item, Number) and len(item.tokens) == 1:
            item = item.tokens[0]
        return self._places.get(plain(item.text), 0) if isinstance(item, Token) else 0


def _join(first: Number, rest: list[Item], text: str, *doubts: str) -> Number:
    tokens = list(first.tokens)
    more = list(first.doubts)
    for item in rest:
        if isinstance(item, Number):
            tokens.extend(item.tokens)
            more.extend(item.doubts)
        else:
            tokens.append(item)
    return Number(
        Decimal(text.replace(",", ".")),
        tuple(tokens),
        text=text,
        printed=first.printed,
        doubts=merged([], *more, *doubts),
    )
