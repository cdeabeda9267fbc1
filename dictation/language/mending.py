"""Number words that a recogniser ran together, cut in two or misspelled: "стосемьдесят", "шести десяти", "сем"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dictation.grammar.numerals import NumeralRules
from dictation.language.doubts import RESPELLED, UNREAD_NUMBER, doubted, merged
from dictation.language.numerals import Numerals
from dictation.language.phrases import Phrases, plain
from dictation.language.written import Token

# "сто", "лет": the shortest parts that a word is cut into.
_SHORTEST = 3
# Number words that begin no other word by chance: "двадцать" without its last sign.
_LONG = 7


class Mending:
    """Puts such number words right; what it touched asks for a look. `known` tells words of the language."""

    def __init__(self, rules: NumeralRules, numerals: Numerals, known: Callable[[str], bool]) -> None:
        self._known = known
        stems = {plain(forms[0]).rstrip(rules.soft): plain(forms[0]) for forms in rules.cardinals.values()}
        self._stems = {stem: form for stem, form in stems.items() if len(stem) >= _LONG}
        self._within_words = tuple(rules.compounding)
        self._numerals = numerals
        self._values = numerals.cardinal_forms()
        places = [form for forms in rules.places.values() for form in forms]
        self._after = frozenset(plain(form) for form in (*rules.run_on, *places))
        self._cut: Phrases[str] = Phrases({**rules.cut, **rules.misheard})
        self._misheard_after_tens: Phrases[str] = Phrases(rules.misheard_after_tens)
        self._unread = tuple(map(plain, rules.unread))
        self._cut_in_number: Phrases[str] = Phrases(rules.cut_in_number)

    def __call__(self, tokens: Sequence[Token]) -> list[Token]:
        done: list[Token] = []
        place = 0
        while place < len(tokens):
            cut = (
                self._cut.match(tokens, place)
                or self._within_number(tokens, place)
                or self._after_tens(tokens, place)
                or self._in_two(tokens, place)
            )
            if cut:
                end, whole = cut
                done.append(_joined(tokens[place:end], whole))
                place = end
                continue
            done.extend(self._parts(tokens[place]))
            place += 1
        return done

    def _within_number(self, tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
        match = self._cut_in_number.match(tokens, place)
        if match is None:
            return None
        before = self._numerals.word(tokens[place - 1].text) if place else None
        after = self._numerals.word(tokens[match[0]].text) if match[0] < len(tokens) else None
        hundred = before is not None and before.value >= 100
        unit = after is not None and 0 < after.value < 10
        return match if hundred or unit else None

    def _in_two(self, tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
        """ "Шесть сот", "шесть-сот": letter for letter one number word."""
        hyphen = place + 1 < len(tokens) and tokens[place + 1].text == "-"
        end = place + 2 + hyphen
        if end > len(tokens):
            return None
        parts = tokens[place].text, tokens[end - 1].text
        whole = "".join(map(plain, parts))
        return (end, whole) if whole in self._values and min(map(len, parts)) >= _SHORTEST else None

    def _after_tens(self, tokens: Sequence[Token], place: int) -> tuple[int, str] | None:
        """ "Девяносто семье": a unit is missing after the tens, and the word sounds like one."""
        match = self._misheard_after_tens.match(tokens, place)
        before = self._numerals.word(tokens[place - 1].text) if match and place else None
        return match if before is not None and 20 <= before.value < 1000 and before.value % 10 == 0 else None

    def _are_two(self, first: str, last: str) -> bool:
        """A number word and what may follow it within or after one number."""
        if last in self._after:
            return first in self._values
        return first in self._values and last in self._values and _goes_on(self._values[first], self._values[last])

    def _parts(self, token: Token) -> list[Token]:
        word = plain(token.text)
        if len(word) < 2 * _SHORTEST or self._numerals.is_numeral(word):
            return [token]
        for cut in range(len(word) - _SHORTEST, _SHORTEST - 1, -1):
            if self._are_two(word[:cut], word[cut:]):
                even = token.end - token.start == len(word)
                middle = token.start + cut if even else token.end
                heard = token.heard or token.text
                first = replace(token, text=token.text[:cut], end=middle, space=True, pause=False, heard=heard)
                last = replace(token, text=token.text[cut:], start=middle if even else token.start, heard=heard)
                return [doubted(first, RESPELLED), doubted(last, RESPELLED)]
        return self._number_and_word(token, word)

    def _number_and_word(self, token: Token, word: str) -> list[Token]:
        """ "Семнадцатона" for "семнадцать тоны": of what is no word the number is certain, the rest is not."""
        stem = next((stem for stem in self._stems if word.startswith(stem)), None)
        rest = word.removeprefix(stem or "")
        whole = token.end - token.start == len(word)
        if stem is None or len(rest) < 2 or rest.startswith(self._within_words) or not whole or self._known(word):
            return [token]
        middle = token.start + len(stem)
        first = replace(token, text=self._stems[stem], end=middle, space=True, pause=False, heard=token.text)
        return [doubted(first, RESPELLED), replace(token, text=token.text[len(stem) :], start=middle)]

    def mark_unread(self, tokens: Sequence[Token]) -> list[Token]:
        """Words that were number words and could not be read, after all repairs, and the numbers beside them."""
        unread = [
            plain(token.text).endswith(self._unread) and not self._numerals.is_numeral(token.text) for token in tokens
        ]
        marked = []
        for place, token in enumerate(tokens):
            beside = any(unread[max(0, place - 1) : place + 2])
            number = unread[place] or self._numerals.is_numeral(token.text)
            marked.append(doubted(token, UNREAD_NUMBER) if beside and number else token)
        return marked


def _goes_on(one: int, other: int) -> bool:
    """The second continues the first: "сто семьдесят", "двадцать пять"."""
    return (one >= 100 and 0 < other < 100) or (20 <= one < 100 and 0 < other < 10)


def _joined(tokens: Sequence[Token], text: str) -> Token:
    last = tokens[-1]
    return Token(
        text,
        tokens[0].start,
        last.end,
        space=last.space,
        pause=last.pause,
        heard=" ".join(token.heard or token.text for token in tokens),
        doubts=merged(list(tokens), RESPELLED),
    )
