"""What in a clause speaks for which section of a note, by its words alone."""

from __future__ import annotations

from collections import defaultdict

from spacy.tokens import Doc, Token

from dictation.clinical.clauses import Clause, CueMatch
from dictation.clinical.morphology import cases
from dictation.clinical.noun_phrase import is_noun
from dictation.clinical.phrases import plain
from dictation.clinical.titles import MARKS, STOPS
from dictation.grammar.headings import Headings

# A cue of this weight leaves no doubt which section is meant.
CERTAIN = 4.0
_INFINITIVE = "INFN"
_NAMED = "nomn"
_WITHIN = "Loc"
_ANIMATE = "anim"
_PAST = "past"
# An indeclinable ("УЗИ") or foreign word stands in every case.
_FIXED = ("Fixd", "LATN", "UNKN")


class Evidence:
    """Weighs the cues of `headings.yaml` by what stands around them."""

    def __init__(self, rules: Headings) -> None:
        self._results = rules.results
        self._infinitive = {s.kind: s.infinitive for s in rules.sections if s.infinitive}
        self._history = frozenset(rules.history)
        self._treatment = rules.taking.not_for
        self._taking = frozenset(map(plain, rules.taking.say))
        self._lasting = rules.lasting
        self._time = frozenset(rules.lasting.spans)
        self._not = frozenset((*rules.negations, *rules.denials))
        self._often = frozenset(rules.results.not_before)

    def __call__(self, doc: Doc, clause: Clause, cues: list[CueMatch], *, planned: bool) -> dict[str, float]:
        """Weights by kind of section; `planned` says that the note has come to what is to be done: an order there
        tells no history ("алкоголь не употреблять")."""
        scores: dict[str, float] = defaultdict(float)
        within = [cue for cue in cues if clause.body <= cue.start < clause.end]
        if clause.after == "," and any(self._is_told(doc, cue) for cue in within):
            # A result told on in a sentence says nothing of another section.
            return scores
        order = any(self._is_order(token, within) for token in doc[clause.body : clause.end])
        for cue in within:
            for kind, weight in self._weights(doc, clause, cue).items():
                if not (order and planned and kind in self._history):
                    scores[kind] += weight
        if order:
            for kind, weight in self._infinitive.items():
                scores[kind] += weight
        return scores

    def doubtful(self, doc: Doc, clause: Clause, cues: list[CueMatch]) -> bool:
        """Whether an illness is told that may be what the patient comes with, or one he has beside it."""
        within = [cue for cue in cues if clause.body <= cue.start < clause.end]
        denied = any({token.lower_, token.lemma_} & self._not for token in doc[clause.body : clause.end])
        certain = any(cue.rule[0] == clause.kind and cue.rule[1].weight >= CERTAIN for cue in within)
        return not denied and not certain and any(cue.rule[1].doubtful for cue in within)

    def tells(self, doc: Doc, clause: Clause, verb: int) -> bool:
        """Whether the verb's subject stands right before it: a sentence, not words that lead to a list ("боли
        беспокоят")."""
        i = verb - 1
        while i > clause.start and doc[i].pos_ in ("ADV", "PART"):
            i -= 1
        if i < clause.start or doc[i].text in MARKS or doc[verb].lemma_ not in self._lasting.say:
            return False
        return is_noun(doc[i]) and _NAMED in cases(doc[i].text) and _ANIMATE not in doc[i].tag_

    def _weights(self, doc: Doc, clause: Clause, cue: CueMatch) -> dict[str, float]:
        kind, rule = cue.rule
        if self._is_told(doc, cue):
            return dict(self._results.weights)
        if kind == self._treatment and self._is_taken(doc, cue):
            return {}
        if self.tells(doc, clause, cue.start):
            lasts = self._lasts(doc, cue.end, clause.end)
            return {self._lasting.kind: self._lasting.weight} if lasts else {kind: rule.weight}
        return {kind: rule.weight}

    def _is_order(self, token: Token, cues: list[CueMatch]) -> bool:
        """An infinitive, but for one of a wording that speaks for another section ("нельзя исключить")."""
        return token.tag_.startswith(_INFINITIVE) and not any(
            cue.start <= token.i < cue.end and cue.end > cue.start + 1 and cue.rule[0] not in self._infinitive
            for cue in cues
        )

    def _is_told(self, doc: Doc, cue: CueMatch) -> bool:
        return cue.rule[0] == self._results.not_for and self._is_result(doc, cue)

    def _is_result(self, doc: Doc, cue: CueMatch) -> bool:
        """Whether an examination is told that was made ("на УЗИ", "по рентгену", "ЭКГ от 10 апреля", "глюкоза 6") or
        was not ("УЗИ не делали")."""
        head = doc[cue.end - 1]
        i = cue.start
        while i > 0 and doc[i - 1].pos_ == "ADJ":
            i -= 1
        before = doc[i - 1].lower_ if i > 0 else ""
        if before in self._results.led_by:
            return True
        if before in self._results.within:
            first = doc[cue.start]
            return _WITHIN in first.morph.get("Case", []) or any(mark in head.tag_ for mark in _FIXED)
        if cue.end >= len(doc):
            return False
        following = doc[cue.end]
        if following.lower_ == self._results.dated:
            return cue.end + 1 < len(doc) and (doc[cue.end + 1].like_num or doc[cue.end + 1].pos_ == "ADJ")
        after = doc[cue.end + 1] if cue.end + 1 < len(doc) else following
        if following.like_num:
            return after.lemma_ not in self._often
        told = after if following.lower_ in self._not else following
        return _PAST in told.tag_

    def _is_taken(self, doc: Doc, cue: CueMatch) -> bool:
        """Whether a verb before it in the sentence tells what the patient takes ("сейчас принимает")."""
        for i in range(cue.start - 1, -1, -1):
            if doc[i].text in STOPS:
                return False
            if doc[i].tag_.startswith("VERB") and plain(doc[i].lemma_) in self._taking:
                return True
        return False

    def _lasts(self, doc: Doc, start: int, end: int) -> bool:
        """Whether a span of time follows that something lasts ("3-й год", "около месяца", "с марта")."""
        for i in range(start, end):
            before = doc[i - 1]
            since = before.lower_ in self._lasting.since
            counted = before.like_num or (before.pos_ == "ADJ" and before.lemma_ not in self._lasting.not_behind)
            if doc[i].lower_ in self._lasting.alone or (doc[i].lemma_ in self._time and (counted or since)):
                return True
        return False
