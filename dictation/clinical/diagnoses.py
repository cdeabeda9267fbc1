"""The component `med_diagnoses`: diagnoses with their roles and the ICD-10 codes that their words support."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.diagnosis_parts import EXACT, DiagnosisParter
from dictation.clinical.facts import Candidate, Diagnosis, Medication, Section, get, put
from dictation.clinical.icd10 import Coder, coder, is_known, recorded
from dictation.clinical.templates import Stems, Template
from dictation.grammar.diagnosis_cues import diagnosis_cues
from dictation.grammar.endings import stemmer
from dictation.grammar.syntax import syntax

# Calibrated on real notes with benchmarks/icd10.py: from SURE on, and SURELY ahead of every other rubric, the
# rubric is right as often as a doctor's; below LIKELY a code would be a guess.
SURE = 0.85
AHEAD = 0.02
LIKELY = 0.5
# A sentence of a diagnosis section is a diagnosis of its own only if it names a disease this clearly.
_DISEASE = 0.6
# Prose needs this much after a weak cue ("это …").
_CLEAR = 0.8
# Two subcategories nearer than this are told apart by nothing that was said.
_TWIN = 0.002

_ENDS = frozenset({".", ";", "?", "!"})
_WRITTEN_CODE = re.compile(r"([A-ZА-Я])\s?(\d\d)(?:[.,](\d{1,2}))?", re.IGNORECASE)
_BARE_CODE = re.compile(r"[A-Z]\d\d\.\d{1,2}")


@Language.factory("med_diagnoses", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> DiagnosisReader:  # noqa: ARG001 — spaCy passes both
    return DiagnosisReader(language)


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens `[start, end)` with the role they were announced with."""

    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class _Said:
    """A dictated code in tokens `[start, end)`; `code` is None where it could not be read."""

    start: int
    end: int
    code: str | None


