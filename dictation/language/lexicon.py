"""The words that a repair may bring in: drugs, diagnoses, headings and clinical terms, found by sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from dictation.grammar.commands import commands
from dictation.grammar.diagnoses import diagnoses
from dictation.grammar.drugs import drugs
from dictation.grammar.headings import headings
from dictation.grammar.numerals import NumeralRules, numerals
from dictation.grammar.quantities import quantities
from dictation.grammar.terms import terms
from dictation.language.inflection import inflection
from dictation.language.neighbours import Neighbours
from dictation.language.phonetics import phonetics

MAX_WORDS = 4
_TENTHS, _HUNDRED = 10, 100
_Source = tuple[tuple[str, ...], str, bool]


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A word or phrase, lower case, and its sound. `kind` is "drug", "numeral", "unit", "command", "heading"
    or "term"; `fixed`
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
        for entry in self._gather(language):
            skeleton = self._phonetics.skeleton(entry.sound)
            self._entries[skeleton].append(entry)
        self._index = Neighbours(self._entries)

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
        yield from ((wording, "numeral", True) for wording in _numerals(numerals(language)))
        for unit in quantities(language).units:
            yield from ((_words(wording), "unit", True) for wording in unit.said)
        rules = commands(language)
        for spoken in (*rules.marks, *rules.breaks, *rules.live):
            yield from ((_words(wording), "command", True) for wording in spoken.said)
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

    def near(self, sound: str, slack: int) -> list[Entry]:
        """Entries whose consonants differ from those of the sound by at most `slack`; that the heard word may have an
        inflected ending with a consonant more is allowed for."""
        heard = self._phonetics.skeleton(sound)
        met = {skeleton: None for part in (heard, heard[:-1]) for skeleton in self._alike(part, slack)}
        return [entry for skeleton in met for entry in self._entries[skeleton]]

    def _alike(self, skeleton: str, slack: int) -> list[str]:
        if slack:
            return self._index.near(skeleton, slack)
        return [skeleton] if skeleton in self._entries else []

    @lru_cache(maxsize=20_000)  # noqa: B019 - one object a language, kept for the life of the program
    def holds(self, word: str) -> bool:
        """Whether the word, as it is spelled, is a form of one of the entries."""
        folded = word.replace("ё", "е")
        return any(
            len(form.words) == 1 and form.words[0].replace("ё", "е") == folded
            for entry in self.near(self._phonetics.sound([word]), 0)
            for form in self.forms(entry)
        )

    def forms(self, entry: Entry) -> tuple[Form, ...]:
        """The case forms of an entry with their sounds, the nominative first."""
        made = self._forms.get(entry)
        if made is None:
            spelled = (
                [entry.words] if entry.fixed else self._inflection.forms(entry.words, singular=entry.kind == "drug")
            )
            made = tuple(Form(words, self._phonetics.sound(words)) for words in spelled)
            self._forms[entry] = made
        return made


def _numerals(rules: NumeralRules) -> Iterator[tuple[str, ...]]:
    """Number words, and those pairs that recognisers run together: "стосемьдесят", "двецелых", "пятидесятых"."""
    names = {value: forms[0] for value, forms in rules.cardinals.items()}
    for forms in (*rules.cardinals.values(), *rules.scales.values(), *rules.mixed.values()):
        yield from (_words(form) for form in forms)
    fractions = [form for forms in (rules.wholes, *rules.places.values()) for form in forms]
    yield from (_words(form) for form in fractions)
    for value, forms in rules.cardinals.items():
        if value < _TENTHS:
            yield from (_words(f"{form} {fraction}") for form in forms for fraction in fractions)
        if value >= _HUNDRED:
            yield from (_words(f"{names[value]} {name}") for less, name in names.items() if 0 < less < _HUNDRED)


def _words(wording: str) -> tuple[str, ...]:
    return tuple(wording.lower().split())


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language."""
    return Lexicon(language)
