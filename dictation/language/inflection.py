"""Case forms of words and phrases, and whether a word is one at all; a thin layer over pymorphy3."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from dictation.grammar.endings import Endings
from dictation.grammar.rules import load
from dictation.language.dictionary import dictionary

_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_NOMINAL = frozenset({"NOUN", "ADJF", "PRTF", "NUMR"})
_ADJECTIVE = frozenset({"ADJF", "PRTF"})
_PERSONS_AND_PLACES = frozenset({"Surn", "Name", "Patr", "Geox", "Orgn", "Trad"})
_INDEPENDENT = frozenset({"Anum", "Apro", "Subx"})
# Cases that are written in more ways than one.
_CASE_KIN = {"gen1": "gent", "gen2": "gent", "loc2": "loct", "acc2": "accs", "voct": "nomn"}
# Readings under which nearly any short string is "known": names, places, abbreviations, interjections.
_ODD = frozenset({"Surn", "Name", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init", "INTJ"})
_LONG_CONJUNCTION = 4
_SERVICE = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})


class Inflection:
    """Word forms of one language."""

    def __init__(self, language: str) -> None:
        self._dictionary = dictionary(language)
        self._endings = load(language, "endings", Endings)

    @lru_cache(maxsize=20_000)  # noqa: B019 - one object a language, kept for the life of the program
    def known(self, word: str) -> bool:
        """Whether the dictionary has the word as anything but a name or an abbreviation."""
        if not self._dictionary.holds(word):
            return False
        return any(not (_ODD & parse.tag.grammemes) for parse in self._dictionary.parse(word))

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def is_service(self, word: str) -> bool:
        """A preposition, conjunction, particle or pronoun."""
        return any(parse.tag.POS in _SERVICE for parse in self._dictionary.parse(word))

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def _lemmas(self, word: str) -> frozenset[str]:
        return frozenset(str(parse.normal_form) for parse in self._dictionary.parse(word))

    def same_word(self, one: str, other: str) -> bool:
        """Whether two spellings may be forms of one word."""
        return not self._lemmas(one).isdisjoint(self._lemmas(other))

    def is_object(self, word: str) -> bool:
        """A noun or adjective in a form that may follow a preposition."""
        nominal = (parse for parse in self._readings(word) if parse.tag.POS in _NOMINAL)
        return any(parse.tag.case not in (None, "nomn") for parse in nominal)

    def is_preposition(self, word: str) -> bool:
        return any(parse.tag.POS == "PREP" for parse in self._readings(word))

    def _readings(self, word: str) -> list[Any]:
        return [parse for parse in self._dictionary.parse(word) if not _ODD & parse.tag.grammemes]

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def is_word(self, word: str, *, named: bool) -> bool:
        """Whether the dictionary has the word: abbreviations and interjections too, names if `named`."""
        odd = frozenset() if named else _PERSONS_AND_PLACES
        return self._dictionary.holds(word) and any(
            not odd & parse.tag.grammemes for parse in self._dictionary.parse(word)
        )

    def is_name(self, word: str) -> bool:
        """Whether the dictionary has the word as the name of a person or a place."""
        return self._dictionary.holds(word) and any(
            _PERSONS_AND_PLACES & parse.tag.grammemes for parse in self._dictionary.parse(word)
        )

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def clash(self, attribute: str, noun: str) -> bool:
        """Whether an adjective and the noun after it, each nothing else, agree in no reading. Ordinals, pronouns and
        adjectives that serve as nouns ("больной") need not."""
        if not (self.known(attribute) and self.known(noun)):
            return False
        ones, others = self._dictionary.parse(attribute), self._dictionary.parse(noun)
        if {parse.tag.POS for parse in ones} != {"ADJF"} or {parse.tag.POS for parse in others} != {"NOUN"}:
            return False
        if any(_INDEPENDENT & parse.tag.grammemes for parse in ones):
            return False
        return not any(self._agrees(one, other) and _same_case(one, other) for one in ones for other in others)

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def agreeing(self, attribute: str, noun: str) -> tuple[str, ...]:
        """The forms of an adjective that agree with a noun as it stands, in each of its readings; none where the one
        is no adjective or the other no noun."""
        if not (self.known(attribute) and self.known(noun)):
            return ()
        ones = [parse for parse in self._dictionary.parse(attribute) if parse.tag.POS == "ADJF"]
        forms: dict[str, None] = {}
        for other in self._dictionary.parse(noun):
            if other.tag.POS != "NOUN":
                continue
            gender = {other.tag.gender} if other.tag.number == "sing" else set()
            wanted = {other.tag.number, _CASE_KIN.get(other.tag.case, other.tag.case), *gender} - {None}
            whole = wanted | ({other.tag.animacy} - {None} if "accs" in wanted and "femn" not in wanted else set())
            for one in ones:
                form = one.inflect(whole) or one.inflect(wanted)
                if form is not None:
                    forms[form.word] = None
        return tuple(forms)

    def is_conjunction(self, word: str) -> bool:
        """ "И", "или": what joins words that each have a case of their own."""
        return len(word) < _LONG_CONJUNCTION and any(p.tag.POS == "CONJ" for p in self._dictionary.parse(word))

    def lemma(self, word: str) -> str:
        """The nominative of a noun or adjective as it is used in notes; another word stays as it is."""
        for parse in self._dictionary.parse(word):
            if parse.tag.POS in _NOMINAL:
                return word if "nomn" in parse.tag else str(parse.normal_form)
        return word

    def forms(self, words: tuple[str, ...], *, singular: bool = False) -> list[tuple[str, ...]]:
        """The case forms of a nominative word or phrase, itself first; of a word the `singular` alone if asked. In a
        phrase the head noun and the adjectives that agree with it are inflected; what cannot be inflected comes
        back alone."""
        found = dict.fromkeys([words])
        inflected = self._single(words[0], singular) if len(words) == 1 else self._phrase(words)
        found.update(dict.fromkeys(inflected))
        return list(found)

    def _single(self, word: str, singular: bool) -> Iterator[tuple[str, ...]]:
        parse = self._nominative(word)
        if parse is None:
            yield from self._declined(word)
            return
        keep = {str(parse.tag.POS), *(parse.tag.grammemes & {"actv", "pssv", "pres", "past"})}
        keep |= {"sing"} if singular else set()
        for form in parse.lexeme:
            if keep <= form.tag.grammemes and not form.tag.grammemes & {"Supr", "Cmp2", "V-oy", "V-ey", "Arch"}:
                yield (form.word,)

    def _declined(self, word: str) -> Iterator[tuple[str, ...]]:
        """A noun that the dictionary takes for a form of another ("бронхолитик", as if of a "бронхолитика")."""
        noun = any(parse.tag.POS == "NOUN" for parse in self._dictionary.parse(word))
        if not noun or self._dictionary.holds(word) or word[-1] in self._endings.vowels:
            return
        for paradigm in self._endings.paradigms:
            if word.endswith(paradigm.last):
                yield from ((word.removesuffix(paradigm.last) + ending,) for ending in paradigm.forms)
                return

    def _phrase(self, words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
        parses = [self._nominative(word) for word in words]
        head = next((i for i, p in enumerate(parses) if p is not None and p.tag.POS == "NOUN"), None)
        if head is None:
            return
        noun = parses[head]
        moving = {head}
        for step in (-1, 1):
            place = head + step
            while 0 <= place < len(words) and self._agrees(parses[place], noun):
                moving.add(place)
                place += step
        for case in _CASES[1:]:
            changed = list(words)
            for place in moving:
                wanted = {case}
                if case == "accs" and parses[place].tag.POS in _ADJECTIVE and "femn" not in parses[place].tag:
                    wanted.add("inan")
                form = parses[place].inflect(wanted)
                if form is None:
                    break
                changed[place] = form.word
            else:
                yield tuple(changed)

    def _nominative(self, word: str) -> Any:
        nominal = [p for p in self._dictionary.parse(word) if p.tag.POS in _NOMINAL and "nomn" in p.tag]
        return next((p for p in nominal if not _ODD & p.tag.grammemes), nominal[0] if nominal else None)

    @staticmethod
    def _agrees(parse: Any, noun: Any) -> bool:
        if parse is None or parse.tag.POS not in _ADJECTIVE or parse.tag.number != noun.tag.number:
            return False
        return parse.tag.number == "plur" or noun.tag.gender is None or parse.tag.gender == noun.tag.gender


def _same_case(one: Any, other: Any) -> bool:
    cases = [_CASE_KIN.get(parse.tag.case, parse.tag.case) for parse in (one, other)]
    return bool(cases[0] == cases[1])


@cache
def inflection(language: str) -> Inflection:
    return Inflection(language)
