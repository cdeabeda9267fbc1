"""Where a note speaks of the patient's own allergies, under whatever heading it does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from spacy.tokens import Doc

from dictation.clinical.denied_lists import DeniedLists, denied_lists
from dictation.clinical.drug_names import DrugNames, drug_names
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, is_noun, noun_reading
from dictation.clinical.phrases import Phrases, plain
from dictation.clinical.titles import MARKS, STOPS, without_marks
from dictation.grammar.allergens import AllergyRules, allergy_rules
from dictation.grammar.cues import Cues, cues

# So many tokens after its substance a reaction is still of it ("на амоксициллин в 2018 году появилась сыпь").
_REACTION = 5
# So many tokens after an allergy, or what is not borne, its substances and its denial end.
_REACH = 8
_LONGEST_NAME = 4
# Cases in which an allergy is told by itself.
_FREE = frozenset({"nomn", "accs", "gent"})


@dataclass(frozen=True, slots=True)
class Statement:
    """Tokens `[start, end)` that speak of an allergy; the word that tells it stands at `at`. One that `opens` is a
    clause of its own and may stand in the section of allergies; one that is `plain` names the allergy ("аллергия на",
    not "на пенициллин сыпь"). `closed` where a denial ends it and no mark shows so."""

    start: int
    at: int
    end: int
    opens: bool
    plain: bool
    closed: bool = False


@dataclass(frozen=True, slots=True)
class _Text:
    """A Doc with what is looked up in it once: the words in which somebody tells, the ends of known allergens by
    their start, the denials; `bare` where it came without marks."""

    doc: Doc
    bare: bool
    told: frozenset[int]
    allergens: dict[int, int]
    denials: tuple[tuple[int, int], ...]


class AllergyStatements:
    """Finds statements by the words for an allergy, by a reaction to a substance, and by what is not borne."""

    def __init__(self, rules: AllergyRules, names: DrugNames, cues: Cues, lists: DeniedLists) -> None:
        self._words = Phrases((words, None) for words in rules.statements)
        self._intolerance = Phrases((words, None) for words in rules.intolerance)
        self._denials = Phrases((words, None) for words in rules.denials)
        self._allergens = Phrases((words, None) for words in rules.allergens)
        self._relatives = Phrases((words, None) for words in cues.family.before)
        self._told = Phrases((words, None) for words in cues.told)
        self._markers = frozenset(rules.markers)
        self._reactions = frozenset(map(plain, rules.reactions))
        self._reacting = frozenset(map(plain, rules.reacting))
        self._allergic = frozenset(map(plain, rules.allergic))
        self._causes = frozenset(rules.causes)
        self._intakes = frozenset(map(plain, rules.intakes))
        self._leads = frozenset(map(plain, rules.leads))
        self._leads_bare = frozenset(map(plain, rules.leads_bare))
        self._other = frozenset(map(plain, rules.of_others))
        self._names = names
        self._lists = lists
        self.kind = rules.section
        self.stays = frozenset(rules.named_elsewhere)
        self.shown = frozenset(rules.shown_elsewhere)

    def __call__(self, doc: Doc) -> list[Statement]:
        """The statements in text order, none overlapping another."""
        text = _Text(
            doc,
            without_marks(doc),
            frozenset(i for match in self._told.all(doc) for i in range(match.start, match.end + 2)),
            {match.start: match.end for match in self._allergens.longest(doc)},
            tuple((match.start, match.end) for match in self._denials.longest(doc)),
        )
        statements = sorted(self._all(text), key=lambda s: (s.at, -s.end))
        if not statements:
            return []
        relatives = {match.start for match in self._relatives.longest(doc)} - text.told
        ties = self._lists.ties(doc)
        found: list[Statement] = []
        for statement in statements:
            clause = range(_clause_start(doc, statement.at), statement.at)
            if (found and statement.at < found[-1].end) or relatives.intersection(clause):
                continue
            found.append(replace(statement, opens=statement.opens and statement.start not in ties))
        return found

    def is_reaction_to(self, doc: Doc, i: int) -> bool:
        """Whether a clause that begins here may tell what somebody does not bear ("на новокаин …")."""
        return doc[i].lower_ in self._markers

    def _all(self, text: _Text) -> Iterator[Statement]:
        doc = text.doc
        words = self._words.longest(doc)
        for match in words:
            if match.end < len(doc) and plain(doc[match.end].lemma_) in self._other:
                continue
            yield self._named(text, match.start, match.end)
        taken = {i for match in words for i in range(match.start, match.end + 1)}
        for i, token in enumerate(doc):
            if token.lower_ in self._markers and i not in taken:
                yield from self._shown(text, i)
            elif token.lower_ in self._causes:
                yield from self._caused(text, i)
        for match in self._intolerance.longest(doc):
            yield from self._not_borne(text, match.start, match.end)

    def _named(self, text: _Text, at: int, after: int) -> Statement:
        """ "Аллергия на …", "аллергии нет", "непереносимость новокаина"."""
        doc, bare = text.doc, text.bare
        start = at
        while start > 0 and is_adjective(doc[start - 1]) and _is_attribute_of(doc, start - 1, at):
            start -= 1
        governed = start > 0 and doc[start - 1].pos_ == "ADP"
        alone = start
        start = self._lead_in(text, start, bare=bare)
        stop = self._stop(doc, after)
        denied = next((end for begin, end in text.denials if after <= begin <= stop), None)
        if denied is not None:
            goes_on = denied < len(doc) and doc[denied].pos_ in ("ADP", "CCONJ")
            free = self._is_free(doc, start, bare=bare) and not governed
            return Statement(start, at, denied, free, True, closed=bare and not goes_on)
        governed = governed or (start == alone and not cases(doc[at].text) & _FREE and doc[at].pos_ != "ADP")
        owned = bare and start == at and cases(doc[at].text) <= {"gent"} and start > 0 and is_noun(doc[start - 1])
        free = self._is_free(doc, start, bare=bare) and not governed and not owned
        return Statement(start, at, stop, free, True)

    def _shown(self, text: _Text, i: int) -> Iterator[Statement]:
        """ "На пенициллин сыпь", "отёк Квинке на новокаин"."""
        doc, bare = text.doc, text.bare
        end = self._substance_end(text, i + 1)
        if end is None:
            return
        stop = end if bare and self._drug_end(doc, i + 1) is None else self._shown_by(doc, end)
        shown = next((j for j in range(end, stop) if self._is_reaction(doc, j)), None)
        if shown is not None:
            start = self._lead_in(text, i, bare=bare)
            opens = _begins_sentence(doc, start) or (bare and self._stands_alone(doc, start, end, shown))
            yield Statement(start, i, shown + 1, opens, False)
            return
        if end < len(doc) and plain(doc[end].lemma_) in self._reacting and "accs" in cases(doc[i + 1].text):
            yield Statement(i, i, min(end + 2, self._clause_end(doc, end)), self._is_free(doc, i, bare=bare), False)
            return
        before = next((j for j in (i - 1, i - 2) if j >= 0 and self._is_reaction(doc, j)), None)
        if before is not None and all(doc[j].text not in MARKS for j in range(before, i)):
            start = self._lead_in(text, before, bare=bare)
            opens = _begins_sentence(doc, start)
            yield Statement(start, before, end, opens, False)

    def _caused(self, text: _Text, i: int) -> Iterator[Statement]:
        """ "После приёма амоксициллина крапивница", "сыпь от ибупрофена": a cause that may be none."""
        doc = text.doc
        begin = i + 1
        while begin < len(doc) and plain(doc[begin].lemma_) in self._intakes:
            begin += 1
        end = self._drug_end(doc, begin)
        if end is None:
            return
        stop = self._shown_by(doc, end)
        for shown in (*range(end, stop), i - 1, i - 2):
            if shown >= 0 and self._is_reaction(doc, shown) and plain(doc[shown].lemma_) in self._allergic:
                if shown < i or shown + 1 == len(doc) or doc[shown + 1].pos_ != "VERB":
                    yield Statement(min(i, shown), min(i, shown), max(end, shown + 1), False, False)
                return

    def _stands_alone(self, doc: Doc, start: int, end: int, shown: int) -> bool:
        """Without marks: whether nothing but a substance and its reaction is said, and no verb on either side of it
        may have one of them."""
        beside = [doc[i].pos_ for i in (start - 1, shown + 1) if 0 <= i < len(doc)]
        said = all(is_adjective(t) or plain(t.lemma_) in self._leads_bare for t in doc[end:shown])
        return said and not {"VERB", "ADP", "CCONJ"} & {*beside}

    def _not_borne(self, text: _Text, at: int, after: int) -> Iterator[Statement]:
        """ "Пенициллин не переносит", "не переносит новокаин"."""
        doc = text.doc
        end = self._substance_end(text, after)
        begin = max(_clause_start(doc, at), at - _LONGEST_NAME)
        start = next((i for i in range(begin, at) if self._substance_end(text, i) == at), None)
        if end is None and start is None:
            return
        first = self._lead_in(text, at if start is None else start, bare=False)
        yield Statement(first, at, after if end is None else end, _begins_sentence(doc, first), True)

    def _shown_by(self, doc: Doc, i: int) -> int:
        """Where a reaction to the substance that ends here must stand before."""
        return min(self._clause_end(doc, i), i + _REACTION)

    def _is_reaction(self, doc: Doc, i: int) -> bool:
        return plain(doc[i].lemma_) in self._reactions and bool(cases(doc[i].text) & {"nomn", "accs"})

    def _substance_end(self, text: _Text, i: int) -> int | None:
        """Where a drug or a known allergen that begins at the token ends; None where none does."""
        return self._drug_end(text.doc, i) or text.allergens.get(i)

    def _drug_end(self, doc: Doc, i: int) -> int | None:
        drug = next(self._names.find([token.text for token in doc[i : i + _LONGEST_NAME]]), None)
        return i + drug.end if drug is not None and drug.start == 0 else None

    def _lead_in(self, text: _Text, i: int, *, bare: bool) -> int:
        """Back over the words that lead to a statement ("со слов мамы", "в анамнезе"); without marks over the fewer
        that surely do."""
        leads = self._leads_bare if bare else self._leads
        while i > 0 and text.doc[i - 1].text not in MARKS:
            before = text.doc[i - 1]
            if not (plain(before.lemma_) in leads or i - 1 in text.told or (before.like_num and not bare)):
                break
            i -= 1
        return i

    def _is_free(self, doc: Doc, i: int, *, bare: bool) -> bool:
        """Whether a clause can begin here."""
        if i == 0 or doc[i - 1].text in MARKS:
            return True
        return bare and doc[i - 1].pos_ not in ("ADP", "CCONJ", "PART")

    def _stop(self, doc: Doc, i: int) -> int:
        """Where the substances of an allergy end: at a verb or at a full stop."""
        end = self._clause_end(doc, i)
        return next((j for j in range(i, end) if doc[j].pos_ == "VERB"), end)

    def _clause_end(self, doc: Doc, i: int) -> int:
        limit = min(len(doc), i + _REACH)
        return next((j for j in range(i, limit) if doc[j].text in STOPS), limit)


def _is_attribute_of(doc: Doc, i: int, noun: int) -> bool:
    return attribute_reading(doc[i], noun_reading(doc[noun])) is not None


def _begins_sentence(doc: Doc, i: int) -> bool:
    return i == 0 or doc[i - 1].text in STOPS


def _clause_start(doc: Doc, i: int) -> int:
    while i > 0 and doc[i - 1].text not in MARKS:
        i -= 1
    return i


@cache
def allergy_statements(language: str) -> AllergyStatements:
    return AllergyStatements(allergy_rules(language), drug_names(language), cues(language), denied_lists(language))