class DiagnosisReader:
    """Puts `Diagnosis` facts. Reasons: no-code, ambiguous-code, unknown-code, uncertain."""

    def __init__(self, language: str) -> None:
        cues = diagnosis_cues(language)
        stem = stemmer(language)
        self._stem = stem
        self._language = language
        self._conjunctions = frozenset(syntax(language).conjunctions)
        self._statements = Template(cues.statements, stem)
        self._weak = Template(cues.weak_statements, stem)
        self._leads = Template(cues.leads, stem)
        self._roles = {role: Template(says, stem) for role, says in cues.roles.items()}
        self._doubts = Template(cues.doubts, stem)
        self._code = Template(cues.code, stem)
        self._letters = {said.replace("ё", "е"): letter for said, letter in cues.letters.items()}
        self._point = frozenset(stem(word) for word in cues.point)

    @property
    def _coder(self) -> Coder:
        return coder(self._language)

    def __call__(self, doc: Doc) -> Doc:
        put(doc, Diagnosis, self.read(doc))
        return doc

    def read(self, doc: Doc) -> list[Diagnosis]:
        """The diagnoses of a document, in text order."""
        words = [token.text for token in doc]
        stems = Stems(words, self._stem)
        sections = [s for s in get(doc, Section) if s.kind == "diagnosis"]
        parts = [part for section in sections for part in self._parts(stems, words, section)]
        if not sections:
            parts = list(self._stated(doc, stems, words))
        prescriptions = [fact.start for fact in get(doc, Medication) if fact.intent == "prescribed"]
        found: list[Diagnosis] = []
        for part in parts:
            end = min((start for start in prescriptions if part.start < start < part.end), default=part.end)
            found.extend(self._read_part(doc, stems, words, replace(part, end=end)))
        return found

    def _parts(self, stems: Stems, words: list[str], section: Section) -> Iterator[_Part]:
        """A section cut at the sub-headings inside it."""
        role = section.role or "main"
        start = section.start
        for i in range(section.start, section.end):
            if i > section.start and words[i - 1] not in _ENDS:
                continue
            announced = self._announced(stems, words, i, section.end)
            if announced is not None:
                if i > start:
                    yield _Part(start, i, role)
                role, start = announced
        if section.end > start:
            yield _Part(start, section.end, role)

    def _announced(self, stems: Stems, words: list[str], i: int, end: int) -> tuple[str, int] | None:
        """A sub-heading at a token that the diagnosis follows, and where that begins."""
        for role, template in self._roles.items():
            found = template.at(stems, i, end)
            if found is not None and found.end < end:
                after = found.end
                while after < end and words[after] in (".", ":", ",", "-", "–", "—"):
                    after += 1
                return role, after
        return None

    def _stated(self, doc: Doc, stems: Stems, words: list[str]) -> Iterator[_Part]:
        """Prose without a diagnosis section: what follows "расцениваю как …" up to the end of the sentence."""
        end = 0
        strong = [(f.end, True) for f in self._statements.within(stems, 0, len(words))]
        weak = [(f.end, False) for f in self._weak.within(stems, 0, len(words))]
        for start, is_strong in sorted(strong + weak):
            if start < end or start >= len(words):
                continue
            stop = next((i for i in range(start, len(words)) if words[i] in _ENDS), len(words))
            candidates = self._coder.candidates(doc[start:stop].text)
            if candidates and candidates[0].score >= (_DISEASE if is_strong else _CLEAR):
                yield _Part(start, stop, "main")
                end = stop

    def _read_part(self, doc: Doc, stems: Stems, words: list[str], part: _Part) -> Iterator[Diagnosis]:
        """The sentences of a part; one that names no disease continues the diagnosis before it."""
        start = self._after_leads(stems, part.start, part.end)
        groups: list[tuple[int, int]] = []
        for begin, end in _sentences(words, start, part.end):
            if (groups and not self._names_disease(doc, stems, begin, end)) or (
                groups and not self._names_disease(doc, stems, *groups[-1])
            ):
                groups[-1] = (groups[-1][0], end)
            else:
                groups.append((begin, end))
        for begin, end in groups:
            several = DiagnosisParter(self._coder, self._conjunctions)(doc, begin, end)
            for number, one in enumerate(several):
                role = "comorbid" if number and part.role == "main" else part.role
                diagnosis = self._diagnosis(doc, stems, words, _Part(one.start, one.end, role))
                if diagnosis is not None:
                    doubts = ("uncertain",) if one.doubtful else ()
                    yield replace(diagnosis, reasons=(*diagnosis.reasons, *doubts))

    def _after_leads(self, stems: Stems, start: int, end: int) -> int:
        while start < end:
            found = self._statements.at(stems, start, end) or self._leads.at(stems, start, end)
            if found is None or self._doubts.at(stems, start, end) is not None:
                break
            start = found.end
        return start

    def _names_disease(self, doc: Doc, stems: Stems, start: int, end: int) -> bool:
        said = self._said_code(stems, start, end)
        if said is not None and said.start == start:
            return False
        candidates = self._coder.candidates(doc[start:end].text)
        return bool(candidates) and candidates[0].score >= _DISEASE

    def _diagnosis(self, doc: Doc, stems: Stems, words: list[str], part: _Part) -> Diagnosis | None:
        said = self._said_code(stems, part.start, part.end)
        kept = [i for i in range(part.start, part.end) if said is None or not said.start <= i < said.end]
        text = _tidy("".join(doc[i].text_with_ws for i in kept))
        if not text and (said is None or said.code is None):
            return None
        candidates = self._coder.candidates(text) if text else ()
        code, reasons = self._decide(text, candidates, said)
        doubted = self._doubts.last(stems, part.start, part.end) is not None
        role = "preliminary" if doubted and part.role == "main" else part.role
        title = self._coder.title(code) if code else None
        end = part.end
        while end - 1 > part.start and (words[end - 1] in _ENDS or words[end - 1] == ","):
            end -= 1
        return Diagnosis(part.start, end, reasons, text or code or "", role, code, title, candidates)

    def _decide(
        self, text: str, candidates: tuple[Candidate, ...], said: _Said | None
    ) -> tuple[str | None, tuple[str, ...]]:
        """The code and what is to be doubted about it. A dictated code is taken as it is."""
        if said is not None and said.code is not None:
            reasons = []
            if not is_known(said.code):
                reasons.append("unknown-code")
            elif (
                candidates and candidates[0].score >= SURE and said.code[:3] not in {c.icd10[:3] for c in candidates}
            ):
                reasons.append("ambiguous-code")
            return said.code, tuple(reasons)
        unread = ("unknown-code",) if said is not None else ()
        if not candidates or candidates[0].score < LIKELY:
            return None, (*unread, "no-code")
        best = candidates[0]
        code = recorded(best.icd10)
        if not is_known(code):
            unread = (*unread, "unknown-code")
        rival = next((c for c in candidates if c.icd10[:3] != best.icd10[:3]), None)
        sure = best.score >= SURE and (rival is None or best.score - rival.score >= AHEAD)
        twin = next((c for c in candidates[1:] if c.icd10[:3] == best.icd10[:3]), None)
        guessed = "." in best.icd10 and twin is not None and "." in twin.icd10 and best.score - twin.score < _TWIN
        if not sure or guessed or self._second_disease(text, best):
            return code, (*unread, "ambiguous-code")
        return code, unread

    def _second_disease(self, text: str, best: Candidate) -> bool:
        """Whether a part between commas names a disease of another rubric so well that one code is too few, unless
        the whole is the name of that one."""
        parts = [part for part in text.split(",") if part.strip()]
        if len(parts) < 2 or best.score >= EXACT:
            return False
        first = [self._coder.candidates(part) for part in parts]
        clear = {c[0].icd10[:3] for c in first if c and c[0].score >= EXACT}
        return bool(clear - {best.icd10[:3]})

    def _said_code(self, stems: Stems, start: int, end: int) -> _Said | None:
        """A code dictated inside tokens `[start, end)`."""
        for i in range(start, end):
            if _BARE_CODE.fullmatch(stems.stems[i].upper()):
                cue = self._code.last(stems, start, i)
                begin = cue.start if cue is not None and cue.end == i else i
                return _Said(begin, i + 1, stems.stems[i].upper())
        for found in self._code.within(stems, start, end):
            code, after = self._spelled(stems.stems, found.end, end)
            return _Said(found.start, after, code)
        return None

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
        match = _WRITTEN_CODE.fullmatch(f"{letter}{digits}")
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


def _sentences(words: list[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for i in range(start, end):
        if words[i] in _ENDS:
            if i > begin:
                yield begin, i + (words[i] == "?")
            begin = i + 1
    if end > begin:
        yield begin, end


def _tidy(text: str) -> str:
    """One line, no marks at its ends or doubled inside, a capital first."""
    text = re.sub(r"\s+", " ", text)
    text = re.sub(r"\s*([.,;:])(?:\s*[.,;:])+", r"\1", text)
    text = text.strip(" .,;:-–—")
    return text[:1].upper() + text[1:]
