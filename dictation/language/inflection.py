"""Case forms of words and phrases, and whether a word is one at all; a thin layer over pymorphy3."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import pymorphy3

_CASES = ("nomn", "gent", "datv", "accs", "ablt", "loct")
_NOMINAL = frozenset({"NOUN", "ADJF", "PRTF", "NUMR"})
_ADJECTIVE = frozenset({"ADJF", "PRTF"})
# Readings under which nearly any short string is "known": names, places, abbreviations, interjections.
_ODD = frozenset({"Surn", "Name", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init", "INTJ"})
_LONG_CONJUNCTION = 4
_SERVICE = frozenset({"PREP", "CONJ", "PRCL", "NPRO"})


@cache
def analyzer(language: str) -> Any:
    """The morphological dictionary of a language; it takes 0.2 s and 30 MB, so there is one a process."""
    return pymorphy3.MorphAnalyzer(lang=language)


class Inflection:
    """Word forms of one language."""

    def __init__(self, language: str) -> None:
        self._analyzer = analyzer(language)

    @lru_cache(maxsize=20_000)  # noqa: B019 - one object a language, kept for the life of the program
    def known(self, word: str) -> bool:
        """Whether the dictionary has the word as anything but a name or an abbreviation."""
        if not self._analyzer.word_is_known(word):
            return False
        return any(not (_ODD & parse.tag.grammemes) for parse in self._analyzer.parse(word))

    @lru_cache(maxsize=20_000)  # noqa: B019 - as above
    def is_service(self, word: str) -> bool:
        """A preposition, conjunction, particle or pronoun."""
        return any(parse.tag.POS in _SERVICE for parse in self._analyzer.parse(word))

    def is_conjunction(self, word: str) -> bool:
        """ "И", "или": what joins words that each have a case of their own."""
        return len(word) < _LONG_CONJUNCTION and any(p.tag.POS == "CONJ" for p in self._analyzer.parse(word))

    def lemma(self, word: str) -> str:
        """The nominative of a noun or adjective as it is used in notes; another word stays as it is."""
        for parse in self._analyzer.parse(word):
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
            return
        keep = {str(parse.tag.POS), *(parse.tag.grammemes & {"actv", "pssv", "pres", "past"})}
        keep |= {"sing"} if singular else set()
        for form in parse.lexeme:
            if keep <= form.tag.grammemes and not form.tag.grammemes & {"Supr", "Cmp2", "V-oy", "V-ey", "Arch"}:
                yield (form.word,)

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
        nominal = [p for p in self._analyzer.parse(word) if p.tag.POS in _NOMINAL and "nomn" in p.tag]
        return next((p for p in nominal if not _ODD & p.tag.grammemes), nominal[0] if nominal else None)

    @staticmethod
    def _agrees(parse: Any, noun: Any) -> bool:
        if parse is None or parse.tag.POS not in _ADJECTIVE or parse.tag.number != noun.tag.number:
            return False
        return parse.tag.number == "plur" or parse.tag.gender == noun.tag.gender


@cache
def inflection(language: str) -> Inflection:
    return Inflection(language)
