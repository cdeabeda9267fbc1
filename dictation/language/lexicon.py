"""The words that a repair may bring in: drugs, diagnoses, headings and clinical terms, found by sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from dictation.grammar.diagnoses import diagnoses
from dictation.grammar.drugs import drugs
from dictation.grammar.headings import headings
from dictation.grammar.terms import terms
from dictation.language.inflection import inflection
from dictation.language.phonetics import phonetics

MAX_WORDS = 4
_Source = tuple[tuple[str, ...], str, bool]


@dataclass(frozen=True, slots=True)
class Entry:
    """A word or phrase, lower case, and its sound. `kind` is "drug", "numeral", "unit", "heading" or "term"; `fixed`
    ones have no case forms."""

    words: tuple[str, ...]
    sound: str
    kind: str
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One case form of an entry, with its sound."""

    words: tuple[str, ...]
    sound: str


class Lexicon:
    """Entries of one language, indexed by their consonants. Case forms are made when an entry is first met."""

    def __init__(self, language: str) -> None:
        self._phonetics = phonetics(language)
        self._inflection = inflection(language)
        self._forms: dict[Entry, tuple[Form, ...]] = {}
        self._entries: dict[str, list[Entry]] = defaultdict(list)
        self._skeletons: dict[int, list[str]] = defaultdict(list)
        for entry in self._gather(language):
            skeleton = self._phonetics.skeleton(entry.sound)
            if skeleton not in self._entries:
                self._skeletons[len(skeleton)].append(skeleton)
            self._entries[skeleton].append(entry)

    def _gather(self, language: str) -> Iterator[Entry]:
        """Every wording once, of the first kind that has it."""
        seen: set[tuple[str, ...]] = set()
        for words, kind, fixed in self._sources(language):
            if 0 < len(words) <= MAX_WORDS and words not in seen:
                seen.add(words)
                yield Entry(words, self._phonetics.sound(words), kind, fixed)

    def _sources(self, language: str) -> Iterator[_Source]:
        vocabulary = terms(language)
        for drug in drugs(language):
            for wording in (*drug.spoken, *drug.components):
                for part in wording.split("+"):
                    yield _words(part), "drug", False
        for numeral in vocabulary.numerals:
            yield (numeral,), "numeral", True
        for unit in vocabulary.units:
            yield (unit,), "unit", True
        for section in headings(language).sections:
            for title in section.titles:
                for wording in title.say:
                    yield _words(wording), "heading", True
        for topic in vocabulary.phrases.values():
            yield from ((_words(phrase), "term", False) for phrase in topic)
        for topic in vocabulary.words.values():
            yield from (((word,), "term", False) for word in topic)
        for topic in vocabulary.forms.values():
            yield from (((word,), "term", True) for word in topic)
        yield from self._of_diagnoses(language)

    def _of_diagnoses(self, language: str) -> Iterator[_Source]:
        """The names that are short enough, then the words of all of them."""
        names = [_words(name) for entry in diagnoses(language) for name in entry.names if not name.isupper()]
        yield from ((name, "term", False) for name in names if len(name) > 1)
        for word in dict.fromkeys(word for name in names for word in name if len(word) > 4):
            yield (self._inflection.lemma(word),), "term", False

    def entries(self) -> Iterator[Entry]:
        """All entries."""
        for entries in self._entries.values():
            yield from entries

    def near(self, sounds: Sequence[str], slacks: Sequence[int]) -> list[list[Entry]]:
        """For each sound the entries whose consonants differ from it by at most its slack; that the heard word may
        have an inflected ending with a consonant more is allowed for."""
        found: list[dict[Entry, None]] = [{} for _ in sounds]
        by_length: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for number, sound in enumerate(sounds):
            skeleton = self._phonetics.skeleton(sound)
            for heard in (skeleton, skeleton[:-1]):
                by_length[len(heard)].append((number, heard))
        widest = max(slacks, default=0)
        for length, queries in by_length.items():
            for other in range(max(1, length - widest), length + widest + 1):
                choices = self._skeletons.get(other)
                asked = [query for query in queries if slacks[query[0]] >= abs(length - other)]
                if not choices or not asked:
                    continue
                matrix = process.cdist(
                    [heard for _, heard in asked],
                    choices,
                    scorer=Levenshtein.distance,
                    score_cutoff=widest,
                    dtype=np.uint8,
                )
                limits = np.array([slacks[number] for number, _ in asked], dtype=np.uint8)
                for row, column in zip(*np.nonzero(matrix <= limits[:, None]), strict=True):
                    found[asked[row][0]].update(dict.fromkeys(self._entries[choices[column]]))
        return [list(entries) for entries in found]

    def forms(self, entry: Entry) -> tuple[Form, ...]:
        """The case forms of an entry with their sounds, the nominative first."""
        made = self._forms.get(entry)
        if made is None:
            spelled = [entry.words] if entry.fixed else self._inflection.forms(entry.words)
            made = tuple(Form(words, self._phonetics.sound(words)) for words in spelled)
            self._forms[entry] = made
        return made


def _words(wording: str) -> tuple[str, ...]:
    return tuple(wording.lower().split())


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language."""
    return Lexicon(language)
