"""Self-corrections and deletions: carried out on the text, never written.

A cue is obeyed only where it is certain what it replaces. Where it is not, everything stays in the text, and the cue
with what surrounds it carries the doubt "doubtful-command".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dictation.grammar.corrections import CorrectionRules
from dictation.language.comparable import Comparable, Replacement
from dictation.language.denial import Belonging, Denial
from dictation.language.doubts import AMBIGUOUS_NUMBER, DOUBTFUL_COMMAND, doubted
from dictation.language.manuscript import CORRECTION, ENDS, SOFT, UNDO, Cue, Manuscript, stripped
from dictation.language.named import Named
from dictation.language.phrases import Phrases, is_word, plain
from dictation.language.targets import Targets
from dictation.language.written import Edit, Token

DELETE_WORD, DELETE_SENTENCE = "delete-word", "delete-sentence"
_RETRACT, _RATHER, _EQUALS, _NO, _REPLACE = "retract", "rather", "equals", "negation", "replace"
# "нет, не семь, а десять": the denied words are few.
_DENIED = 5
# A first sentence is not longer than this; else the marks of the text are not to be relied on.
LONGEST_SENTENCE = 25


class Corrections:
    """Carries out what the doctor takes back."""

    def __init__(
        self, rules: CorrectionRules, comparable: Comparable, named: Named, targets: Targets, denials: Denial
    ) -> None:
        cues = [(phrase, kind) for kind in (_RETRACT, _RATHER, _EQUALS, _NO) for phrase in getattr(rules, kind)]
        self._cues: Phrases[str] = Phrases([*cues, *((verb, _REPLACE) for verb in rules.replace)])
        deletion = rules.delete
        orders = [
            (f"{first} {second}", kind)
            for things, kind in ((deletion.word, DELETE_WORD), (deletion.sentence, DELETE_SENTENCE))
            for thing in things
            for verb in deletion.verbs
            for first, second in ((verb, thing), (thing, verb))
        ]
        self._deletions: Phrases[str] = Phrases([*orders, *((phrase, UNDO) for phrase in rules.undo)])
        self._unclear: Phrases[bool] = Phrases((phrase, True) for phrase in rules.unclear)
        self._objects: Phrases[bool] = Phrases((thing, True) for thing in (*deletion.word, *deletion.sentence))
        self._several = Phrases(
            (f"{verb} {before}", True) for verb in deletion.verbs for before in deletion.words.before
        )
        self._word_counts = frozenset(deletion.words.after)
        self._not, self._but, self._with = (frozenset(w) for w in (rules.not_, rules.but, rules.with_))
        self._comparable = comparable
        self._named = named
        self._targets = targets
        self._denials = denials
        self._prepositions, self._ways = frozenset(rules.prepositions), frozenset(rules.ways)
        self._directions = frozenset(map(plain, rules.directions))

    def __call__(self, tokens: Sequence[Token], *, sound: bool = False) -> tuple[list[Token], list[Edit]]:
        """The corrected tokens and what was done; `sound` says that a recogniser put the marks."""
        work = Manuscript(list(tokens), sound=sound)
        while work.place < len(work.tokens):
            if not (self._delete(work) or self._denial(work) or self._correct(work)):
                work.done.append(work.tokens[work.place])
                work.place += 1
        return work.done, work.edits

    # Deletions

    def _delete(self, work: Manuscript) -> bool:
        match = self._deletions.match(work.tokens, work.place)
        count = 1
        if match is None:
            several = self._several_words(work)
            thing = self._objects.match(work.tokens, work.place) or self._unclear.match(work.tokens, work.place)
            if several is None and thing:
                # "Последнее предложение" is said to the program only: its verb was misheard.
                work.leave(DELETE_SENTENCE, thing[0])
            if several is None:
                return thing is not None
            end, count = several
            kind = DELETE_WORD
        else:
            end, kind = match
        if kind == UNDO:
            done = work.undo(end)
        elif kind == DELETE_WORD:
            done = self._delete_words(work, end, count)
        else:
            done = self._delete_sentence(work, end)
        if not done:
            work.leave(kind, end)
        return True

    def _several_words(self, work: Manuscript) -> tuple[int, int] | None:
        match = self._several.match(work.tokens, work.place)
        if match is None:
            return None
        count = self._targets.count(work.tokens, match[0])
        if count is None or count[0] >= len(work.tokens):
            return None
        return (count[0] + 1, count[1]) if plain(work.tokens[count[0]].text) in self._word_counts else None

    def _delete_words(self, work: Manuscript, end: int, count: int) -> bool:
        kept = stripped(work.done)
        own_sentence = len(kept) < len(work.done) and work.done[-1].text in ENDS
        for _ in range(count):
            if not kept or not is_word(kept[-1]):
                return False
            kept = kept[: self._targets.last_word(kept)]
        comma = end < len(work.tokens) and work.tokens[end].text in SOFT
        while kept and kept[-1].text in SOFT and not comma:
            kept.pop()
        work.obey(DELETE_WORD, end, kept, keep_end=not own_sentence)
        return True

    def _delete_sentence(self, work: Manuscript, end: int) -> bool:
        kept = stripped(work.done)
        start = len(kept)
        while start and kept[start - 1].text not in ENDS:
            start -= 1
        closed = len(kept) < len(work.done) or bool(kept and kept[-1].pause)
        words = sum(map(is_word, kept[start:]))
        # Without a mark before or after it nobody knows where the sentence began.
        if start == len(kept) or (not start and (not closed or words > LONGEST_SENTENCE)):
            return False
        clause = self._last_clause(kept, start) if work.sound else start
        if clause > start:
            doubtful = [doubted(token, DOUBTFUL_COMMAND) for token in kept[start:clause]]
            work.done = [*kept[:start], *doubtful, *work.done[clause:]]
            kept, start = stripped(work.done), clause
        work.obey(DELETE_SENTENCE, end, kept[:start], keep_end=False)
        return True

    def _last_clause(self, kept: Sequence[Token], start: int) -> int:
        """Where the last clause of a sentence begins that has its numbers before it, else where the sentence does.
        Where a recogniser put the marks, the numbers may be those of a sentence before, and stay to be looked at."""
        commas = (at for at in range(len(kept) - 1, start, -1) if kept[at].text in SOFT)
        last = next(commas, start)
        numbers = self._targets.has_number(kept[start:last]) and not self._targets.has_number(kept[last:])
        return last + 1 if numbers else start

    # Corrections

    def _denial(self, work: Manuscript) -> bool:
        """ "Не двадцать, а сорок миллиграмм": of two numbers the second."""
        if plain(work.tokens[work.place].text) not in self._not:
            return False
        number = self._targets.number(work.tokens, work.place + 1)
        if number is None:
            return False
        middle = self._but_after(work.tokens, number)
        new = self._targets.number(work.tokens, middle + 1)
        if not middle or new is None:
            return False
        # What the first number counted must be said of the second too.
        if is_word(work.tokens[number]) and number < middle and not self._named.is_measured(work.tokens, new):
            work.leave(CORRECTION, work.place + 1)
            return True
        work.record(CORRECTION, work.place, middle + 1, work.tokens[work.place + 1 : number])
        work.place = middle + 1
        return True

    def _but_after(self, tokens: Sequence[Token], number: int) -> int:
        """Where "а" stands after a number and the few words that may follow it; 0 where not."""
        middle = _past_marks(tokens, number)
        if middle == number and self._named.is_measured(tokens, number):
            while middle < min(len(tokens), number + _DENIED) and is_word(tokens[middle]):
                if plain(tokens[middle].text) in self._but:
                    break
                middle += 1
            middle = _past_marks(tokens, middle)
        return middle if middle < len(tokens) and plain(tokens[middle].text) in self._but else 0

    def _correct(self, work: Manuscript) -> bool:
        cue = self._cue(work)
        if cue is None:
            return False
        done = self._replace(work, cue) if cue.kind == _REPLACE else self._retract(work, cue)
        if done is None:
            return False
        if not done:
            work.leave(CORRECTION, cue.words[1])
        return True

    def _cue(self, work: Manuscript) -> Cue | None:
        """The cue at this place with those that follow it at once ("ой, нет, исправь"); the surest counts."""
        kinds: list[str] = []
        place = end = work.place
        while end < len(work.tokens):
            match = self._cues.match(work.tokens, end)
            if match is None or (kinds and kinds[-1] == _REPLACE):
                break
            kinds.append(match[1])
            place = match[0]
            end = _past_marks(work.tokens, place)
        if not kinds:
            return None
        kind = next(k for k in (_REPLACE, _RETRACT, _RATHER, _NO, _EQUALS) if k in kinds)
        return Cue(kind, work.place, (work.place, place), end)

    def _retract(self, work: Manuscript, cue: Cue) -> bool | None:
        """True where obeyed, False where it is doubtful, None where the cue is a plain word."""
        set_off = _set_off(work, cue)
        after = work.tokens[cue.end :]
        if cue.end < len(work.tokens) and self._deletions.match(work.tokens, cue.end):
            work.record(CORRECTION, cue.start, cue.words[1], [])
            work.place = cue.end
            return True
        if cue.kind == _NO and set_off == "behind":
            return None
        before = stripped(work.done)
        sure = cue.kind in (_RETRACT, _RATHER)
        # After "вернее" and its like nobody writes a comma: the one before is enough.
        marked = set_off == "soft" or (sure and bool(work.done) and work.done[-1].text in SOFT)
        denied = self._denied(before, after)
        skip = denied.taken if denied else 0
        found = replace(denied, taken=0) if denied else self._comparable.find(before, after, sure=sure, marked=marked)
        if cue.kind == _EQUALS:
            return False if found and self._targets.number(after, 0) else None
        if found is None and cue.kind == _NO and not set_off:
            found = self._comparable.moment(before, after)
        if found is None:
            if cue.kind == _NO:
                return False if set_off == "soft" or self._comparable.might_be(before, after) else None
            if cue.kind == _RATHER:
                return False if marked or self._targets.number(after, 0) else None
            return False
        number = self._targets.number(before, found.start) is not None
        doubt = found.doubt or (AMBIGUOUS_NUMBER if cue.kind == _NO and set_off == "hard" and number else "")
        if cue.kind == _NO and not denied and set_off != "soft":
            judged = self._judged(work, before, after, found, set_off)
            if judged is None:
                return False
            doubt = doubt or judged
        work.correct(cue, replace(found, doubt=doubt), skip)
        return True

    def _judged(
        self, work: Manuscript, before: Sequence[Token], after: Sequence[Token], found: Replacement, set_off: str
    ) -> str | None:
        """A replacement for a "нет" that no commas set off: None where it may as well be a denial, else the doubt
        about it, if any."""
        tail = before[found.start :]
        if not set_off and self._targets.longer_than_one(tail):
            return None
        word = next((token.text for token in tail if plain(token.text) not in self._prepositions), "")
        adverb = self._comparable.is_adverbial(word)
        if set_off:
            return None if adverb and len(tail) == 1 else ""
        if adverb and not is_word(work.done[-1]):
            # "Боль слева, нет справа."
            return None
        if self._targets.has_number(tail) or plain(word) in self._ways or self._comparable.is_predicate(word):
            return ""
        belonging = self._denials.belonging(before[: found.start])
        if self._comparable.is_attribute(word):
            return None if belonging is Belonging.DENIABLE else ""
        # The endings that tell what the words belong to are no more than likely in what was heard.
        if work.sound or belonging is Belonging.DENIABLE or not self._denials.begins_another(after[found.taken :]):
            return None
        if plain(word) in self._directions:
            return ""
        if belonging is Belonging.GOVERNED:
            return None
        return "" if self._comparable.moment(before, after) else DOUBTFUL_COMMAND

    def _denied(self, before: Sequence[Token], after: Sequence[Token]) -> Replacement | None:
        """ "… семь, нет, не семь, а десять": what is denied is named again; `taken` counts up to the new words."""
        if not after or plain(after[0].text) not in self._not:
            return None
        for but in range(2, min(_DENIED + 3, len(after) - 1)):
            if plain(after[but].text) not in self._but:
                continue
            old = [token for token in after[1:but] if is_word(token)]
            place = self._targets.find(before, old)
            if place is not None:
                return Replacement(place, len(before), but + 1, flow=place + len(old) == len(before))
        return None

    def _replace(self, work: Manuscript, cue: Cue) -> bool:
        """ "Исправь X на Y", "исправь на Y"."""
        tokens = work.tokens
        place = cue.end
        if place < len(tokens) and plain(tokens[place].text) in self._with:
            found = self._comparable.find(stripped(work.done), tokens[place + 1 :], sure=True, marked=True)
            if found is None:
                return False
            work.correct(cue, replace(found, flow=False, end=found.end), place + 1 - cue.end, in_place=True)
            return True
        end = place
        while end < len(tokens) and is_word(tokens[end]):
            end += 1
        before = stripped(work.done)
        for middle in range(end - 2, place, -1):
            if plain(tokens[middle].text) not in self._with:
                continue
            old = tokens[place:middle]
            found = self._named.find(before, old, tokens[middle + 1 : end])
            if found is None:
                continue
            if len(old) == found.taken == 1:
                tokens[middle + 1] = self._named.agreeing(before[found.start], old[0], tokens[middle + 1])
            work.correct(cue, found, middle + 1 - cue.end, in_place=True)
            return True
        return False


def _past_marks(tokens: Sequence[Token], place: int) -> int:
    while place < len(tokens) and not is_word(tokens[place]) and tokens[place].text not in ("\n", "\n\n"):
        place += 1
    return place


def _set_off(work: Manuscript, cue: Cue) -> str:
    """How the cue is set off: "soft" by commas or dashes on both sides, "hard" where a side is the end of a sentence
    or only a pause, "behind" by what follows alone, "" otherwise."""
    before = work.done[-1] if work.done else None
    last = work.tokens[cue.words[1] - 1]
    after = work.tokens[cue.words[1]] if cue.words[1] < len(work.tokens) else None
    if before is None:
        return "behind"
    first = "soft" if before.text in SOFT else "hard" if before.text in ENDS or before.pause else ""
    if after is None:
        return "" if first else "behind"
    second = "soft" if after.text in SOFT else "hard" if not is_word(after) or last.pause else ""
    if not first:
        return "behind" if second else ""
    return "soft" if first == second == "soft" else "hard" if second else ""
