"""Endings of adjectives that sound alike: "общей анализ" for "общий анализ", "симптом отрицательной"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from dictation.grammar.agreement import agreement
from dictation.language.hearing import Heard, hear
from dictation.language.inflection import inflection
from dictation.language.phonetics import phonetics
from dictation.language.written import Token
from dictation.speech.transcript import Transcript

# Vowels of an ending that nobody hears apart: "ый" and "ой", "ая" and "ое".
_SAME = 0.5
# Heard with less, or put right by sound, two words that do not agree are the sign of another word.
_SURE = 0.5
# A result stands so many words behind what it is of.
_REACH = 6
_SENTENCE_ENDS = frozenset({".", "|"})


class Agreement:
    """Gives adjectives that were heard the ending that their noun asks for, where it sounds the same; no word
    becomes another, so nothing is doubted. Behind a preposition the adjective has the case that the preposition
    takes, and it is the noun that was misheard: both are left."""

    def __init__(self, language: str) -> None:
        self._rules = agreement(language)
        self._inflection = inflection(language)
        self._phonetics = phonetics(language)

    def __call__(self, tokens: Sequence[Token], transcript: Transcript) -> list[Token]:
        done = list(tokens)
        if not transcript.was_sound:
            return done
        heard = hear(
            tokens, transcript, self._inflection.known, self._inflection.is_service, self._inflection.is_name
        )
        for at, last in enumerate(heard):
            attributes = self._attributes(heard, at) if _is_sure(tokens, last) else ()
            believed = [(word, meant) for word, meant in attributes if _is_sure(tokens, word)]
            for word, meant in (*believed, *self._result(heard, at)):
                text = tokens[word.token].text
                if word.confidence is not None and text.lower() == word.word:
                    done[word.token] = done[word.token].with_text(meant.capitalize() if text[0].isupper() else meant)
        return done

    def _attributes(self, heard: Sequence[Heard], at: int) -> Iterator[tuple[Heard, str]]:
        """The adjectives right before a noun, the nearest first, with the form that agrees with it."""
        changed: list[tuple[Heard, str]] = []
        for place in range(at - 1, -1, -1):
            word = heard[place]
            if heard[place + 1].gap:
                break
            forms = self._inflection.agreeing(word.word, heard[at].word)
            if not forms and changed and self._inflection.is_preposition(word.word):
                return
            if word.word in forms:
                continue
            meant = self._alike(word.word, forms) if self._inflection.clash(word.word, heard[at].word) else None
            if meant is None:
                break
            changed.append((word, meant))
        yield from changed

    def _result(self, heard: Sequence[Heard], at: int) -> Iterator[tuple[Heard, str]]:
        word = heard[at]
        if not word.word.startswith(self._rules.results):
            return
        if at + 1 < len(heard) and not heard[at + 1].gap and self._inflection.agreeing(word.word, heard[at + 1].word):
            return
        for place in range(at - 1, max(-1, at - 1 - _REACH), -1):
            if heard[place + 1].gap in _SENTENCE_ENDS:
                return
            if heard[place].word.startswith(self._rules.subjects):
                forms = self._inflection.agreeing(word.word, heard[place].word)
                meant = None if word.word in forms else self._alike(word.word, forms)
                if meant is not None:
                    yield word, meant
                return

    def _alike(self, word: str, forms: Sequence[str]) -> str | None:
        """The form that sounds most like the word, if it sounds the same."""
        sound = self._phonetics.sound([word])
        near = [(self._phonetics.distance(sound, self._phonetics.sound([form]), _SAME), form) for form in forms]
        distance, meant = min(near, default=(float("inf"), ""))
        return meant if distance <= _SAME else None


def _is_sure(tokens: Sequence[Token], word: Heard) -> bool:
    return word.confidence is not None and word.confidence >= _SURE and tokens[word.token].heard is None
