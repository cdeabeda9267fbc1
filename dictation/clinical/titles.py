"""Spoken headings in a Doc, told from the same words inside a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process
from spacy.tokens import Doc

from dictation.grammar.headings import Headings, Title
from dictation.language.phonetics import Phonetics

# A heading is taken when its evidence adds up to this. A title of weight 3 suffices alone.
ACCEPTED = 3.0
# Below this likeness by sound (0–1) words are not the title, however short or broken.
_ALIKE = 0.82
_LONGEST = 5
STOPS = frozenset(".!?:\n")
MARKS = frozenset(".!?:;,–—-()\n")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over the tokens `[start, end)`, marks inside and right after it included."""

    start: int
    end: int
    kind: str
    role: str | None
    score: float


@dataclass(frozen=True, slots=True)
class _Said:
    """One wording of a title; its last `kept` words belong to the section already."""

    words: str
    kept: int
    kind: str
    rank: int
    title: Title


class TitleFinder:
    """Finds the headings of one language's rules."""

    def __init__(self, rules: Headings, phonetics: Phonetics) -> None:
        self._sound = lru_cache(maxsize=10_000)(lambda word: phonetics.sound([word]))
        said = [
            _Said(say.replace("|", ""), len(say.partition("|")[2].split()), section.kind, rank, title)
            for rank, section in enumerate(rules.sections)
            for title in section.titles
            for say in title.say
        ]
        self._said = {"".join(map(self._sound, s.words.split())): s for s in reversed(said)}
        self._match = lru_cache(maxsize=50_000)(self._nearest)
        self._not_after = frozenset(rules.not_after)
        self._not_before = frozenset(rules.not_before)
        self._particles = frozenset(rules.negative_particles)
        self._being = frozenset(rules.being)

    def __call__(self, doc: Doc) -> list[Heading]:
        """The headings in text order, none overlapping another."""
        bare = without_marks(doc)
        found: list[Heading] = []
        opened: set[str] = set()
        rank = -1
        inside: str | None = None
        i = 0
        while i < len(doc):
            best = self._best(doc, i, bare, opened, rank, inside)
            if best is None:
                i += 1
                continue
            rivals = (self._best(doc, j, bare, opened, rank, inside) for j in range(i + 1, best[0].end))
            heading, rank = max((best, *(r for r in rivals if r)), key=lambda found: found[0].score)
            found.append(heading)
            opened.add(heading.kind)
            inside = heading.kind
            i = heading.end
        return found

    def _best(
        self, doc: Doc, i: int, bare: bool, opened: set[str], rank: int, inside: str | None
    ) -> tuple[Heading, int] | None:
        """The likeliest heading that begins at a token, if one is likely enough."""
        weighed = (
            self._weigh(doc, start, end, said, alike, bare, opened, rank, inside)
            for start, end, said, alike in self._candidates(doc, i)
        )
        best = max(weighed, key=lambda found: (found[0].score, found[0].end), default=None)
        return best if best and best[0].score >= ACCEPTED else None

    def _candidates(self, doc: Doc, start: int) -> Iterator[tuple[int, int, _Said, float]]:
        if not doc[start].is_alpha:
            return
        words = 0
        heard = ""
        for end in range(start + 1, min(len(doc), start + 2 * _LONGEST) + 1):
            last = doc[end - 1]
            if last.text in MARKS:
                continue
            sound = self._sound(last.lower_)
            words += 1
            if words > _LONGEST or not sound:
                return
            heard += sound
            match = self._match(heard)
            if match:
                yield start, end, *match

    def _nearest(self, heard: str) -> tuple[_Said, float] | None:
        """The title that sounds most like what was heard, if one sounds like it at all."""
        match = process.extractOne(heard, self._said.keys(), scorer=fuzz.ratio, score_cutoff=100 * _ALIKE)
        return (self._said[match[0]], match[1] / 100) if match else None

    def _weigh(
        self,
        doc: Doc,
        start: int,
        end: int,
        said: _Said,
        alike: float,
        bare: bool,
        opened: set[str],
        rank: int,
        inside: str | None,
    ) -> tuple[Heading, int]:
        """How much speaks for a heading here, and the rank in the order of a note that it would lead to."""
        title = said.title
        score = float(title.weight)
        exact = _same_words(doc, start, end, said.words)
        before = doc[start - 1].text if start else "."
        after = doc[end].text if end < len(doc) else "."
        if before in MARKS:
            score += 2 if before in STOPS else 1
        if after in MARKS:
            score += 1
        if bare:
            score += 1
        score += 0.5 * (len(said.words.split()) - 1)
        if said.rank >= rank and (said.kind not in opened or title.role):
            score += 1
        elif title.weight < 3 and said.kind in opened and not title.role:
            score -= 1
        if title.role and title.weight < 3 and inside != "diagnosis":
            score -= 3
        if not exact and any(token.lower_ in self._particles for token in doc[start:end]):
            score = 0.0
        if not exact:
            score -= 6 * (1 - alike) + 0.5
        if title.weight < 3 or not exact:
            score -= self._in_sentence(doc, start, end, exact)
        end -= said.kept
        while end < len(doc) and doc[end].text in MARKS:
            end += 1
        return Heading(start, end, said.kind, title.role, score), max(rank, said.rank)

    def _in_sentence(self, doc: Doc, start: int, end: int, exact: bool) -> float:
        """What speaks against a heading: words that tie it into a sentence."""
        against = 0.0
        previous = doc[start - 1] if start else None
        if previous is not None and previous.text not in MARKS:
            denied = start > 1 and previous.lemma_ in self._being and doc[start - 2].lower_ in self._particles
            if not denied and (previous.lower_ in self._not_after or previous.lemma_ in self._not_after):
                against += 3
        following = doc[end] if end < len(doc) else None
        if following is not None and following.lower_ in self._particles:
            following = doc[end + 1] if end + 1 < len(doc) and doc[end + 1].lemma_ not in self._being else None
        if following is not None and (following.lower_ in self._not_before or following.lemma_ in self._not_before):
            against += 2
        if not exact and previous is not None and previous.text not in STOPS:
            against += 1
        return against


def _same_words(doc: Doc, start: int, end: int, words: str) -> bool:
    said = [token.lower_.replace("ё", "е") for token in doc[start:end] if token.text not in MARKS]
    return said == words.replace("ё", "е").split()


def without_marks(doc: Doc) -> bool:
    """Whether the text came without punctuation: fewer than one mark in forty words."""
    return sum(token.text in MARKS for token in doc) * 40 < len(doc)
