"""The component `med_allergies`: substances reacted to, or that there are none, wherever the note says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Token

from dictation.clinical.allergy_statements import AllergyStatements, allergy_statements
from dictation.clinical.facts import Allergy, Section, get, put
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import NounPhrase, PhraseReader, is_adjective, is_noun
from dictation.clinical.phrases import Phrases, plain
from dictation.clinical.titles import STOPS
from dictation.grammar.allergens import AllergyRules, allergy_rules
from dictation.grammar.drugs import Drug, drugs
from dictation.grammar.findings import FindingRules, finding_rules
from dictation.grammar.syntax import Syntax, syntax

_SECTION = "allergies"
_NO_SUBSTANCE = frozenset({"VERB", "PART", "ADP", "CCONJ", "ADV"})
NOT_UNDERSTOOD = "not-understood"
ELSEWHERE = "allergy-elsewhere"


@Language.factory("med_allergies", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> AllergyFinder:  # noqa: ARG001 - spaCy's signature
    return AllergyFinder(
        allergy_rules(language),
        drugs(language),
        syntax(language),
        finding_rules(language),
        allergy_statements(language),
    )


class AllergyFinder:
    """Leaves `Allergy` facts, those outside the section of allergies with the reason "allergy-elsewhere"; a section
    in which neither a substance nor a denial was understood asks for a look."""

    def __init__(
        self,
        rules: AllergyRules,
        known: tuple[Drug, ...],
        grammar: Syntax,
        findings: FindingRules,
        statements: AllergyStatements,
    ) -> None:
        self._denials = Phrases((words, None) for words in rules.denials)
        self._allergens = Phrases((words, None) for words in rules.allergens)
        self._drugs = Phrases((name, (name, drug)) for drug in known for name in drug.spoken if len(name) > 3)
        self._statements = statements
        self._silent = frozenset(rules.silent)
        self._classes = frozenset(plain(group) for drug in known for group in drug.classes)
        self._markers = frozenset(rules.markers)
        self._nouns = frozenset(map(plain, rules.nouns))
        self._general = frozenset(map(plain, rules.general))
        self._reactions = frozenset(map(plain, rules.reactions))
        self._reaction_names = Phrases((name, name) for name in rules.reaction_names)
        self._telling = frozenset(map(plain, rules.past_reaction))
        self._conjunctions = frozenset(grammar.conjunctions)
        self._prepositions = grammar.prepositions
        self._reader = PhraseReader(grammar, findings)

    def __call__(self, doc: Doc) -> Doc:
        found: list[Allergy] = []
        sections = []
        for section in get(doc, Section):
            if section.kind == _SECTION:
                own = self._in_section(doc, section)
                found += own
                if not own and any(token.is_alpha for token in section.span(doc)):
                    section = replace(section, reasons=(*section.reasons, NOT_UNDERSTOOD))
            sections.append(section)
        put(doc, Section, sections)
        put(doc, Allergy, [*found, *self._elsewhere(doc, sections, found)])
        return doc

    def _elsewhere(self, doc: Doc, sections: list[Section], known: list[Allergy]) -> Iterator[Allergy]:
        """What is said of allergies outside their section and not inside it too."""
        owner = {i: s.kind for s in sections for i in range(s.start - s.heading, s.end)}
        substances = {allergy.substance for allergy in known}
        for statement in self._statements(doc):
            if owner.get(statement.at) in {_SECTION, *self._silent}:
                continue
            denials = [m.start for m in self._denials.longest(doc) if statement.start <= m.start < statement.end]
            said = self._in_clause(doc, statement.start, statement.end)
            affirmed = [a for a in said if not self._denied(doc, a, denials)]
            if affirmed:
                new = [allergy for allergy in affirmed if allergy.substance not in substances]
            else:
                new = [Allergy(statement.start, statement.end, denied=True)] if denials and not known else []
            for allergy in new:
                yield replace(allergy, start=min(allergy.start, statement.at), reasons=(ELSEWHERE,))

    def _in_section(self, doc: Doc, section: Section) -> list[Allergy]:
        denials = [m for m in self._denials.longest(doc) if section.start <= m.start < section.end]
        substances: list[Allergy] = []
        before: list[Allergy] = []
        for start, end in _clauses(doc, section):
            denied = [m.start for m in denials if start <= m.start < end]
            own = [a for a in self._in_clause(doc, start, end) if not self._denied(doc, a, denied)]
            if not own and before and doc[start - 1].text == ",":
                shown = self._reaction(doc, start, end)
                before = [replace(a, reaction=a.reaction or shown) for a in before]
                continue
            substances += before
            before = own
        substances += before
        if substances:
            return substances
        return [Allergy(m.start, m.end, denied=True) for m in denials[:1]]

    def _denied(self, doc: Doc, allergy: Allergy, denials: list[int]) -> bool:
        """Whether a denial of the clause is of this substance: it stands anywhere before it, or behind it with only
        the reaction between ("на йод реакций не было")."""
        for at in denials:
            between = [token for token in doc[allergy.end : at] if is_noun(token) or is_adjective(token)]
            if at < allergy.start or not any(is_noun(token) for token in between):
                return True
            if len(between) == 1 and self._may_be_denied(between[0]):
                return True
        return False

    def _may_be_denied(self, token: Token) -> bool:
        return plain(token.lemma_) in self._reactions | self._telling and "gent" in cases(token.text)

    def _in_clause(self, doc: Doc, start: int, end: int) -> list[Allergy]:
        named = self._named(doc, start, end)
        if not named:
            return []
        last = max(stop for _, stop, _, _ in named)
        reaction = self._reaction(doc, last, end) or self._reaction(doc, start, min(begin for begin, *_ in named))
        return [
            Allergy(begin, stop, substance=name, classes=classes, reaction=reaction)
            for begin, stop, name, classes in named
        ]

    def _named(self, doc: Doc, start: int, end: int) -> list[tuple[int, int, str, tuple[str, ...]]]:
        """Substances with their tokens: known drugs, known allergens, and whatever a marker governs."""
        found: dict[int, tuple[int, int, str, tuple[str, ...]]] = {}
        for drug in self._drugs.longest(doc):
            if start <= drug.start < end:
                said, known = drug.rule
                found[drug.start] = (drug.start, drug.end, said, known.classes)
        for match in self._allergens.longest(doc):
            if start <= match.start < end and not any(b <= match.start < e for b, e, *_ in found.values()):
                found[match.start] = self._phrase(doc, match.start, match.end - 1, end)
        for i in range(start, end - 1):
            if not self._governs(doc, i) or any(b <= i + 1 < e for b, e, *_ in found.values()):
                continue
            phrase = self._governed(doc, i + 1, end)
            if phrase is not None:
                found[phrase[0]] = phrase
        return [found[i] for i in sorted(found)]

    def _governs(self, doc: Doc, i: int) -> bool:
        return doc[i].lower_ in self._markers or plain(doc[i].lemma_) in self._nouns

    def _governed(self, doc: Doc, i: int, end: int) -> tuple[int, int, str, tuple[str, ...]] | None:
        head = i
        while head < end and is_adjective(doc[head]) and head + 1 < end and is_noun(doc[head + 1]):
            head += 1
        lemma = plain(doc[head].lemma_)
        if (
            doc[head].pos_ in _NO_SUBSTANCE
            or not doc[head].is_alpha
            or lemma in self._general
            or lemma in self._reactions
        ):
            return None
        if any(plain(doc[j].lemma_) in self._general for j in range(i, head)):
            return None
        return self._phrase(doc, i, head, end)

    def _phrase(self, doc: Doc, start: int, head: int, end: int) -> tuple[int, int, str, tuple[str, ...]]:
        phrase = self._reader.around(doc, head)
        stop = head + 1
        while (
            stop < min(phrase.end, end)
            and doc[stop].lower_ not in self._prepositions
            and (plain(doc[stop].lemma_) not in self._reactions and "gent" in cases(doc[stop].text))
        ):
            stop += 1
        begin = max(start, phrase.start)
        name = self._reader.inflected(doc, NounPhrase(begin, head, stop), "nomn")
        lemma = plain(doc[head].lemma_)
        return begin, stop, name, (lemma,) if lemma in self._classes else ()

    def _reaction(self, doc: Doc, start: int, end: int) -> str | None:
        for i in range(start, end):
            if plain(doc[i].lemma_) in self._reactions and plain(doc[i].lemma_) not in self._telling:
                phrase = self._reader.around(doc, i)
                named = next(
                    (m for m in self._reaction_names.longest(doc) if phrase.start <= m.start <= i < m.end), None
                )
                if named is not None:
                    return named.rule
                stop = min(end, phrase.end)
                while doc[stop - 1].lower_ in self._prepositions:
                    stop -= 1
                return self._reader.inflected(doc, NounPhrase(max(start, phrase.start), i, stop), "nomn")
        return None


def _clauses(doc: Doc, section: Section) -> Iterator[tuple[int, int]]:
    """Parts of the section between full stops, and between commas where a denial may stand in one of them alone."""
    start = section.start
    for i in range(section.start, section.end):
        if doc[i].text in STOPS or doc[i].text == ";" or (doc[i].text == "," and i + 1 < section.end):
            if start < i:
                yield start, i
            start = i + 1
    if start < section.end:
        yield start, section.end
