"""Names of drugs by the substance they stand for, and which of them end alike."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from dictation.grammar.drugs import drugs
from dictation.language.lexicon import Entry, Lexicon
from dictation.language.phonetics import Phonetics

# Less than this apart, two readings are as near as each other.
_AS_NEAR = 0.1
# So many sounds at a beginning may go with the word before and leave no trace; more would be heard as a word.
_LOST = 2
_EDITS = 3


class Substances:
    """Tells whether two names mean one drug, and whether a name is the end of another's ("оксациллин" and
    "амоксициллин", the beginning of which went with the word before)."""

    def __init__(self, language: str, lexicon: Lexicon, phonetics: Phonetics) -> None:
        self._names = {tuple(said.split()): drug.name for drug in drugs(language) for said in drug.spoken}
        self._phonetics = phonetics
        self._single = [entry for entry in lexicon.entries() if entry.kind == "drug" and len(entry.words) == 1]

    def name(self, entry: Entry) -> str:
        """The substance, or the wording itself where the lexicon of drugs has it in another shape."""
        return self._names.get(entry.words, " ".join(entry.words))

    def same(self, one: Entry, other: Entry) -> bool:
        """Whether both are names of one drug."""
        return one is other or (one.kind == other.kind == "drug" and self.name(one) == self.name(other))

    @lru_cache(maxsize=1024)  # noqa: B019 - one object a language; live, the same words are asked for again and again
    def is_end(self, heard: str, entry: Entry, distance: float) -> bool:
        """Whether the end of another drug's longer name sounds as much like what was heard as `entry` does, which is
        so far from it."""
        size, limit = len(entry.sound), distance + _AS_NEAR
        return any(
            0 < len(other.sound) - size <= _LOST
            and Levenshtein.distance(heard, tail := other.sound[-size:], score_cutoff=_EDITS) <= _EDITS
            and self._phonetics.distance(heard, tail, limit) <= limit
            and not self.same(entry, other)
            for other in self._single
        )
