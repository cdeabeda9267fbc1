"""The words that a repair may bring in, found by sound."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from dictation.language.inflection import inflection
from dictation.language.phonetics import phonetics
from dictation.language.vocabulary import wordings


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A word or phrase, lower case, and its sound. `kind` is "drug", "numeral", "unit", "command", "heading" or
    "term"; `fixed` ones have no case forms."""

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
        listed, self._index = wordings(language)
        for wording in listed:
            self._entries[wording.skeleton].append(Entry(wording.words, wording.sound, wording.kind, wording.fixed))

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

    @lru_cache(maxsize=4096)  # noqa: B019 - one object a language; live, the same words are asked for again and again
    def _alike(self, skeleton: str, slack: int) -> list[str]:
        if slack:
            return self._index.near(skeleton, slack)
        return [skeleton] if skeleton in self._entries else []

    def holds(self, word: str) -> bool:
        """Whether the word, as it is spelled, is a form of one of the entries."""
        return bool(self.kinds(word))

    @lru_cache(maxsize=20_000)  # noqa: B019 - one object a language, kept for the life of the program
    def kinds(self, word: str) -> frozenset[str]:
        """Kinds of the entries of which the word, as it is spelled, is a form."""
        folded = word.replace("ё", "е")
        return frozenset(
            entry.kind
            for entry in self.near(self._phonetics.sound([word]), 0)
            if any(len(form.words) == 1 and form.words[0].replace("ё", "е") == folded for form in self.forms(entry))
        )

    def forms(self, entry: Entry) -> tuple[Form, ...]:
        """The case forms of an entry with their sounds, the nominative first."""
        made = self._forms.get(entry)
        if made is None:
            singular = entry.kind == "drug"
            spelled = [entry.words] if entry.fixed else self._inflection.forms(entry.words, singular=singular)
            made = tuple(Form(words, self._phonetics.sound(words)) for words in spelled)
            self._forms[entry] = made
        return made


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of a language."""
    return Lexicon(language)
