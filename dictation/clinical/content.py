"""Sections by content: which part of a note each clause belongs to, headings or none.

Clauses are scored by the cues of `headings.yaml`; the likeliest way through the note is taken (Viterbi): staying in a
section costs nothing, leaving it costs more inside a sentence than after a full stop, and going back in the usual
order of a note costs more than going on.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from spacy.tokens import Doc

from dictation.clinical.allergy_statements import AllergyStatements, Statement
from dictation.clinical.denied_lists import DeniedLists
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import attribute_reading, is_adjective, is_noun, noun_reading
from dictation.clinical.phrases import Match, Phrases, T, plain
from dictation.clinical.titles import MARKS, STOPS, Heading, without_marks
from dictation.grammar.headings import Cue, Headings, Opener
from dictation.grammar.syntax import Syntax

# What speaks for a section, on the scale of the cues' weights (1 a hint, 3 usual there, 5 said nowhere else).
_OPENER = 7.0
_UNDER_ITS_HEADING = 4.0
_FIRST_IN_NOTE = 1.0
# What a change of section costs.
_AFTER_STOP = 0.5
_INSIDE_SENTENCE = 2.0
_WITHOUT_MARKS = 2.0
_BACKWARDS = 1.5
_FORCED = 1000.0
# The mark that a recogniser prints where somebody paused for breath.
_PAUSE = ","
# Where no marks part the clauses, a cue of this weight begins one.
_TELLING = 3.0

_OpenerMatch = Match[tuple[str, Opener, int]]
_CueMatch = Match[tuple[str, Cue]]


@dataclass(slots=True)
class Clause:
    """A clause `[start, end)`. `body` is where its text begins: after a heading or an opener that is cut, which
    begins at `opening`. `heading` is the heading that begins it or that it stands under; `after` says what parts it
    from the clause before. `told` is the section that a statement of an allergy belongs to, whatever the heading,
    `opens` are the kinds of section that an opener in it begins, `leads` those that one further on in the same
    sentence begins."""

    start: int
    end: int
    opening: int
    body: int
    after: str
    heading: Heading | None
    begins: bool
    kind: str = ""
    opened: bool = False
    role: str | None = None
    told: str | None = None
    opens: set[str] = field(default_factory=set)
    leads: set[str] = field(default_factory=set)


class ContentReader:
    """Parts a Doc into clauses and gives each its kind of section."""

    def __init__(self, rules: Headings, grammar: Syntax, lists: DeniedLists, allergies: AllergyStatements) -> None:
        self._lists = lists
        self._allergies = allergies
        self._kinds = [section.kind for section in rules.sections]
        self._openers = Phrases(
            (
                (say.replace("|", ""), (section.kind, opener, len(say.partition("|")[2].split())))
                for section in rules.sections
                for opener in section.openers
                for say in opener.say
            ),
            over=_PAUSE,
        )
        self._cues = Phrases(
            (say, (section.kind, cue)) for section in rules.sections for cue in section.cues for say in cue.say
        )
        self._infinitive = {s.kind: s.infinitive for s in rules.sections if s.infinitive}
        self._lead = frozenset(map(plain, rules.lead))
        self._lead_bare = frozenset(map(plain, rules.lead_bare))
        self._dated = rules.dated
        self._dates = frozenset({rules.dated.noun, *rules.dated.months})
        self._prepositions = frozenset(grammar.prepositions)
        self._conjunctions = frozenset(grammar.conjunctions)
        self._time = frozenset(rules.time)
        self._not = frozenset(rules.negative_particles)

    def __call__(self, doc: Doc, titles: list[Heading]) -> list[Clause]:
        if not len(doc):
            return []
        openers = _unheaded(self._openers.longest(doc), titles)
        cues = _unheaded(self._cues.longest(doc), titles)
        statements = {statement.start: statement for statement in self._allergies(doc) if statement.opens}
        clauses = self._clauses(doc, titles, openers, cues, statements)
        self._tell_allergies(doc, clauses, statements)
        self._leave_headings(doc, clauses, openers)
        scores = [self._score(doc, clause, titles, openers, cues) for clause in clauses]
        for clause, following, score in reversed(list(zip(clauses, clauses[1:], scores, strict=False))):
            if following.after == ",":
                ahead = (following.opens | following.leads) - clause.opens
                clause.leads = {kind for kind in ahead if score[kind] <= 0}
        for clause, kind in zip(clauses, self._best_way(clauses, scores), strict=True):
            clause.kind = kind
        for clause in clauses:
            if not clause.begins:
                self._open(doc, clause, openers)
        return self._without_introduction(doc, clauses, openers)

    def _without_introduction(self, doc: Doc, clauses: list[Clause], openers: list[_OpenerMatch]) -> list[Clause]:
        """The clauses but for those at the start of a note that only lead to its first opener ("На приёме женщина
        47 лет, беспокоят …", "Женщина 61 года, жалоб нет")."""
        for number, clause in enumerate(clauses):
            if clause.begins or clause.told:
                break
            if number and (clause.opened or (self._presents(doc, clauses[0]) and self._opens(doc, clause, openers))):
                return clauses[number:]
            if number and clause.after == "." and not self._introduces(doc, clauses[number - 1]):
                break
        return clauses

    def _opens(self, doc: Doc, clause: Clause, openers: list[_OpenerMatch]) -> bool:
        """Whether an opener of the first section in the usual order of a note stands here."""
        return any(
            match.rule[0] == self._kinds[0]
            and clause.start <= match.start < clause.end
            and self._applies(doc, clause, match.start, match.rule[1])
            for match in openers
        )

    def _presents(self, doc: Doc, clause: Clause) -> bool:
        """Whether the clause says who the patient is, and how old ("Женщина 61 года на наблюдении")."""
        tokens = [token for token in doc[clause.start : clause.end] if plain(token.lemma_) not in self._lead_bare]
        who = clause.end - clause.start > len(tokens)
        return who and any(
            token.like_num and token.i + 1 < len(doc) and doc[token.i + 1].lemma_ == self._dated.noun
            for token in tokens
        )

    def _introduces(self, doc: Doc, clause: Clause) -> bool:
        return all(
            plain(token.lemma_) in self._lead or not token.is_alpha for token in doc[clause.start : clause.end]
        )

    def _clauses(
        self,
        doc: Doc,
        titles: list[Heading],
        openers: list[_OpenerMatch],
        cues: list[_CueMatch],
        statements: dict[int, Statement],
    ) -> list[Clause]:
        starts: dict[int, str] = {0: "."}
        for i, token in enumerate(doc[:-1] if len(doc) else ()):
            if token.text in MARKS and doc[i + 1].text not in MARKS:
                starts[i + 1] = "." if token.text in STOPS or token.text == ";" else ","
        if without_marks(doc):
            covered = {i for match in openers for i in range(match.start + 1, match.end)}
            telling = [m for m in cues if m.rule[1].weight >= _TELLING and m.start not in covered]
            for place in [*(m.start for m in openers), *(m.start for m in telling)]:
                start = self._lead_in(doc, place)
                if not self._tied(doc, start, place):
                    starts.setdefault(start, "")
            for i, token in enumerate(doc):
                if token.tag_.startswith("INFN") and not (i and doc[i - 1].pos_ == "VERB"):
                    start = self._object_before(doc, self._lead_in(doc, i))
                    named = start == i and i - 1 in starts and "accs" in cases(doc[i - 1].text)
                    if not named and not self._tied(doc, start, i):
                        starts.setdefault(start, "")
        for statement in statements.values():
            starts.setdefault(statement.start, "")
            if statement.closed:
                starts.setdefault(statement.end, "")
        inside_openers = (i for match in openers for i in range(match.start + 1, match.end))
        for place in (*self._lists.ties(doc), *inside_openers):
            starts.pop(place, None)
        headed = {title.start: title for title in titles}
        inner = {i for title in titles for i in range(title.start + 1, title.end)}
        starts.update(dict.fromkeys(headed, "."))
        for title in titles:
            if title.end > title.start and title.end not in headed and title.end not in statements:
                starts.pop(title.end, None)
        places = sorted(i for i in starts if i not in inner and i < len(doc))
        clauses = []
        over: Heading | None = None
        for start, end in zip(places, [*places[1:], len(doc)], strict=True):
            opened = headed.get(start)
            over = opened or over
            body = opened.end if opened else start
            clauses.append(Clause(start, end, start, body, starts[start], over, opened is not None))
        return clauses

    def _leave_headings(self, doc: Doc, clauses: list[Clause], openers: list[_OpenerMatch]) -> None:
        """Behind an opener of another kind of section, prose goes on by content: the heading holds no longer."""
        left: Heading | None = None
        for clause in clauses:
            if clause.begins or clause.heading is None:
                continue
            if clause.heading is left:
                clause.heading = None
            elif any(
                match.rule[1].cut
                and match.rule[0] != clause.heading.kind
                and clause.start <= match.start < clause.end
                and clause.after == "."
                and self._applies(doc, clause, match.start, match.rule[1])
                for match in openers
            ):
                left = clause.heading
                clause.heading = None

    def _tell_allergies(self, doc: Doc, clauses: list[Clause], statements: dict[int, Statement]) -> None:
        """A statement of an allergy belongs to its own section, but where the heading's own matter is one; what
        follows it in the sentence no longer stands under the heading."""
        goes_on = False
        for number, clause in enumerate(clauses):
            statement = statements.get(clause.start)
            inside = clause.heading.kind if clause.heading is not None else ""
            stays = self._allergies.stays if statement is None or statement.plain else self._allergies.shown
            if statement is not None and not clause.begins and inside not in stays:
                clause.told, clause.heading = self._allergies.kind, None
                goes_on = True
                before = clauses[number - 1] if number and clause.after == "," else None
                if before is not None and not before.begins and self._allergies.is_reaction_to(doc, before.start):
                    before.told, before.heading = self._allergies.kind, None
            elif goes_on and clause.after == "," and not clause.begins:
                clause.heading = None
            else:
                goes_on = False

    def _lead_in(self, doc: Doc, start: int) -> int:
        """Where a clause begins that a cue stands in, without marks: before the time and place that lead to it."""
        i = start
        if i > 0 and doc[i].lemma_ in self._time and doc[i - 1].like_num:
            i -= 1
        while i > 0:
            before = doc[i - 1]
            if plain(before.lemma_) in self._lead_bare or before.lower_ in self._not:
                i -= 1
            elif before.lemma_ in self._dates and doc[start].pos_ == "VERB":
                j = i - 2
                while j >= 0 and (doc[j].like_num or doc[j].pos_ in ("NUM", "ADJ")):
                    j -= 1
                if j < 0 or doc[j].lower_ not in self._dated.preposition:
                    break
                i = j
            else:
                break
        return i

    def _tied(self, doc: Doc, start: int, place: int) -> bool:
        """Whether no clause can begin here: behind a preposition or conjunction, between an adjective and its noun,
        or before a denial of what was just named ("больничный | не нужен")."""
        if start == 0 or doc[start].text in MARKS or doc[start - 1].text in MARKS:
            return False
        before = doc[start - 1]
        if before.lower_ in self._prepositions or before.lower_ in self._conjunctions:
            return True
        if start < place and doc[start].lower_ in self._not:
            return "nomn" in cases(before.text) and doc[place].tag_.startswith(("ADJS", "PRTS"))
        if not is_adjective(before) or not is_noun(doc[start]):
            return False
        return attribute_reading(before, noun_reading(doc[start])) is not None

    def _object_before(self, doc: Doc, i: int) -> int:
        """Where an order begins that names its object first ("две недели | очаги не мочить", "кальций и железо
        принимать отдельно")."""
        if i < 2 or doc[i - 1].pos_ != "NOUN" or "accs" not in cases(doc[i - 1].text):
            return i
        joined = doc[i - 2].lower_ in self._conjunctions and i > 2 and "accs" in cases(doc[i - 3].text)
        if joined and is_noun(doc[i - 3]):
            return i - 3
        return i - 1 if doc[i - 2].lemma_ in self._time or doc[i - 2].like_num else i

    def _score(
        self, doc: Doc, clause: Clause, titles: list[Heading], openers: list[_OpenerMatch], cues: list[_CueMatch]
    ) -> dict[str, float]:
        scores: dict[str, float] = defaultdict(float)
        if clause.told is not None:
            scores[clause.told] += _FORCED
        if clause.heading is not None:
            if clause.begins:
                scores[clause.heading.kind] += _FORCED
            scores[clause.heading.kind] += _UNDER_ITS_HEADING
            for kind in {title.kind for title in titles} - {clause.heading.kind}:
                scores[kind] -= _UNDER_ITS_HEADING
        elif clause.start == 0:
            scores[self._kinds[0]] += _FIRST_IN_NOTE
        for match in openers:
            kind, opener, _ = match.rule
            if clause.start <= match.start < clause.end and self._applies(doc, clause, match.start, opener):
                scores[kind] += _OPENER
                clause.opens.add(kind)
        for said in cues:
            if clause.body <= said.start < clause.end:
                kind, cue = said.rule
                scores[kind] += cue.weight
        if any(token.tag_.startswith("INFN") for token in doc[clause.body : clause.end]):
            for kind, weight in self._infinitive.items():
                scores[kind] += weight
        return scores

    def _applies(self, doc: Doc, clause: Clause, at: int, opener: Opener) -> bool:
        if at > 0 and doc[at - 1].lower_ in self._not:
            return False
        if opener.at == "anywhere":
            return True
        return all(
            doc[i].text in MARKS or doc[i].like_num or plain(doc[i].lemma_) in self._lead
            for i in range(clause.start, at)
        )

    def _best_way(self, clauses: list[Clause], scores: list[dict[str, float]]) -> list[str]:
        if not clauses:
            return []
        best = [scores[0][kind] for kind in self._kinds]
        back: list[list[int]] = []
        for clause, score in zip(clauses[1:], scores[1:], strict=True):
            arrive: list[float] = []
            source: list[int] = []
            for rank, kind in enumerate(self._kinds):
                step = self._step(clause, kind)
                onward, backwards = step, step + _BACKWARDS
                came, most = rank, best[rank]
                for other, value in enumerate(best):
                    reach = value - (onward if other < rank else backwards)
                    if other != rank and (reach > most or (reach == most and other < came)):
                        came, most = other, reach
                arrive.append(most + score[kind])
                source.append(came)
            best = arrive
            back.append(source)
        way = [best.index(max(best))]
        for source in reversed(back):
            way.append(source[way[-1]])
        return [self._kinds[rank] for rank in reversed(way)]

    def _step(self, clause: Clause, kind: str) -> float:
        """What it costs to come to a section with a clause, from an earlier one. With one that nothing speaks for,
        before the section's opener in the same sentence, no less than with the opener: a recogniser prints a comma
        where a sentence ended."""
        if clause.begins or clause.told == kind:
            return 0.0
        if kind in clause.leads:
            return _INSIDE_SENTENCE
        return {".": _AFTER_STOP, ",": _INSIDE_SENTENCE}.get(clause.after, _WITHOUT_MARKS)

    def _open(self, doc: Doc, clause: Clause, openers: list[_OpenerMatch]) -> None:
        """An opener of the clause's own kind: its words are no part of the value where the rule cuts them."""
        for match in openers:
            kind, opener, kept = match.rule
            if kind != clause.kind or not clause.start <= match.start < clause.end:
                continue
            if not self._applies(doc, clause, match.start, opener):
                continue
            clause.role = opener.role or clause.role
            if opener.cut:
                clause.opened = True
                clause.opening = match.start
                clause.body = max(clause.body, match.end - kept)
        while clause.body < clause.end and doc[clause.body].text in MARKS:
            clause.body += 1


def _unheaded(matches: list[Match[T]], titles: list[Heading]) -> list[Match[T]]:
    """Matches that no heading covers."""
    inside = {i for title in titles for i in range(title.start, title.end)}
    return [match for match in matches if match.start not in inside]
