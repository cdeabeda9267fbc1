"""When to come back, said without the usual heading ("Ко мне в понедельник с анализами", "Посмотрю её завтра")."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc

from dictation.clinical.phrases import Match, Phrases, plain
from dictation.clinical.titles import ACCEPTED, MARKS, STOPS, Heading
from dictation.grammar.headings import Headings
from dictation.grammar.syntax import Syntax

# So far behind the words that announce a visit its time may stand ("Контроль по телефону с дневником через 2 дня").
_REACH = 8
_PAST = "past"
_AT = "Loc"
_COUNTING = frozenset({"NUM", "ADJ", "PUNCT"})


class NextVisitFinder:
    """Finds where a visit is announced: words for it, and in the same sentence its time. They are a heading."""

    def __init__(self, rules: Headings, grammar: Syntax) -> None:
        visit = rules.next_visit
        self._kind = visit.section
        self._history = frozenset(rules.history)
        self._announced = Phrases([(say, True) for say in visit.announced] + [(say, False) for say in visit.named])
        self._led = frozenset(map(plain, visit.led))
        self._whom = frozenset(map(plain, visit.whom))
        self._days = Phrases((say, None) for say in visit.days)
        self._loosely = Phrases((say, None) for say in visit.loosely)
        self._before = frozenset(visit.before)
        self._spans = frozenset(map(plain, visit.spans))
        self._alternate = frozenset(map(plain, visit.alternate))
        self._often = visit.often
        self._months = frozenset(rules.dated.months)
        self._ties = frozenset((*grammar.prepositions, *grammar.conjunctions))

    def __call__(self, doc: Doc, titles: list[Heading], plan: int) -> list[Heading]:
        """The titles, and the visits announced among them. Words that may also name something else ("приём",
        "контроль") announce one in a sentence of their own, or from `plan` on, where what is planned begins."""
        days = {match.start for match in self._days.longest(doc)}
        loosely = days | {match.start for match in self._loosely.longest(doc)}
        visits: list[Heading] = []
        announced = self._announced.longest(doc)
        told = {match.start for match in announced if not match.rule and self._in_history(titles, match.start, plan)}
        titles = [title for title in titles if title.kind != self._kind or title.start not in told]
        for match in announced:
            if match.start in told:
                continue
            heading = self._heading(doc, match, loosely if match.rule else days)
            if heading is None or not (match.rule or match.start >= plan or _begins_sentence(doc, heading.start)):
                continue
            if visits and visits[-1].end == heading.start:
                visits[-1] = replace(visits[-1], end=heading.end, last=heading.last)
            elif not any(_meet(heading, t) and t.kind == self._kind and t.start <= heading.start for t in titles):
                visits.append(heading)
        kept = [title for title in titles if not any(_meet(title, visit) for visit in visits)]
        return sorted([*kept, *visits], key=lambda heading: heading.start)

    def _in_history(self, titles: list[Heading], place: int, plan: int) -> bool:
        """Whether a place stands under the heading of a history: visits there have been ("осмотр через месяц")."""
        over = [title for title in titles if title.start < place]
        return place < plan and bool(over) and over[-1].kind in self._history

    def _heading(self, doc: Doc, match: Match[bool], days: set[int]) -> Heading | None:
        start, end = match.start, match.end
        if any(_PAST in token.tag_ or _AT in token.morph.get("Case", []) for token in doc[start:end]):
            return None
        while start > 0 and plain(doc[start - 1].lemma_) in self._led:
            start -= 1
        if start > 0 and doc[start - 1].lower_ in self._ties:
            return None
        while end < len(doc) and plain(doc[end].lower_) in self._whom:
            end += 1
        if not match.rule and self._told(doc, end):
            return None
        if end >= len(doc) or doc[end].text in STOPS or not self._timed(doc, end, days, sure=match.rule):
            return None
        last = end
        while end < len(doc) and doc[end].text in MARKS:
            end += 1
        return Heading(start, end, last, self._kind, None, ACCEPTED, exact=True)

    def _timed(self, doc: Doc, start: int, days: set[int], *, sure: bool) -> bool:
        """Whether a time follows. What stands before it begins with a preposition: a noun right here is what is
        looked at ("контроль давления"). A time behind "раз" says how often."""
        for i in range(start, min(len(doc), start + _REACH)):
            if doc[i].text in STOPS or doc[i].tag_.startswith("VERB") or doc[i].lemma_ == self._often:
                return False
            if i in days or self._dated(doc, i) or self._within(doc, i, sure=sure):
                return True
            if i == start and doc[i].lower_ not in self._ties and doc[i].text not in MARKS and not doc[i].like_num:
                return False
        return False

    def _told(self, doc: Doc, start: int) -> bool:
        """Whether it is told what came of it ("контроль через месяц показал")."""
        for token in doc[start : start + _REACH]:
            if token.text in STOPS:
                return False
            if _PAST in token.tag_:
                return True
        return False

    def _within(self, doc: Doc, i: int, *, sure: bool) -> bool:
        """ "через 2 недели", "на 5-й день", "в понедельник"; "через день" may say how often."""
        if doc[i].lower_ not in self._before:
            return False
        noun = i + 1
        while noun < len(doc) and (doc[noun].like_num or doc[noun].pos_ in _COUNTING):
            noun += 1
        if noun >= len(doc) or plain(doc[noun].lemma_) not in self._spans:
            return False
        return sure or noun > i + 1 or plain(doc[noun].lemma_) not in self._alternate

    def _dated(self, doc: Doc, i: int) -> bool:
        """ "22 июня", "в начале июня"."""
        return (
            doc[i].lemma_ in self._months
            and i > 0
            and (doc[i - 1].like_num or plain(doc[i - 1].lemma_) in self._spans)
        )


def _begins_sentence(doc: Doc, i: int) -> bool:
    return i == 0 or doc[i - 1].text in STOPS


def _meet(one: Heading, other: Heading) -> bool:
    return one.start < max(other.end, other.last) and other.start < max(one.end, one.last)
