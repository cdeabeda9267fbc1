"""Drug names in a text: INN, trade names and aliases in any case, combinations, and names nearly heard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from rapidfuzz import fuzz, process

from dictation.clinical.morphology import parses
from dictation.clinical.prescription import number_words
from dictation.grammar.drugs import Drug, drugs
from dictation.grammar.endings import stemmer, stems_of
from dictation.grammar.numerals import numerals
from dictation.grammar.prescriptions import prescriptions

# A misheard name must be this like a known one (per cent of equal letters) to be offered for it.
_LIKE = 80.0
# … and so much liker than any other drug's.
_AHEAD = 1.5
_SHORTEST = 6
_DIGIT = re.compile(r"\d")
_NUMBERED = re.compile(r"([^\W\d_]+)-?(\d+)")
# A stem of fewer letters is too little to go by ("Разо", "раз"): such a name must stand as it is.
_TELLING = 4


@dataclass(frozen=True, slots=True)
class DrugName:
    """A drug named in tokens `[start, end)`. `drug` is None where no lexicon knows it."""

    start: int
    end: int
    name: str
    drug: Drug | None
    reasons: tuple[str, ...] = ()


# The first stem of a wording to what it is the first of: the stems of its words, the words, the name, the drug.
_Index = dict[str, list[tuple[tuple[frozenset[str], ...], tuple[str, ...], str, Drug | None]]]


class DrugNames:
    """The lexicon of drugs as a finder of names."""

    def __init__(
        self,
        known: Sequence[Drug],
        binding: Sequence[str],
        listing: Sequence[str],
        digits: Mapping[str, str],
        stem: Callable[[str], str],
        stems: Callable[[str], frozenset[str]],
    ) -> None:
        self._stem = stem
        self._binding = frozenset(binding)
        self._joins = self._binding | frozenset(listing)
        self._by_first: _Index = {}
        self._parts_by_first: _Index = {}
        self._combinations = {frozenset(drug.components): drug for drug in known if drug.components}
        self.by_name = {drug.name: drug for drug in known}
        self._wordings: dict[str, Drug] = {}
        word_keys = cache(lambda word: frozenset(_telling(stem, word) for stem in stems(word)))

        def enter(index: _Index, wording: str, name: str, drug: Drug | None) -> None:
            for words in _spellings(wording, digits):
                keys = tuple(map(word_keys, words))
                for key in keys[0]:
                    index.setdefault(key, []).append((keys, words, name, drug))

        for drug in known:
            for wording in drug.spoken:
                enter(self._by_first, wording, drug.name, drug)
                if len(wording) >= _SHORTEST:
                    self._wordings.setdefault(wording.replace(" ", ""), drug)
        for part in dict.fromkeys(part for drug in known for part in drug.components):
            if part not in self.by_name:
                enter(self._parts_by_first, part, part, None)
        for entries in (*self._by_first.values(), *self._parts_by_first.values()):
            entries.sort(key=lambda entry: -len(entry[0]))
        self._choices = list(self._wordings)

    def find(self, words: Sequence[str]) -> Iterator[DrugName]:
        """Names in text order, combinations as one."""
        keys = [self._key(word) for word in words]
        i = 0
        while i < len(keys):
            found = self._at(self._by_first, keys, words, i) or self._at(self._parts_by_first, keys, words, i)
            named = self._combined(keys, words, found) if found is not None else None
            if named is None:
                i += 1
                continue
            yield named
            i = named.end

    def nearest(self, words: Sequence[str]) -> Drug | None:
        """The known drug that a misheard name may stand for."""
        said = "".join(words).lower().replace("ё", "е").replace("-", "")
        if len(said) < _SHORTEST:
            return None
        likest = process.extract(said, self._choices, scorer=fuzz.ratio, score_cutoff=_LIKE - _AHEAD, limit=4)
        found = [(self._wordings[wording], ratio) for wording, ratio, _ in likest]
        if not found or found[0][1] < _LIKE:
            return None
        drug, ratio = found[0]
        if any(other is not drug and ratio - like < _AHEAD for other, like in found[1:]):
            return None
        return drug

    def _key(self, word: str) -> str:
        return _telling(self._stem(word), word)

    def _at(self, index: _Index, keys: Sequence[str], words: Sequence[str], i: int) -> DrugName | None:
        for wording, spelled, name, drug in index.get(keys[i], ()):
            end = i + len(wording)
            if (
                end <= len(keys)
                and all(key in known for key, known in zip(keys[i:end], wording, strict=True))
                and all(map(_same_word, words[i:end], spelled))
            ):
                return DrugName(i, end, name, drug)
        return None

    def _combined(self, keys: Sequence[str], words: Sequence[str], first: DrugName) -> DrugName | None:
        """ "Амоксициллин с клавулановой кислотой": the combination of two or three names joined by a word. A
        substance that is only given in combinations ("гесперидин") is no drug by itself: None."""
        parts, end = [first], first.end
        while end < len(keys):
            joined = keys[end] in self._joins
            place = end + joined
            follower = self._at(self._by_first, keys, words, place) if place < len(keys) else None
            if follower is None and place < len(keys):
                follower = self._at(self._parts_by_first, keys, words, place)
            if follower is None:
                break
            parts.append(follower)
            end = follower.end
            names = frozenset(
                component for p in parts for component in (p.drug.components if p.drug else ()) or (p.name,)
            )
            known = self._combinations.get(names)
            if known is not None:
                return DrugName(first.start, end, known.name, known)
            if joined and keys[parts[-2].end] in self._binding and all(part.drug for part in parts):
                return DrugName(first.start, end, " + ".join(p.name for p in parts), None, ("unknown-drug",))
        return first if first.drug is not None else None


def _telling(stem: str, word: str) -> str:
    return stem if len(stem) >= _TELLING else word.lower().replace("ё", "е")


def _spellings(wording: str, digits: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    """A wording as words: as it stands, without its hyphens ("ношпа"), and with its number in figures apart ("д3",
    "дэ три" and "омега-3" as "д 3", "дэ 3" and "омега 3")."""
    plain = tuple(wording.split())
    yield plain
    if "-" in wording:
        yield tuple(wording.replace("-", "").split())
    figures = " ".join(digits.get(word, word) for word in plain)
    apart = tuple(_NUMBERED.sub(r"\1 \2", figures).split()) if _DIGIT.search(figures) else plain
    if apart != plain:
        yield apart


@lru_cache(maxsize=20_000)
def _same_word(word: str, name: str) -> bool:
    """Whether words with one stem are one word: "диарее", which a dictionary knows, is no form of "Диара"."""
    readings = parses(word)
    if word.lower().replace("ё", "е") == name.lower().replace("ё", "е") or not readings[0].is_known:
        return True
    return bool({p.normal_form for p in readings} & {p.normal_form for p in parses(name)})


@cache
def drug_names(language: str) -> DrugNames:
    rules = prescriptions(language)
    return DrugNames(
        drugs(language),
        rules.joins,
        rules.lists,
        number_words(numerals(language)),
        stemmer(language),
        stems_of(language),
    )
