"""Codes of ICD-10 that were dictated with a diagnosis."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from dictation.clinical.facts import Candidate
from dictation.clinical.icd10 import is_known
from dictation.clinical.templates import Stems, Template
from dictation.grammar.diagnosis_cues import DiagnosisCues, diagnosis_cues

# Below this a candidate is a guess, and bears nothing out.
LIKELY = 0.5
# One so far behind the best is another disease: type 1 diabetes where type 2 was said.
NEAR = 0.1

_WRITTEN = re.compile(r"([A-ZА-Я])\s?(\d\d)(?:[.,](\d{1,2}))?", re.IGNORECASE)
_BARE = re.compile(r"[A-Z]\d\d\.\d{1,2}")
_CATEGORY = re.compile(r"[A-Z]\d\d")
_FIGURES = re.compile(r"\d\d")
_MARKS = frozenset(",.;:-–—")


@dataclass(frozen=True, slots=True)
class SaidCode:
    """A dictated code in tokens `[start, end)`; `code` is None where it could not be read. One that nobody announced
    is `unsure`: it counts where the diagnosis bears it out, or where it is `apart` by a mark."""

    start: int
    end: int
    code: str | None
    unsure: bool = False
    apart: bool = False


def bears_out(candidates: Sequence[Candidate], code: str, language: str) -> bool:
    """Whether the words of a diagnosis name the rubric of the code, or a disease that the code tells the organ of."""
    likely = candidates[0].score - NEAR if candidates else 1.0
    rubrics = {code[:3], *(cause[:3] for cause in diagnosis_cues(language).asterisks.get(code, ()))}
    return any(found.icd10[:3] in rubrics and found.score >= max(LIKELY, likely) for found in candidates)


class SaidCodes:
    """Finds them in tokens."""

    def __init__(self, cues: DiagnosisCues, stem: Callable[[str], str]) -> None:
        self._cue = Template(cues.code, stem)
        self._letters = {said.replace("ё", "е"): letter for said, letter in cues.letters.items()}
        self._words = frozenset(cues.letters_as_words)
        self._point = frozenset(stem(word) for word in cues.point)

    def within(self, stems: Stems, start: int, end: int) -> Iterator[SaidCode]:
        """Codes inside tokens `[start, end)`, in text order."""
        after = start
        while (found := self._first(stems, after, end)) is not None:
            yield found
            after = max(found.end, after + 1)

    def _first(self, stems: Stems, start: int, end: int) -> SaidCode | None:
        for i in range(start, end):
            if _BARE.fullmatch(stems.stems[i].upper()):
                return SaidCode(i, i + 1, stems.stems[i].upper())
            found = self._cue.at(stems, i, end)
            if found is not None:
                begin = found.end
                while begin < end and stems.stems[begin] in _MARKS:
                    begin += 1
                if begin < end and _BARE.fullmatch(stems.stems[begin].upper()):
                    return SaidCode(i, begin + 1, stems.stems[begin].upper())
                spelled, after = self._spelled(stems.stems, found.end, end)
                return SaidCode(i, after, spelled)
        return None

    def at_end(self, words: Sequence[str], start: int, end: int) -> SaidCode | None:
        """A code without its last figure, not announced, at the end of tokens `[start, end)`: "J06", "и 10"."""
        while end > start and words[end - 1] in _MARKS:
            end -= 1
        if end <= start:
            return None
        if _CATEGORY.fullmatch(words[end - 1]):
            code, begin = words[end - 1], end - 1
        else:
            letter = self._letters.get(words[end - 2].lower()) if end - 2 > start else None
            if letter is None or not _FIGURES.fullmatch(words[end - 1]):
                return None
            code, begin = letter + words[end - 1], end - 2
        if not is_known(code):
            return None
        apart = begin > start and words[begin - 1] in _MARKS and words[begin].lower() not in self._words
        return SaidCode(begin, end, code, unsure=True, apart=apart)

    def _spelled(self, stems: Sequence[str], start: int, end: int) -> tuple[str | None, int]:
        """A code spelled over several tokens ("джи 43 точка 0"), and where it ends."""
        if start >= end:
            return None, end
        letter, rest = self._letter(stems[start])
        if letter is None:
            return None, start
        digits, i = rest, start + 1
        pointed = "." in rest
        while i < end:
            word = stems[i]
            if re.fullmatch(r"\d{1,2}(?:[.,]\d{1,2})?", word) and len(digits.replace(".", "")) < 4:
                digits += word.replace(",", ".")
            elif word in self._point and not pointed and i + 1 < end and stems[i + 1].isdigit():
                digits += "."
            else:
                break
            pointed = "." in digits
            i += 1
        match = _WRITTEN.fullmatch(f"{letter}{digits}")
        if match is None:
            return None, i
        return f"{letter}{match[2]}" + (f".{match[3]}" if match[3] else ""), i

    def _letter(self, stem: str) -> tuple[str | None, str]:
        """The Latin letter that a token says, and the digits written right after it."""
        match = re.fullmatch(r"([^\W\d_]+)(\d.*)?", stem)
        if match is None:
            return None, ""
        said, rest = match[1], (match[2] or "").replace(",", ".")
        if len(said) == 1 and said.isascii():
            return said.upper(), rest
        letter = self._letters.get(said)
        return (letter, rest) if letter else (None, "")
