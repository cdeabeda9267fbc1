"""What was heard against what was said, counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from rapidfuzz.distance import Levenshtein

from benchmarks.respelling import kept
from dictation.replay.word_errors import word_errors


@dataclass(frozen=True, slots=True)
class Counts:
    """Of any number of recordings together; a share is taken of the sums."""

    words: int = 0
    wrong: int = 0
    letters: int = 0
    wrong_letters: int = 0
    terms: int = 0
    terms_heard: int = 0
    drugs: int = 0
    drugs_heard: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(Counts)))

    @property
    def word_error(self) -> float:
        return self.wrong / max(self.words, 1)

    @property
    def letter_error(self) -> float:
        return self.wrong_letters / max(self.letters, 1)

    @property
    def term_recall(self) -> float | None:
        return self.terms_heard / self.terms if self.terms else None

    @property
    def drug_recall(self) -> float | None:
        return self.drugs_heard / self.drugs if self.drugs else None


def count(said: Sequence[str], heard: Sequence[str], terms: frozenset[str], drugs: frozenset[str]) -> Counts:
    """Errors are insertions, deletions and substitutions, of words and of letters (spaces counted). A term counts as
    heard where it stands in its place, spelled as it was said, ending included."""
    right = kept(said, heard)
    letters, heard_letters = " ".join(said), " ".join(heard)
    places = {
        kind: [at for at, word in enumerate(said) if word in known] for kind, known in (("t", terms), ("d", drugs))
    }
    return Counts(
        words=len(said),
        wrong=word_errors(said, heard),
        letters=len(letters),
        wrong_letters=Levenshtein.distance(letters, heard_letters),
        terms=len(places["t"]),
        terms_heard=sum(at in right for at in places["t"]),
        drugs=len(places["d"]),
        drugs_heard=sum(at in right for at in places["d"]),
    )
