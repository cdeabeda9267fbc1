"""Signs that are tested: "симптом Кернига отрицательный", "проба Ласега справа положительная, слева отрицательная".

An outcome belongs to the sign before it, unless it stands right before its own ("положительный симптом Ласега"):
taken for an attribute of the next sign it would turn two results round.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from dictation.clinical.facts import Finding, Section
from dictation.clinical.morphology import inflect
from dictation.clinical.noun_phrase import NounPhrase, PhraseReader, is_noun, noun_reading
from dictation.grammar.findings import FindingRules
from dictation.grammar.syntax import Syntax

# A sign is called by so many words at most ("поколачивания по поясничной области").
_NAME = 4


class OutcomeReader:
    """Reads the tested signs of a section as findings that are judged already."""

    def __init__(self, rules: FindingRules, grammar: Syntax, reader: PhraseReader) -> None:
        self._reader = reader
        self._tests = rules.tests
        self._outcomes = rules.outcomes
        self._sides = frozenset(grammar.sides)
        self._conjunctions = frozenset(grammar.conjunctions)

    def read(self, doc: Doc, section: Section) -> Iterator[Finding]:
        """The findings in text order, one for every sign and side."""
        floor = section.start
        for i in range(section.start, section.end):
            if i < floor or not self._is_test(doc[i]):
                continue
            found = list(self._of_test(doc, i, floor, section.end))
            yield from found
            floor = max([floor, *(finding.end for finding in found)])

    def _of_test(self, doc: Doc, i: int, floor: int, end: int) -> Iterator[Finding]:
        names, after = self._names(doc, i, end)
        before = i - 1
        if before >= floor and self._outcome(doc[before]) is not None:
            side = doc[after].lower_ if after < end and doc[after].lower_ in self._sides else None
            yield from self._findings(doc, before, after + (side is not None), names, before, side)
            return
        start = i
        while after < end:
            place = after
            side = None
            while place < end and self._passed(doc[place]):
                side = doc[place].lower_ if doc[place].lower_ in self._sides else side
                place += 1
            measured = self._measured(doc, place, end)
            if measured > place and side is not None:
                yield from self._findings(doc, start, measured, names, place, side, status="present")
                start = after = self._past_joint(doc, measured, end)
                continue
            if place >= end or self._outcome(doc[place]) is None or self._of_next(doc, place, end):
                return
            stop = place + 1
            if side is None and stop < end and doc[stop].lower_ in self._sides:
                side = doc[stop].lower_
                stop += 1
            yield from self._findings(doc, start, stop, names, place, side)
            start = after = self._past_joint(doc, stop, end)

    def _past_joint(self, doc: Doc, i: int, end: int) -> int:
        joint = i < end and (doc[i].text == "," or doc[i].lower_ in self._conjunctions)
        return i + 1 if joint else i

    def _measured(self, doc: Doc, i: int, end: int) -> int:
        """Where a number and its unit end that tell how much of a sign there is ("слева 40°, справа отрицательный");
        the place itself where none stands."""
        if i >= end or not doc[i].text[0].isdigit():
            return i
        united = i + 1 < end and is_noun(doc[i + 1]) and not self._is_test(doc[i + 1])
        return i + 1 + united

    def _findings(
        self,
        doc: Doc,
        start: int,
        end: int,
        names: list[str],
        outcome: int,
        side: str | None,
        status: str | None = None,
    ) -> Iterator[Finding]:
        """One finding for every name, as the outcome says unless its `status` is known."""
        status = status or self._outcome(doc[outcome]) or "present"
        for name in names:
            text = f"{name} {side}" if side else name
            yield Finding(start, end, text=text, status=status, cue=doc[outcome].lower_)

    def _names(self, doc: Doc, i: int, end: int) -> tuple[list[str], int]:
        """What the signs at a token are called, and where their names end."""
        called: list[list[str]] = [[]]
        j = i + 1
        while j < min(end, i + 1 + _NAME):
            token = doc[j]
            if token.lower_ in self._conjunctions and called[-1] and j + 1 < end and doc[j + 1].is_alpha:
                called.append([])
            elif self._of_name(token):
                called[-1].append(token.text)
            else:
                break
            j += 1
        while called and not called[-1]:
            called.pop()
        if not called:
            return [self._reader.inflected(doc, NounPhrase(self._reader.around(doc, i).start, i, i + 1), "nomn")], j
        noun = inflect(noun_reading(doc[i]), "nomn", "sing" if len(called) > 1 else None)
        return [" ".join((noun, *words)) for words in called], j

    def _of_name(self, token: Token) -> bool:
        word = token.is_alpha or "-" in token.text
        other = self._outcome(token) is not None or token.lower_ in self._sides or self._is_test(token)
        return word and not other and token.pos_ not in ("VERB", "ADV", "PART")

    def _of_next(self, doc: Doc, i: int, end: int) -> bool:
        """Whether the outcome stands before the sign that it is of, with another outcome right before it."""
        return i + 1 < end and self._is_test(doc[i + 1]) and not self._told_later(doc, i + 1, end)

    def _told_later(self, doc: Doc, i: int, end: int) -> bool:
        """Whether the sign at the token has an outcome of its own behind it."""
        _, after = self._names(doc, i, end)
        while after < end and self._passed(doc[after]):
            after += 1
        return after < end and self._outcome(doc[after]) is not None

    def _passed(self, token: Token) -> bool:
        """Words between a sign and its outcome: its side, "резко", "слабо"."""
        return self._outcome(token) is None and (token.lower_ in self._sides or token.pos_ == "ADV")

    def _is_test(self, token: Token) -> bool:
        return token.lemma_ in self._tests and is_noun(token)

    def _outcome(self, token: Token) -> str | None:
        return self._outcomes.get(token.lemma_)
