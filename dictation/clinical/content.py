"""Sections by content: which part of a note each clause belongs to, headings or none.

Clauses are scored by the cues of `headings.yaml`; the likeliest way through the note is taken (Viterbi): staying in a
section costs nothing, leaving it costs more inside a sentence than after a full stop, and going back in the usual
order of a note costs more than going on.
"""

from __future__ import annotations

from collections import defaultdict

from spacy.tokens import Doc, Token

from dictation.clinical.allergy_statements import AllergyStatements, Statement
from dictation.clinical.clauses import Clause, ClauseParter, CueMatch, OpenerMatch
from dictation.clinical.denied_lists import DeniedLists
from dictation.clinical.evidence import CERTAIN, Evidence
from dictation.clinical.introductions import Introductions
from dictation.clinical.morphology import cases, parses
from dictation.clinical.next_visits import NextVisitFinder
from dictation.clinical.noun_phrase import is_noun
from dictation.clinical.phrases import Match, Phrases, T, plain
from dictation.clinical.titles import MARKS, Heading, without_marks
from dictation.grammar.headings import Headings, Opener
from dictation.grammar.syntax import Syntax

# What speaks for a section, on the scale of the cues' weights (1 a hint, 3 usual there, 5 said nowhere else).
_OPENER = 7.0
_UNDER_ITS_HEADING = 4.0
_FIRST_IN_NOTE = 1.0
_BEHIND_INTRODUCTION = 3.0
# What a change of section costs.
_AFTER_STOP = 0.5
_INSIDE_SENTENCE = 2.0
_WITHOUT_MARKS = 2.0
_BACKWARDS = 1.5
_FORCED = 1000.0
# So far behind an opener what it opens may be denied.
_REACH = 6
# Behind every token of a note.
_NEVER = 10**9
# The mark that a recogniser prints where somebody paused for breath.
_PAUSE = ","


