"""Spoken headings in a Doc, told from the same words inside a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz, process
from spacy.tokens import Doc

from dictation.clinical.morphology import parses
from dictation.grammar.headings import Headings, Title
from dictation.language.phonetics import Phonetics

# A heading is taken when its evidence adds up to this. A title of weight 3 suffices alone.
ACCEPTED = 3.0
# Below this likeness by sound (0–1) words are not the title, however short or broken.
_ALIKE = 0.82
_LONGEST = 5
# What each word more adds, and what the unlike part of a misheard title takes away.
_LONGER = 0.5
_UNLIKE = 6.0
# One word that the dictionary knows is hardly a title misheard: another word was meant.
_ANOTHER_WORD = 1.5
# What it costs a sure title to stand inside a sentence, where there are marks to go by.
_MID_SENTENCE = 2.0
# So many tokens without a mark on either side: there is no punctuation to go by.
_STRETCH = 12
_DIAGNOSIS = "diagnosis"
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
    exact: bool


@dataclass(frozen=True, slots=True)
class _Said:
    """One wording of a title; its last `kept` words belong to the section already."""

    words: str
    kept: int
    kind: str
    rank: int
    title: Title


@dataclass(slots=True)
class _Note:
    """What was opened so far: the kinds, the furthest rank in the usual order, the kind we are in."""

    opened: set[str] = field(default_factory=set)
    rank: int = -1
    inside: str | None = None


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
        note = _Note()
        found: list[Heading] = []
        i = 0
        while i < len(doc):
            best = self._best(doc, i, note)
            if best is None:
                i += 1
                continue
            rivals = (self._best(doc, j, note) for j in range(i + 1, best[0].end))
            heading, said = max((best, *(r for r in rivals if r)), key=lambda weighed: weighed[0].score)
            found.append(heading)
            note.opened.add(heading.kind)
            note.inside = heading.kind
            note.rank = max(note.rank, said.rank)
            i = max(heading.end, heading.start + 1)
        return found

    def _best(self, doc: Doc, i: int, note: _Note) -> tuple[Heading, _Said] | None:
        """The likeliest heading that begins at a token, if one is likely enough."""
        weighed = [
            (self._heading(doc, start, end, said, self._weight(doc, start, end, said, alike, note)), said)
            for start, end, said, alike in self._candidates(doc, i)
        ]
        enough = [pair for pair in weighed if pair[0].score >= ACCEPTED]
        return max(enough, key=lambda pair: _preference(pair[0]), default=None)

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

    def _heading(self, doc: Doc, start: int, end: int, said: _Said, score: float) -> Heading:
        exact = _same_words(doc, start, end, said.words)
        end -= said.kept
        while end < len(doc) and doc[end].text in MARKS:
            end += 1
        return Heading(start, end, said.kind, said.title.role, score, exact)

    def _weight(self, doc: Doc, start: int, end: int, said: _Said, alike: float, note: _Note) -> float:
        """How much speaks for a heading here: the title itself, marks around it, its place in the order of a note;
        against it, words that differ and words that tie it into a sentence."""
        title = said.title
        weight = title.weight + _LONGER * (len(said.words.split()) - 1)
        before = doc[start - 1].text if start else "."
        after = doc[end].text if end < len(doc) else "."
        weight += 2 if before in STOPS else before in MARKS
        weight += after in MARKS
        unmarked = _unmarked(doc, start, end)
        weight += unmarked
        if title.weight == 3 and not unmarked and before not in MARKS:
            weight -= _MID_SENTENCE
        if said.rank >= note.rank and (said.kind not in note.opened or title.role):
            weight += 1
        elif title.weight < 3 and said.kind in note.opened and not title.role:
            weight -= 1
        if title.role and title.weight < 3 and note.inside != _DIAGNOSIS:
            weight -= 3
        if not _same_words(doc, start, end, said.words):
            if {doc[start].lower_, doc[end - 1].lower_} & self._particles:
                return 0.0
            weight -= _UNLIKE * (1 - alike) + (0.5 if before in MARKS else 1.0)
            if title.weight < 3 and end == start + 1 and parses(doc[start].text)[0].is_known:
                weight -= _ANOTHER_WORD
        return weight - self._in_sentence(doc, start, end, sure=title.weight == 3)

    def _in_sentence(self, doc: Doc, start: int, end: int, *, sure: bool) -> float:
        """What speaks against a heading: words that tie it into a sentence."""
        against = 0.0
        if start and doc[start - 1].text not in MARKS:
            previous = doc[start - 1]
            denied = start > 1 and previous.lemma_ in self._being and doc[start - 2].lower_ in self._particles
            if not denied and (previous.lower_ in self._not_after or previous.lemma_ in self._not_after):
                against += 3
        following = doc[end] if end < len(doc) and not sure else None
        if following is not None and following.lower_ in self._particles:
            following = doc[end + 1] if end + 1 < len(doc) and doc[end + 1].lemma_ not in self._being else None
        if following is not None and (following.lower_ in self._not_before or following.lemma_ in self._not_before):
            against += 2
        return against


def _preference(heading: Heading) -> tuple[bool, float, int]:
    """Of headings at one place: one said in so many words, then the likelier, then the longer."""
    return heading.exact, heading.score, heading.end


def _same_words(doc: Doc, start: int, end: int, words: str) -> bool:
    said = [token.lower_.replace("ё", "е") for token in doc[start:end] if token.text not in MARKS]
    return said == words.replace("ё", "е").split()


def _unmarked(doc: Doc, start: int, end: int) -> bool:
    """Whether the words around come without punctuation."""
    return not any(token.text in MARKS for token in doc[max(0, start - _STRETCH) : end + _STRETCH])


def without_marks(doc: Doc) -> bool:
    """Whether the text came without punctuation: fewer than one mark in forty words."""
    return sum(token.text in MARKS for token in doc) * 40 < len(doc)
