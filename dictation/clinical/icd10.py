"""ICD-10 codes for diagnoses as doctors say them: ranked candidates, and the diagnoses of a whole note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from dictation.clinical.facts import Candidate
from dictation.clinical.icd10_index import SoftIndex
from dictation.clinical.icd10_table import import_table, imported_titles, is_known, recorded
from dictation.clinical.icd10_words import diagnosis_words
from dictation.grammar.diagnoses import diagnoses
from dictation.grammar.diagnosis_cues import diagnosis_cues
from dictation.loading import loading

__all__ = ["Coder", "NotedDiagnosis", "coder", "import_table", "is_known", "recorded"]

MOST = 10
# Below this a text is no known diagnosis; set on the development notes.
_DISEASE = 0.5
# Titles of the table are the office's wording, the lexicon's names the doctor's: at equal scores the latter win.
_TITLE = 0.96
# Words that weigh less than this together name no disease by themselves ("острый").
_TELLING = 0.7
# Covered from so much on, a text and a name are the same, however little their words tell ("слабость").
_WHOLE = 0.999
# Candidates below this, or so far behind the first, are not worth showing.
_LEAST = 0.05
_FAR = 0.3
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_MARK = re.compile(r"[.;?!\n,:+]+|\s[-–—]\s")
_HARD = frozenset(".;?!\n")
_WORD = re.compile(r"[^\s.;?!,:+()]+\.?")
_DIGITS = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class NotedDiagnosis:
    """A diagnosis found in a note, at its characters."""

    start: int
    end: int
    text: str
    icd10: str | None
    candidates: tuple[Candidate, ...]


class Coder:
    """The lexicon of spoken diagnoses and, unless `lexicon_only`, the imported table, as one ranking."""

    def __init__(self, language: str, lexicon_only: bool = False) -> None:
        self._words = diagnosis_words(language)
        self._joins = _any_of(diagnosis_cues(language).joins)
        titles = {} if lexicon_only else imported_titles()
        texts: list[frozenset[str]] = []
        codes: list[str] = []
        factors: list[float] = []
        self._titles = dict(titles)

        def add(code: str, text: str, factor: float) -> None:
            stems = frozenset(self._words.stems(text))
            if stems:
                texts.append(stems)
                codes.append(code)
                factors.append(factor)

        for entry in diagnoses(language):
            self._titles.setdefault(entry.icd10, entry.title)
            for name in entry.names:
                add(entry.icd10, name, 1.0)
            add(entry.icd10, _IN_BRACKETS.sub(" ", entry.title), _TITLE)
        for code, title in titles.items():
            add(code, _IN_BRACKETS.sub(" ", title), _TITLE)
        self._codes = codes
        self._factors = np.array(factors, dtype=np.float32)
        self._index = SoftIndex(texts, self._words.weight)
        self._ranked = lru_cache(maxsize=2_000)(self._rank)

    def candidates(self, text: str) -> tuple[Candidate, ...]:
        """At most ten codes, best first; empty where no word of the text is known."""
        return self._ranked(tuple(self._words.stems(text)))

    def title(self, code: str) -> str | None:
        """The title of a code, or of its rubric, in the lexicon or the imported table."""
        return self._titles.get(code) or self._titles.get(code[:3])

    def note(self, text: str) -> tuple[NotedDiagnosis, ...]:
        """The diagnoses of free text, in text order."""
        found = []
        for atoms in self._sentences(text):
            for first, last in self._best_parts(text, atoms):
                start, end = atoms[first][0], atoms[last][1]
                candidates = self.candidates(text[start:end])
                found.append(NotedDiagnosis(start, end, text[start:end], candidates[0].icd10, candidates))
        return tuple(found)

    def _rank(self, stems: tuple[str, ...]) -> tuple[Candidate, ...]:
        if not self._codes or not stems:
            return ()
        scores, text_share, query_share = self._index.scores(stems)
        telling = sum(self._words.weight(stem) for stem in set(stems))
        whole = np.minimum(text_share, query_share) >= _WHOLE
        scores = scores * self._factors * np.where(whole, 1.0, min(1.0, telling / _TELLING))
        best: dict[str, float] = {}
        worth = np.flatnonzero(scores >= max(_LEAST, _FAR * float(scores.max())))
        for number in worth[np.argsort(-scores[worth], kind="stable")]:
            best.setdefault(self._codes[number], float(scores[number]))
        ranked = sorted(best.items(), key=lambda item: (-round(item[1], 4), item[0]))[:MOST]
        return tuple(Candidate(code, self._titles[code], min(1.0, score)) for code, score in ranked)

    def _sentences(self, text: str) -> Iterator[list[tuple[int, int]]]:
        """Sentences as lists of atoms: stretches between marks, joining words and capital letters."""
        atoms: list[tuple[int, int]] = []
        for start, end, hard in self._stretches(text):
            for a, b in self._at_capitals(text, start, end):
                trimmed = text[a:b].strip(" \t\r()\"'«»-–—")
                if trimmed:
                    at = text.index(trimmed, a)
                    atoms.append((at, at + len(trimmed)))
            if hard and atoms:
                yield atoms
                atoms = []
        if atoms:
            yield atoms

    def _stretches(self, text: str) -> Iterator[tuple[int, int, bool]]:
        """Characters between marks; the flag tells that the mark ends a sentence."""
        start = 0
        marks = [(m.start(), m.end(), bool(_HARD & set(m.group()))) for m in _MARK.finditer(text)]
        marks += [(m.start(), m.end(), False) for m in self._joins.finditer(text)]
        for mark, after, hard in sorted(marks):
            if mark < start:
                continue
            if text[mark] == "." and self._inside(text, mark):
                continue
            yield start, mark, hard
            start = after
        yield start, len(text), True

    def _inside(self, text: str, dot: int) -> bool:
        """Whether a full stop belongs to a short form, a number or a code."""
        word = re.search(r"[^\s.;?!,:+()]*$", text[:dot])
        return bool(word and word.group() and self._words.is_abbreviation(word.group() + ".")) or bool(
            dot + 1 < len(text) and dot > 0 and text[dot + 1].isdigit() and text[dot - 1].isdigit()
        )

    def _at_capitals(self, text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        """A word with a capital after one in lower case may begin another diagnosis."""
        begin, before = start, ""
        for match in _WORD.finditer(text, start, end):
            word = match.group()
            if before and len(word) > 3 and word[0].isupper() and word[1:].islower() and match.start() > begin:
                yield begin, match.start()
                begin = match.start()
            before = word
        yield begin, end

    def _best_parts(self, text: str, atoms: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The way to put neighbouring atoms together that explains most of the sentence by diagnoses."""
        value = [0.0] * (len(atoms) + 1)
        choice: list[tuple[int, int] | None] = [None] * (len(atoms) + 1)
        for end in range(1, len(atoms) + 1):
            value[end], choice[end] = value[end - 1], None
            for begin in range(max(0, end - 3), end):
                gain = value[begin] + self._gain(text[atoms[begin][0] : atoms[end - 1][1]])
                if gain > value[end] + 1e-6:
                    value[end], choice[end] = gain, (begin, end - 1)
        parts, at = [], len(atoms)
        while at > 0:
            chosen = choice[at]
            if chosen is not None:
                parts.append(chosen)
                at = chosen[0]
            else:
                at -= 1
        return parts[::-1]

    def _gain(self, text: str) -> float:
        """How much is explained by taking a stretch for one diagnosis: its score above the least, times its words."""
        candidates = self.candidates(text)
        if not candidates or candidates[0].score < _DISEASE:
            return 0.0
        mass = sum(self._words.weight(stem) for stem in dict.fromkeys(self._words.stems(text)))
        return (candidates[0].score - _DISEASE + 0.1) * mass


def _any_of(wordings: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the wordings as whole words; `слово*` as the beginning of one."""
    longest_first = sorted(wordings, key=len, reverse=True)
    sources = [re.escape(w.rstrip("*")) + (r"\w*" if w.endswith("*") else r"(?!\w)") for w in longest_first]
    return re.compile(rf"(?<!\w)(?:{'|'.join(sources)})", re.IGNORECASE)


@cache
@loading()
def coder(language: str) -> Coder:
    """The coder of a language, built once."""
    return Coder(language)
