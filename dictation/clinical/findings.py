"""The component `med_findings`: complaints, signs and diseases as noun phrases, not yet judged."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.facts import Finding, Section, get, put
from dictation.clinical.morphology import chosen
from dictation.clinical.noun_phrase import (
    NounPhrase,
    PhraseReader,
    is_adjective,
    is_head,
    is_noun,
    noun_reading,
)
from dictation.clinical.outcomes import OutcomeReader
from dictation.clinical.phrases import Match, Phrases
from dictation.clinical.signs import Reading, SignReader
from dictation.clinical.titles import MARKS, without_marks
from dictation.grammar.findings import FindingRules, finding_rules
from dictation.grammar.syntax import Syntax, syntax

# The sections that tell how the patient is; what is planned is no finding.
NARRATIVE = frozenset({"complaints", "anamnesis-morbi", "anamnesis-vitae", "allergies", "objective"})


@Language.factory("med_findings", default_config={"language": "ru"})
def create(nlp: Language, name: str, language: str) -> FindingFinder:  # noqa: ARG001 - spaCy's signature
    return FindingFinder(finding_rules(language), syntax(language))


class FindingFinder:
    """Leaves `Finding` facts, all present but those that a word itself denies."""

    def __init__(self, rules: FindingRules, grammar: Syntax) -> None:
        self._rules = rules
        self._conjunctions = frozenset(grammar.conjunctions)
        self._sides = frozenset(grammar.sides)
        self._reader = PhraseReader(grammar, rules)
        self._phrases = Phrases(rules.phrases.items())
        self._inabilities = Phrases(rules.inabilities.items())
        self._outcomes = OutcomeReader(rules, grammar, self._reader)
        self._signs = SignReader(rules, grammar, self._reader)

    def __call__(self, doc: Doc) -> Doc:
        found: list[Finding] = []
        said: list[tuple[Match[str], str | None]] = [
            (match, doc[match.start : match.end].text.lower()) for match in self._inabilities.longest(doc)
        ]
        said += [(match, None) for match in self._phrases.longest(doc)]
        for section in get(doc, Section):
            if section.kind in NARRATIVE:
                found += self._in_section(doc, section, said)
        put(doc, Finding, found)
        return doc

    def _in_section(self, doc: Doc, section: Section, said: list[tuple[Match[str], str | None]]) -> list[Finding]:
        reading = Reading(doc, section, list(self._outcomes.read(doc, section)))
        reading.taken.update(i for finding in reading.found for i in range(finding.start, finding.end))
        for match, cue in said:
            if section.start <= match.start and match.end <= section.end and match.start not in reading.taken:
                reading.add(match.start, match.end, match.rule, match.start, cue=cue)
                reading.taken.update(range(match.start, match.end))
        self._verbs(reading)
        self._signs.read(reading)
        self._nouns(reading)
        if section.kind == "complaints" and not without_marks(doc):
            self._bare_items(reading)
        return reading.found

    def _verbs(self, reading: Reading) -> None:
        for token in reading.section.span(reading.doc):
            noun = self._rules.verbs.get(token.lemma_)
            if noun and token.i not in reading.taken and token.pos_ in ("VERB", "ADJ"):
                reading.add(token.i, token.i + 1, noun, token.i)

    # Nouns that are a finding by themselves.

    def _nouns(self, reading: Reading) -> None:
        doc, section = reading.doc, reading.section
        heads = [
            i
            for i in range(section.start, section.end)
            if i not in reading.taken and doc[i].is_alpha and is_noun(doc[i]) and is_head(doc[i], self._rules)
        ]
        shared = self._shared(doc, heads)
        covered: set[int] = set()
        for head in heads:
            if head in covered:
                continue
            phrase = self._reader.around(doc, head, frozenset(reading.taken))
            covered.update(i for i in heads if phrase.head < i < phrase.end)
            end = min(phrase.end, section.end)
            tail = shared.get(head)
            self._add_noun(reading, NounPhrase(max(phrase.start, section.start), head, end), tail)

    def _add_noun(self, reading: Reading, phrase: NounPhrase, shared: str | None) -> None:
        doc = reading.doc
        lemma = doc[phrase.head].lemma_
        plainly = all(token.lemma_ in self._rules.idle for token in doc[phrase.start : phrase.head])
        following = self._adverb(doc, phrase)
        if (
            lemma in self._rules.incomplete
            and plainly
            and phrase.end == phrase.head + 1
            and not shared
            and not following
        ):
            return
        if lemma in self._rules.lacks and not any(
            token.lemma_ in self._rules.faculties for token in doc[phrase.head + 1 : phrase.end]
        ):
            return
        attributes = [t for t in doc[phrase.start : phrase.head] if t.lemma_ not in self._rules.idle]
        if lemma in self._rules.functions and attributes and all(t.lemma_ in self._rules.normal for t in attributes):
            return
        text = self._reader.inflected(doc, phrase, "nomn")
        if shared:
            text = f"{text} {shared}"
        if following:
            text = f"{following} {text}"
        if reading.section.kind == "objective":
            where = self._where(reading, phrase)
            if where and where not in text:
                text = f"{text} {where}"
        reading.add(phrase.start, phrase.end, text, phrase.head)

    def _adverb(self, doc: Doc, phrase: NounPhrase) -> str | None:
        """ "Мочеиспускание ночью" is "ночное мочеиспускание"."""
        if phrase.end != phrase.head + 1 or phrase.end >= len(doc):
            return None
        lemma = self._rules.adverbs.get(doc[phrase.end].lower_)
        noun = noun_reading(doc[phrase.head])
        if lemma is None or noun.tag.gender is None:
            return None
        adjective = chosen(Doc(doc.vocab, words=[lemma])[0])
        form = adjective.inflect({"nomn", "sing", noun.tag.gender})
        return str(form.word) if form else None

    def _where(self, reading: Reading, phrase: NounPhrase) -> str | None:
        """The side or place that the clause begins with ("справа ниже угла лопатки влажные хрипы")."""
        doc = reading.doc
        start = phrase.start
        while start > reading.section.start and doc[start - 1].text not in MARKS and not doc[start].is_sent_start:
            start -= 1
        if start == phrase.start:
            return None
        if doc[start].lower_ in self._sides:
            return doc[start].lower_
        whole = self._reader.place_end(doc, start) == phrase.start
        return doc[start].lower_ + doc[start : phrase.start].text[len(doc[start]) :] if whole else None

    def _shared(self, doc: Doc, heads: list[int]) -> dict[int, str]:
        """Complements that stand after the last of several joined heads and belong to all of them."""
        shared: dict[int, str] = {}
        for head, following in zip(reversed(heads[:-1]), reversed(heads[1:]), strict=True):
            start = self._reader.around(doc, following).start
            between = [token.lower_ for token in doc[head + 1 : start]]
            if len(between) != 1 or not (
                between[0] in self._conjunctions or (between[0] == "," and following in shared)
            ):
                continue
            if doc[head].lemma_ not in self._rules.local or doc[following].lemma_ not in self._rules.local:
                continue
            end = self._reader.complement_end(doc, following)
            tail = shared.get(following) or self._reader.tail(doc, following + 1, end)
            if tail:
                shared[head] = tail
        return shared

    # What else the complaints list.

    def _bare_items(self, reading: Reading) -> None:
        """An item of the complaints in which nothing was known: its first noun."""
        doc = reading.doc
        spans = [(f.start, f.end) for f in reading.found]
        for start, end in _items(doc, reading.section, self._conjunctions):
            if any(s < end and start < e for s, e in spans):
                continue
            if any(token.pos_ == "VERB" for token in doc[start:end]):
                continue
            head = next((i for i in range(start, end) if is_noun(doc[i])), None)
            if (
                head is None
                or doc[head].lemma_ in self._rules.no_complaint
                or doc[head].lemma_ in self._rules.circumstance
            ):
                continue
            if head > start and any(not is_adjective(token) for token in doc[start:head]):
                continue
            phrase = self._reader.around(doc, head)
            self._add_noun(reading, NounPhrase(max(start, phrase.start), head, min(phrase.end, end)), None)


def _items(doc: Doc, section: Section, conjunctions: frozenset[str]) -> Iterator[tuple[int, int]]:
    start = section.start
    for i in range(section.start, section.end):
        if doc[i].text in MARKS or doc[i].lower_ in conjunctions:
            if start < i:
                yield start, i
            start = i + 1
    if start < section.end:
        yield start, section.end
