"""What a denial says where no known finding stands beside it: "терапию не получал" is no "получение терапии"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dictation.clinical.facts import Finding
from dictation.clinical.noun_phrase import NounPhrase, PhraseReader, is_adjective, is_noun
from dictation.clinical.titles import MARKS
from dictation.grammar.cues import Cues
from dictation.grammar.findings import FindingRules


class DeniedStatements:
    """Reads the noun phrase that a denial speaks of, and the action that its verb names."""

    def __init__(self, rules: Cues, findings: FindingRules, reader: PhraseReader) -> None:
        self._particles = frozenset(rules.particles)
        self._actions = rules.actions
        self._idle = findings.idle | findings.no_complaint
        self._circumstance = findings.circumstance
        self._reader = reader

    def read(self, doc: Doc, start: int, end: int, *, backward: bool, forward: bool) -> Finding | None:
        """The statement of the denial over `[start, end)`; `backward`, `forward`: where its noun may stand. None
        where no noun and no known action is there."""
        verb = doc[start + 1] if doc[start].lower_ in self._particles and end > start + 1 else None
        action = self._actions.get(verb.lemma_) if verb is not None else None
        phrase = self._before(doc, start) if backward else None
        if phrase is None and forward:
            phrase = self._after(doc, end, near=not backward)
        cue = doc[start:end].text.lower()
        if phrase is None:
            return Finding(start, end, text=action, status="absent", cue=cue) if action else None
        if action:
            text = f"{action} {self._reader.inflected(doc, phrase, 'gent')}"
        else:
            text = self._reader.inflected(doc, phrase, "nomn")
        return Finding(min(start, phrase.start), max(end, phrase.end), text=text, status="absent", cue=cue)

    def _before(self, doc: Doc, cue: int) -> NounPhrase | None:
        """The last noun phrase of the clause before the cue that no preposition governs."""
        start = cue - (cue > 0 and doc[cue - 1].text == ":")
        while start > 0 and not doc[start].is_sent_start and doc[start - 1].text not in MARKS:
            start -= 1
        found: NounPhrase | None = None
        i = start
        while i < cue:
            timeless = doc[i].lemma_ not in self._circumstance
            if timeless and self._nominal(doc[i]) and not self._governed(doc, start, i):
                phrase = self._reader.around(doc, i)
                found = NounPhrase(max(start, phrase.start), i, min(phrase.end, cue))
                i = found.end
            else:
                i += 1
        return found

    def _after(self, doc: Doc, i: int, *, near: bool) -> NounPhrase | None:
        """The first noun phrase after the cue: right behind it, or anywhere in the clause that no preposition
        governs."""
        begin = i
        while i < len(doc) and not (doc[i].is_sent_start or doc[i].text in MARKS):
            if self._nominal(doc[i]) and not self._governed(doc, begin, i):
                phrase = self._reader.around(doc, i)
                return NounPhrase(max(begin, phrase.start), i, phrase.end)
            if near and not is_adjective(doc[i]) and doc[i].pos_ != "ADV":
                return None
            i += 1
        return None

    def _nominal(self, token: Token) -> bool:
        return is_noun(token) and len(token.text) > 1 and token.lemma_ not in self._idle

    def _governed(self, doc: Doc, floor: int, i: int) -> bool:
        while i > floor and is_adjective(doc[i - 1]):
            i -= 1
        return i > floor and doc[i - 1].pos_ == "ADP"
