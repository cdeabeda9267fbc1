"""The component `med_sections`: which part of a note each stretch of text belongs to."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.allergy_statements import allergy_statements
from dictation.clinical.clauses import Clause
from dictation.clinical.content import ContentReader
from dictation.clinical.denied_lists import denied_lists
from dictation.clinical.facts import Section, put
from dictation.clinical.focus import get_focus, in_fields
from dictation.clinical.sentences import SentenceSplitter
from dictation.clinical.titles import TitleFinder, without_marks
from dictation.grammar.cues import cues
from dictation.grammar.headings import headings
from dictation.grammar.syntax import syntax
from dictation.language.phonetics import phonetics

# Where neither a heading nor a mark parts the clauses, where one ends is a guess.
_UNSURE = "uncertain"


@Language.factory("med_sections", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> Sectioner:  # noqa: ARG001 - spaCy's signature
    return Sectioner(language)


class Sectioner:
    """Leaves `Section` facts in the Doc, stretches under a spoken heading and those that content tells, and the
    starts of sentences."""

    def __init__(self, language: str) -> None:
        rules = headings(language)
        self._doubted = frozenset(rules.doubted)
        self._titles = TitleFinder(rules, phonetics(language))
        lists = denied_lists(language)
        self._content = ContentReader(rules, syntax(language), lists, allergy_statements(language))
        self._sentences = SentenceSplitter(cues(language), lists)

    def __call__(self, doc: Doc) -> Doc:
        kept: list[Section] = []
        open_section: list[Clause] = []
        doubt = (_UNSURE,) if without_marks(doc) else ()
        clauses = list(in_fields(self._content(doc, self._titles(doc)), get_focus(doc)))
        doubted = self._doubted if any(clause.doubtful for clause in clauses) else frozenset()
        for clause in clauses:
            if open_section and (clause.begins or clause.opened or clause.kind != open_section[0].kind):
                kept += _section(open_section, doubt, doubted)
                open_section = []
            open_section.append(clause)
        kept += _section(open_section, doubt, doubted)
        put(doc, Section, kept)
        self._sentences(doc, kept)
        return doc


def _section(clauses: list[Clause], doubt: tuple[str, ...], doubted: frozenset[str]) -> list[Section]:
    """The section that clauses make; none where they hold only a heading that may be something else misheard. One
    told by content is in doubt for `doubt`, and where it is of a kind of `doubted`; any is where a clause strays."""
    if not clauses:
        return []
    first = clauses[0]
    heading = first.heading
    if first.body >= clauses[-1].end and not (first.begins and heading is not None and heading.exact):
        return []
    told = first.begins or (heading is not None and heading.kind == first.kind)
    section = Section(
        first.body,
        max(first.body, clauses[-1].end),
        reasons=_reasons(clauses, doubt, doubted, told=told),
        kind=first.kind,
        heading=first.body - first.opening,
        by="heading" if told else "content",
        role=first.role or (heading.role if heading is not None and heading.kind == first.kind else None),
    )
    return [section]


def _reasons(
    clauses: list[Clause], doubt: tuple[str, ...], doubted: frozenset[str], *, told: bool
) -> tuple[str, ...]:
    if any(clause.strays for clause in clauses) or (not told and clauses[0].kind in doubted):
        return (_UNSURE,)
    return () if told else doubt
