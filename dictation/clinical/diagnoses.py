"""The component `med_diagnoses`: diagnoses with their roles and the ICD-10 codes that their words support."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.diagnosis_parts import EXACT, DiagnosisPart, DiagnosisParter
from dictation.clinical.facts import Candidate, Diagnosis, Medication, Section, get, put
from dictation.clinical.icd10 import Coder, coder, is_known, recorded
from dictation.clinical.said_codes import LIKELY, SaidCode, SaidCodes, bears_out
from dictation.clinical.templates import Stems, Template
from dictation.grammar.diagnosis_cues import diagnosis_cues
from dictation.grammar.endings import stemmer
from dictation.grammar.syntax import syntax

# Calibrated on real notes with benchmarks/icd10.py: from SURE on, and SURELY ahead of every other rubric, the
# rubric is right as often as a doctor's.
SURE = 0.85
AHEAD = 0.02
# A sentence of a diagnosis section is a diagnosis of its own only if it names a disease this clearly.
_DISEASE = 0.6
# Prose needs this much after a weak cue ("это …").
_CLEAR = 0.8
# Two subcategories nearer than this are told apart by nothing that was said.
_TWIN = 0.002

# A denial of evidence stands so many words before it or behind.
_DENIED_BEFORE, _DENIED_BEHIND = 2, 8

_ENDS = frozenset({".", ";", "?", "!"})


@Language.factory("med_diagnoses", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> DiagnosisReader:  # noqa: ARG001 — spaCy passes both
    return DiagnosisReader(language)


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens `[start, end)` with the role they were announced with."""

    start: int
    end: int
    role: str


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
        self._evidence = Template(cues.evidence, stem)
        self._denials = Template(cues.denials, stem)
        self._leads = Template(cues.leads, stem)
        self._roles = {role: Template(says, stem) for role, says in cues.roles.items()}
        self._doubts = Template(cues.doubts, stem)
        self._codes = SaidCodes(cues, stem)

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
        """Prose without a diagnosis section: what follows "расцениваю как …" up to the end of the sentence; where
        nothing is stated so, what follows "это …" outside the allergies."""
        found = list(self._following(doc, stems, words, self._statements, _DISEASE))
        if not found:
            allergies = [s for s in get(doc, Section) if s.kind == "allergies"]
            weak = self._following(doc, stems, words, self._weak, _CLEAR)
            found = [part for part in weak if not any(s.start <= part.start < s.end for s in allergies)]
        yield from found

    def _following(self, doc: Doc, stems: Stems, words: list[str], cues: Template, least: float) -> Iterator[_Part]:
        """What follows the cues and names a disease so clearly."""
        end = 0
        for found in sorted(cues.within(stems, 0, len(words)), key=lambda found: found.end):
            start = found.end
            if start < end or start >= len(words):
                continue
            stop = next((i for i in range(start, len(words)) if words[i] in _ENDS), len(words))
            if self._is_against(stems, found.start, stop):
                continue
            candidates = self._coder.candidates(doc[start:stop].text)
            if candidates and candidates[0].score >= least:
                yield _Part(start, stop, "main")
                end = stop

    def _is_against(self, stems: Stems, start: int, stop: int) -> bool:
        """ "Данных за пневмонию нет", "нет данных за пневмонию": what is told so is no diagnosis."""
        evidence = self._evidence.at(stems, start, stop)
        if evidence is None:
            return False
        before = self._denials.last(stems, max(0, start - _DENIED_BEFORE), start)
        near = min(stop, evidence.end + _DENIED_BEHIND)
        return before is not None or self._denials.last(stems, evidence.end, near) is not None

    def _read_part(self, doc: Doc, stems: Stems, words: list[str], part: _Part) -> Iterator[Diagnosis]:
        """The sentences of a part; one that names no disease continues the diagnosis before it."""
        start = self._after_leads(stems, part.start, part.end)
        groups: list[tuple[int, int]] = []
        for begin, end in _sentences(words, start, part.end):
            if any(self._is_against(stems, at, end) for at in range(begin, min(end, begin + 1 + _DENIED_BEFORE))):
                continue
            if (groups and not self._names_disease(doc, stems, begin, end)) or (
                groups and not self._names_disease(doc, stems, *groups[-1])
            ):
                groups[-1] = (groups[-1][0], end)
            else:
                groups.append((begin, end))
        for begin, end in groups:
            stretches = self._cut(doc, stems, begin, end)
            several = [one for stretch in stretches for one in self._several(doc, stems, words, *stretch)]
            for number, one in enumerate(several):
                role = "comorbid" if number and part.role == "main" else part.role
                diagnosis = self._diagnosis(doc, stems, words, _Part(one.start, one.end, role))
                if diagnosis is not None:
                    doubts = ("uncertain",) if one.doubtful else ()
                    yield replace(diagnosis, reasons=(*diagnosis.reasons, *doubts))

    def _cut(self, doc: Doc, stems: Stems, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """A stretch cut behind the codes that another disease follows."""
        codes = list(self._codes.within(stems, begin, end))
        for said, after in zip_longest(codes, codes[1:]):
            rest = after.start if after is not None else end
            if (
                said.start > begin
                and said.code
                and said.end < rest
                and self._names_disease(doc, stems, said.end, rest)
            ):
                yield begin, said.end
                begin = said.end
        yield begin, end

    def _several(self, doc: Doc, stems: Stems, words: list[str], begin: int, end: int) -> list[DiagnosisPart]:
        """The diagnoses of a stretch, their dictated code the last thing in it: it is that of the last one, or of all
        from the one on that it fits."""
        said, parter = self._said(stems, words, begin, end), DiagnosisParter(self._coder, self._conjunctions)
        if said is None or said.start == begin or any(word.isalpha() for word in words[said.end : end]):
            return parter(doc, begin, end)
        found = parter(doc, begin, said.start)
        code = said.code or ""
        fitting = [at for at, one in enumerate(found) if self._fits(doc, one, code)]
        if not fitting and said.unsure and not said.apart:
            return parter(doc, begin, end)
        last = len(found) - 1
        first = last if not fitting or fitting[-1] == last else fitting[0]
        return [*found[:first], DiagnosisPart(found[first].start, end, found[first].doubtful)]

    def _fits(self, doc: Doc, part: DiagnosisPart, code: str) -> bool:
        return bears_out(self._coder.candidates(doc[part.start : part.end].text), code, self._language)

    def _said(self, stems: Stems, words: list[str], start: int, end: int) -> SaidCode | None:
        """The first code dictated inside tokens `[start, end)`, or one that nobody announced at their end."""
        said = next(self._codes.within(stems, start, end), None)
        return said or self._codes.at_end(words, start, end)

    def _after_leads(self, stems: Stems, start: int, end: int) -> int:
        while start < end:
            found = self._statements.at(stems, start, end) or self._leads.at(stems, start, end)
            if found is None or self._doubts.at(stems, start, end) is not None:
                break
            start = found.end
        return start

    def _names_disease(self, doc: Doc, stems: Stems, start: int, end: int) -> bool:
        said = next(self._codes.within(stems, start, end), None)
        if said is not None and said.start == start:
            return False
        candidates = self._coder.candidates(doc[start:end].text)
        return bool(candidates) and candidates[0].score >= _DISEASE

    def _diagnosis(self, doc: Doc, stems: Stems, words: list[str], part: _Part) -> Diagnosis | None:
        said = self._said(stems, words, part.start, part.end)
        text, candidates = self._named(doc, part, said)
        if (
            said is not None
            and said.unsure
            and not (said.apart or bears_out(candidates, said.code or "", self._language))
        ):
            said = None
            text, candidates = self._named(doc, part, None)
        if not text and (said is None or said.code is None):
            return None
        code, reasons = self._decide(text, candidates, said)
        doubted = self._doubts.last(stems, part.start, part.end) is not None
        role = "preliminary" if doubted and part.role == "main" else part.role
        title = self._coder.title(code) if code else None
        end = part.end
        while end - 1 > part.start and (words[end - 1] in _ENDS or words[end - 1] == ","):
            end -= 1
        return Diagnosis(part.start, end, reasons, text or code or "", role, code, title, candidates)

    def _named(self, doc: Doc, part: _Part, said: SaidCode | None) -> tuple[str, tuple[Candidate, ...]]:
        """The text of a part without its dictated code, and what it may stand for."""
        kept = [i for i in range(part.start, part.end) if said is None or not said.start <= i < said.end]
        text = _tidy("".join(doc[i].text_with_ws for i in kept))
        return text, self._coder.candidates(text) if text else ()

    def _decide(
        self, text: str, candidates: tuple[Candidate, ...], said: SaidCode | None
    ) -> tuple[str | None, tuple[str, ...]]:
        """The code and what is to be doubted about it. A dictated code is taken as it is."""
        if said is not None and said.code is not None:
            reasons = []
            if not is_known(said.code):
                reasons.append("unknown-code")
            elif (said.unsure or (candidates and candidates[0].score >= SURE)) and not bears_out(
                candidates, said.code, self._language
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
