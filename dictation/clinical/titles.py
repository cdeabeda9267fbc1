"""Spoken headings in a Doc, told from the same words inside a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq
from spacy.tokens import Doc

from dictation.clinical.morphology import cases, parses
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, is_noun, noun_reading
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
# Words that the dictionary knows are hardly a title misheard: another form was meant.
_ANOTHER_FORM = 1.5
# What part of its sound a correct word must find again in a title that swallows it.
_SWALLOWED = 0.8
# … in runs of so many sounds.
_RUN = 3
# What it costs a sure title to stand inside a sentence, where there are marks to go by.
_MID_SENTENCE = 2.0
# So many tokens on either side without a mark, or in all from one mark to the next: no punctuation to go by.
_STRETCH = 12
_LONG_STRETCH = 18
_DIAGNOSIS = "diagnosis"
_ALLERGIES = "allergies"
# Words that want another behind them.
_LEADING_ON = frozenset({"ADP", "CCONJ", "PART"})
# Cases of what a denial denies: "аллергию отрицает", not "аллергия: нет".
_DENIED = frozenset({"gent", "accs"})
STOPS = frozenset(".!?:\n")
MARKS = frozenset(".!?:;,–—-()\n")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading over the tokens `[start, end)`, marks inside and right after it included. Its wording ends at
    `last`, where words of it belong to the section's text already."""

    start: int
    end: int
    last: int
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
    """How each word of the note sounds, None for a mark; and what was opened so far: the kinds, the furthest rank in
    the usual order, the kind we are in."""

    sounds: list[str | None]
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
            for say in title.wordings()
        ]
        self._said: dict[str, list[_Said]] = {}
        for one in said:
            self._said.setdefault("".join(map(self._sound, one.words.split())), []).append(one)
        self._match = lru_cache(maxsize=50_000)(self._nearest)
        self._of_any = _any_of_its_kind(rules)
        self._not_after = frozenset(rules.not_after)
        self._not_before = frozenset(rules.not_before)
        self._denials = frozenset(rules.denials)
        self._particles = frozenset(rules.negative_particles)
        self._negations = frozenset(rules.negations)
        self._being = frozenset(rules.being)

    def __call__(self, doc: Doc) -> list[Heading]:
        """The headings in text order, none overlapping another."""
        note = _Note([None if token.text in MARKS else self._sound(token.lower_) for token in doc])
        found: list[Heading] = []
        i = 0
        while i < len(doc):
            best = self._best(doc, i, note)
            if best is None:
                i += 1
                continue
            rivals = (self._best(doc, j, note) for j in range(i + 1, best[0].last))
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
            for start, end, said, alike in self._candidates(doc, i, note.sounds)
        ]
        enough = [pair for pair in weighed if pair[0].score >= ACCEPTED]
        return max(enough, key=lambda pair: _preference(pair[0]), default=None)

    def _candidates(self, doc: Doc, start: int, sounds: list[str | None]) -> Iterator[tuple[int, int, _Said, float]]:
        if not doc[start].is_alpha:
            return
        of_any = self._of_any.get(doc[start + 1].lower_) if start + 1 < len(doc) else None
        if of_any is not None and _named_by(doc[start].text):
            yield start, start + 2, replace(of_any, words=f"{doc[start].lower_} {of_any.words}"), 1.0
        words = 0
        heard = ""
        for end, sound in enumerate(sounds[start : start + 2 * _LONGEST], start + 1):
            if sound is None:
                continue
            words += 1
            if words > _LONGEST or not sound:
                return
            heard += sound
            match = self._match(heard)
            if match is None:
                continue
            alike, wordings = match
            said = next((one for one in wordings if _same_words(doc, start, end, one.words)), None)
            if said is not None:
                yield start, end, said, alike
            elif self._misheard(doc, start, end, wordings[0]):
                yield start, end, wordings[0], alike

    def _misheard(self, doc: Doc, start: int, end: int, said: _Said) -> bool:
        """Whether these words may be the title misheard: inside one sentence, without a negation, and no correct
        word among them that is another than the title's."""
        heard = [token for token in doc[start:end] if token.text not in MARKS]
        if any(token.text in STOPS for token in doc[start:end]) or self._negations & {t.lower_ for t in heard}:
            return False
        words = said.words.split()
        if len(words) == len(heard):
            return all(
                token.lower_ == word or not _known(token.text) or _lemmas(token.text) & _lemmas(word)
                for token, word in zip(heard, words, strict=True)
            )
        sounds = [self._sound(token.lower_) for token in heard]
        title = "".join(map(self._sound, words))
        found = {
            i
            for block in LCSseq.opcodes("".join(sounds), title)
            if block.tag == "equal" and block.src_end - block.src_start >= _RUN
            for i in range(block.src_start, block.src_end)
        }
        place = 0
        for token, sound in zip(heard, sounds, strict=True):
            kept = sum(i in found for i in range(place, place + len(sound)))
            place += len(sound)
            if kept < _SWALLOWED * len(sound) and token.lower_ not in words and _known(token.text):
                return False
        return True

    def _nearest(self, heard: str) -> tuple[float, list[_Said]] | None:
        """How alike the title is that sounds most like what was heard, and its wordings of this sound; None where no
        title sounds like it at all."""
        match = process.extractOne(heard, self._said.keys(), scorer=fuzz.ratio, score_cutoff=100 * _ALIKE)
        return (match[1] / 100, self._said[match[0]]) if match else None

    def _heading(self, doc: Doc, start: int, end: int, said: _Said, score: float) -> Heading:
        exact = _same_words(doc, start, end, said.words)
        last = end
        end -= said.kept
        while end < len(doc) and doc[end].text in MARKS:
            end += 1
        return Heading(start, end, last, said.kind, said.title.role, score, exact)

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
        expected = said.rank >= note.rank and (said.kind not in note.opened or bool(title.role))
        if title.weight == 3 and not unmarked and before not in MARKS:
            weight -= 0 if expected and self._heard_well(doc, start, end, said) else _MID_SENTENCE
        if expected:
            weight += 1
        elif title.weight < 3 and said.kind in note.opened and not title.role:
            weight -= 1
        if title.role and title.weight < 3 and note.inside != _DIAGNOSIS:
            weight -= 3
        if not _same_words(doc, start, end, said.words):
            weight -= _UNLIKE * (1 - alike) + (0.5 if before in MARKS else 1.0)
            if title.weight < 3 and all(_known(token.text) for token in doc[start:end] if token.is_alpha):
                weight -= _ANOTHER_FORM
            if end < len(doc) and is_adjective(doc[end - 1]) and is_noun(doc[end]):
                weight -= 3 if attribute_reading(doc[end - 1], noun_reading(doc[end])) is not None else 0
        return weight - self._in_sentence(doc, start, end, said)

    def _heard_well(self, doc: Doc, start: int, end: int, said: _Said) -> bool:
        """Whether a title stands here in so many words, and nothing before it takes it into a sentence."""
        before = doc[start - 1]
        bound = before.pos_ in _LEADING_ON or _named_by(before.text)
        return not bound and _same_words(doc, start, end, said.words)

    def _in_sentence(self, doc: Doc, start: int, end: int, said: _Said) -> float:
        """What speaks against a heading: words that tie it into a sentence."""
        against = 0.0
        if start and doc[start - 1].text not in MARKS:
            previous = doc[start - 1]
            denied = start > 1 and previous.lemma_ in self._being and doc[start - 2].lower_ in self._particles
            if not denied and (previous.lower_ in self._not_after or previous.lemma_ in self._not_after):
                against += 3
        following = doc[end] if end < len(doc) else None
        if following is not None and following.lemma_ in self._denials:
            words = [token.text for token in doc[start:end] if token.text not in MARKS]
            qualified = start > 0 and _named_by(doc[start - 1].text)
            sentence = len(words) > 1 or qualified or all(cases(word) & _DENIED for word in words)
            if said.title.role or (said.title.weight == 1 and sentence):
                return against + 3
            if end == start + 1 and not qualified:
                against -= 1
        if said.title.weight == 3:
            return against
        if following is not None and following.lower_ in self._particles:
            following = doc[end + 1] if end + 1 < len(doc) and doc[end + 1].lemma_ not in self._being else None
        if following is not None and following.pos_ == "ADV" and said.kind == _ALLERGIES and end + 1 < len(doc):
            following = doc[end + 1]
        if following is not None and (following.lower_ in self._not_before or following.lemma_ in self._not_before):
            # "Аллергия не отмечает": no subject of that verb, but a heading and what the patient says to it.
            told = following.tag_.startswith("VERB") and doc[end].lower_ in self._particles
            against += 0 if told and all(cases(token.text) == {"nomn"} for token in doc[start:end]) else 2
        return against


