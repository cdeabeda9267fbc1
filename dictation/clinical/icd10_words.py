"""A diagnosis as words to look up: abbreviations written out, endings cut, telling words told from the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache

from dictation.grammar.diagnosis_cues import diagnosis_cues
from dictation.grammar.endings import stemmer

_TOKEN = re.compile(r"\d+(?:[.,]\d+)?|[^\W\d_]+(?:[/\\-]*[^\W_]+)*[./\\-]?\.?|\d+-?[^\W\d_]+\.?")
# Stands before a number that grades a disease, so that it is not taken for one that names it ("2 типа").
GRADE = "°"
_PARTS = re.compile(r"[^\W_]+")


class DiagnosisWords:
    """Cuts a diagnosis into stems and weighs them."""

    def __init__(self, language: str) -> None:
        cues = diagnosis_cues(language)
        self._stem = stemmer(language)
        self._abbreviations = {key.lower(): full.split() for key, full in cues.abbreviations.items()}
        self._exact: dict[str, float] = {}
        self._prefixes = {GRADE: cues.grade_weight}
        for group in cues.weights:
            for word in group.words:
                if word.endswith("*"):
                    self._prefixes.setdefault(word[:-1], group.weight)
                else:
                    self._exact[self._stem(word)] = group.weight
        self._graded = cues.graded
        self._parts = lru_cache(maxsize=50_000)(self._find_parts)
        self.weight: Callable[[str], float] = lru_cache(maxsize=50_000)(self._weight)

    def stems(self, text: str) -> list[str]:
        """The stems of a text in order; abbreviations written out."""
        stems: list[str] = []
        for token in _TOKEN.findall(text.lower().replace("ё", "е").replace("\\", "/")):
            stems.extend(self._parts(token))
        for i, stem in enumerate(stems):
            if not stem.isdigit():
                continue
            after = i + 2 + (i + 1 < len(stems) and len(stems[i + 1]) == 1)  # a part of a stage: "3 а стадии"
            if any(other.startswith(self._graded) for other in stems[max(0, i - 1) : after]):
                stems[i] = GRADE + stem
        return stems

    def _find_parts(self, token: str) -> tuple[str, ...]:
        return tuple(self._stem(part) for word in self.expand(token) for part in _PARTS.findall(word))

    def expand(self, token: str) -> list[str]:
        """A short form as full words, anything else as it is."""
        return self._abbreviations.get(token) or self._abbreviations.get(token.rstrip(".")) or [token]

    def is_abbreviation(self, token: str) -> bool:
        """Whether a token with its full stop ("хр.") is a known short form: the stop ends no sentence then."""
        return token.lower().replace("ё", "е").replace("\\", "/") in self._abbreviations

    def _weight(self, stem: str) -> float:
        if stem in self._exact:
            return self._exact[stem]
        beginnings = (stem[:length] for length in range(len(stem), 0, -1))
        return next((self._prefixes[begins] for begins in beginnings if begins in self._prefixes), 1.0)


@cache
def diagnosis_words(language: str) -> DiagnosisWords:
    return DiagnosisWords(language)