class ContentReader:
    """Parts a Doc into clauses and gives each its kind of section."""

    def __init__(self, rules: Headings, grammar: Syntax, lists: DeniedLists, allergies: AllergyStatements) -> None:
        self._parted = ClauseParter(rules, grammar, lists)
        self._introductions = Introductions(rules)
        self._visits = NextVisitFinder(rules, grammar)
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
        self._planned = frozenset(rules.planned)
        self._doubted = frozenset(rules.doubted)
        self._history = frozenset(rules.history)
        self._evidence = Evidence(rules)
        self._lead = frozenset(map(plain, rules.lead))
        self._not = frozenset(rules.negative_particles)
        self._denials = frozenset(rules.denials)

    def __call__(self, doc: Doc, titles: list[Heading]) -> list[Clause]:
        if not len(doc):
            return []
        openers = self._openers.longest(doc)
        plan = self._plan(titles, openers)
        titles = self._visits(doc, [t for t in titles if t.start < plan or not _of_somebody(doc, t)], plan)
        openers = _unheaded(openers, titles)
        cues = _unheaded(self._cues.longest(doc), titles)
        statements = {statement.start: statement for statement in self._allergies(doc) if statement.opens}
        bare = self._introductions.end_bare(doc) if without_marks(doc) else 0
        clauses = self._parted(doc, titles, openers, cues, statements, bare)
        length = self._introductions.length(doc, clauses)
        clauses = clauses[length:]
        self._tell_allergies(doc, clauses, statements)
        self._leave_headings(doc, clauses, openers)
        scores = [self._score(doc, clause, titles, openers, cues, plan) for clause in clauses]
        if clauses[0].heading is None:
            introduced = length > 0 or self._named_first(doc, clauses)
            scores[0][self._kinds[0]] += _BEHIND_INTRODUCTION if introduced else _FIRST_IN_NOTE
        for clause, following, score in reversed(list(zip(clauses, clauses[1:], scores, strict=False))):
            if following.after == ",":
                ahead = (following.opens | following.leads) - clause.opens
                clause.leads = {kind for kind in ahead if score[kind] <= 0}
        for clause, kind in zip(clauses, self._best_way(clauses, scores), strict=True):
            clause.kind = kind
            clause.doubtful = (
                not clause.heading and kind in self._doubted and self._evidence.doubtful(doc, clause, cues)
            )
        present = {clause.kind for clause in clauses}
        for clause, score in zip(clauses, scores, strict=True):
            clause.strays = self._strays(clause, score, present)
        for clause in clauses:
            if not clause.begins:
                self._open(doc, clause, openers)
        return self._without_introduction(doc, clauses, openers)

    def _strays(self, clause: Clause, score: dict[str, float], present: set[str]) -> bool:
        """Whether a clause under the heading of one history surely tells of a later one that is nowhere else in the
        note ("Жалобы на кашель. Отец умер от инфаркта.")."""
        if clause.heading is None or clause.begins or clause.kind not in self._history:
            return False
        later = self._kinds[self._kinds.index(clause.kind) + 1 :]
        return any(score[kind] >= CERTAIN for kind in later if kind in self._history and kind not in present)

    def _plan(self, titles: list[Heading], openers: list[OpenerMatch]) -> int:
        """Where a note comes to what is to be done: the first heading or opener of such a section."""
        starts = [title.start for title in titles if title.kind in self._planned]
        starts += [match.start for match in openers if match.rule[0] in self._planned]
        return min(starts, default=_NEVER)

    def _without_introduction(self, doc: Doc, clauses: list[Clause], openers: list[OpenerMatch]) -> list[Clause]:
        """The clauses but for those at the start of a note that only lead to its first opener ("На приёме женщина
        47 лет, беспокоят …", "Женщина 61 года, жалоб нет")."""
        for number, clause in enumerate(clauses):
            if clause.begins or clause.told or (clause.opened and not number):
                break
            opens = clause.opened and self._led_to(doc, clauses, number)
            if number and (opens or (self._named_first(doc, clauses) and self._opens(doc, clause, openers))):
                return clauses[number:]
            before = clauses[number - 1]
            if number and clause.after == "." and not self._introductions.leads(doc, before.start, before.end):
                break
        return clauses

    def _led_to(self, doc: Doc, clauses: list[Clause], number: int) -> bool:
        """Whether the clauses before one that opens a section may be words that lead to it."""
        clause = clauses[number]
        first = clause.kind == self._kinds[0] and bool(clause.after)
        return first or self._named_first(doc, clauses) or self._introductions.only(doc, 0, clause.start)

    def _named_first(self, doc: Doc, clauses: list[Clause]) -> bool:
        return self._introductions.names(doc, clauses[0].start, clauses[0].end)

    def _opens(self, doc: Doc, clause: Clause, openers: list[OpenerMatch]) -> bool:
        """Whether an opener of the first section in the usual order of a note stands here."""
        return any(
            match.rule[0] == self._kinds[0]
            and clause.start <= match.start < clause.end
            and self._applies(doc, clause, match.start, match.rule[1])
            for match in openers
        )

    def _leave_headings(self, doc: Doc, clauses: list[Clause], openers: list[OpenerMatch]) -> None:
        """Behind an opener of another kind of section, prose goes on by content: the heading holds no longer."""
        left: Heading | None = None
        for clause in clauses:
            if clause.begins or clause.heading is None:
                continue
            if clause.heading is left:
                clause.heading = None
            elif any(
                self._leads_out(clause.heading.kind, match)
                and clause.start <= match.start < clause.end
                and clause.after != _PAUSE
                and self._applies(doc, clause, match.start, match.rule[1])
                for match in openers
            ):
                left = clause.heading
                clause.heading = None

    def _leads_out(self, heading: str, match: OpenerMatch) -> bool:
        """Whether an opener is of another section than the heading's, and surely begins it."""
        kind, opener, _ = match.rule
        onward = {heading, kind} <= self._planned and self._kinds.index(kind) > self._kinds.index(heading)
        return kind != heading and (opener.cut or onward)

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

    def _score(
        self,
        doc: Doc,
        clause: Clause,
        titles: list[Heading],
        openers: list[OpenerMatch],
        cues: list[CueMatch],
        plan: int,
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
        for match in openers:
            kind, opener, _ = match.rule
            if clause.start <= match.start < clause.end and self._applies(doc, clause, match.start, opener):
                scores[kind] += _OPENER
                clause.opens.add(kind)
        for kind, weight in self._evidence(doc, clause, cues, planned=clause.start >= plan).items():
            scores[kind] += weight
        return scores

    def _applies(self, doc: Doc, clause: Clause, at: int, opener: Opener) -> bool:
        if (at > 0 and doc[at - 1].lower_ in self._not) or self._lacking(doc, clause, at, opener):
            return False
        if opener.at == "anywhere":
            return not self._evidence.tells(doc, clause, at)
        if at > clause.start and doc[at].tag_.startswith("INFN") and _is_object(doc[at - 1]):
            at -= 1
        return all(
            doc[i].text in MARKS or doc[i].like_num or plain(doc[i].lemma_) in self._lead
            for i in range(clause.start, at)
        )

    def _lacking(self, doc: Doc, clause: Clause, at: int, opener: Opener) -> bool:
        """Whether what an opener's noun names is not there ("данных за пневмонию нет", "данные … отсутствуют"), or a
        pronoun is said of something else ("с июля этого года")."""
        if doc[at].pos_ not in ("NOUN", "ADJ", "PRON", "DET"):
            return False
        own = cases(doc[at].text)
        said = any(plain(say.split()[0]) == plain(doc[at].text) for say in opener.say)
        denied = any(token.lemma_ in self._denials for token in doc[at : min(clause.end, at + _REACH)])
        return denied or ("gent" in own and "nomn" not in own and not said)

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

    def _open(self, doc: Doc, clause: Clause, openers: list[OpenerMatch]) -> None:
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


def _of_somebody(doc: Doc, title: Heading) -> bool:
    """Whether a heading of one word is somebody's: what he is to do, behind the plan ("осмотр кардиолога")."""
    following = doc[title.end] if title.last == title.end < len(doc) else None
    if following is None or title.end > title.start + 1:
        return False
    # A predicted reading proves nothing ("изониазид"), and names are met as short forms ("АЛТ").
    readings = [p.tag for p in parses(following.text.rpartition("-")[2]) if p.is_known]
    return is_noun(following) and any("anim" in t and "Name" not in t and t.case == "gent" for t in readings)


def _is_object(token: Token) -> bool:
    """What an order names before its verb ("метформин уменьшить до"); few names of drugs are in the dictionary."""
    return (is_noun(token) and "accs" in cases(token.text)) or not parses(token.text)[0].is_known


def _unheaded(matches: list[Match[T]], titles: list[Heading]) -> list[Match[T]]:
    """Matches that no heading covers."""
    inside = {i for title in titles for i in range(title.start, title.end)}
    return [match for match in matches if match.start not in inside]