def _any_of_its_kind(rules: Headings) -> dict[str, _Said]:
    """By the noun, the heading of any adjective with it: all of its words stay in the text."""
    ranks = {section.kind: rank for rank, section in enumerate(rules.sections)}
    return {
        noun: _Said(noun, 2, kind, ranks[kind], Title(say=(noun,), weight=2)) for noun, kind in rules.any_of.items()
    }


@lru_cache(maxsize=20_000)
def _lemmas(word: str) -> frozenset[str]:
    return frozenset(p.normal_form for p in parses(word))


def _known(word: str) -> bool:
    """Whether the dictionary has the word: it is hardly another misheard."""
    return bool(parses(word)[0].is_known)


def _named_by(word: str) -> bool:
    """Whether the word is an adjective in the nominative, and no pronoun."""
    return any(p.tag.POS == "ADJF" and p.tag.case == "nomn" and "Apro" not in p.tag for p in parses(word))


def _preference(heading: Heading) -> tuple[bool, float, int]:
    """Of headings at one place: one said in so many words, then the likelier, then the longer."""
    return heading.exact, heading.score, heading.end


def _same_words(doc: Doc, start: int, end: int, words: str) -> bool:
    said = [token.lower_.replace("ё", "е") for token in doc[start:end] if token.text not in MARKS]
    return said == words.replace("ё", "е").split()


def _unmarked(doc: Doc, start: int, end: int) -> bool:
    """Whether the words around come without punctuation."""
    before = next((i for i in range(start - 1, -1, -1) if doc[i].text in MARKS), -1)
    after = next((i for i in range(end, len(doc)) if doc[i].text in MARKS), len(doc))
    near = before >= max(0, start - _STRETCH) or after < min(len(doc), end + _STRETCH)
    return not near or after - before > _LONG_STRETCH


def without_marks(doc: Doc) -> bool:
    """Whether the text came without punctuation: fewer than one mark in forty words."""
    return sum(token.text in MARKS for token in doc) * 40 < len(doc)
