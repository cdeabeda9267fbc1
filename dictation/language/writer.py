"""Spoken to written: the steps in their order."""

from __future__ import annotations

from collections.abc import Sequence

from dictation.grammar.commands import commands
from dictation.grammar.corrections import corrections
from dictation.grammar.numerals import numerals
from dictation.grammar.orthography import orthography
from dictation.grammar.quantities import quantities
from dictation.grammar.terms import terms
from dictation.language.abbreviations import Abbreviations
from dictation.language.agreement import Agreement
from dictation.language.clarity import Clarity
from dictation.language.codes import Codes
from dictation.language.commands import SpokenMarks
from dictation.language.comparable import Comparable
from dictation.language.compounds import Compounds
from dictation.language.context import Context
from dictation.language.corrections import Corrections
from dictation.language.dates import Dates
from dictation.language.decimals import Decimals
from dictation.language.denial import Denial
from dictation.language.glued import Glued
from dictation.language.heard_marks import HeardMarks
from dictation.language.inflection import inflection
from dictation.language.lexicon import lexicon
from dictation.language.mending import Mending
from dictation.language.moments import Moments
from dictation.language.named import Named
from dictation.language.numerals import Item, NumberReader, Numerals
from dictation.language.parting import Parting
from dictation.language.punctuation import Punctuation
from dictation.language.quantities import Quantities
from dictation.language.rejoining import Rejoining
from dictation.language.respelling import Respeller
from dictation.language.shares import Shares
from dictation.language.targets import Targets
from dictation.language.tokens import Tokeniser
from dictation.language.written import Token, Written
from dictation.speech.transcript import Transcript


class Writer:
    """Writes what was heard as a registrar would. Made once for a language; holds no state between texts."""

    def __init__(self, language: str) -> None:
        number_words, rules, marks = numerals(language), quantities(language), orthography(language)
        words = Numerals(number_words)
        context = Context(rules)
        self._tokenise = Tokeniser(marks, words.is_cardinal)
        self._abbreviations = Abbreviations(marks)
        self._codes = Codes(words, number_words, rules, context)
        self._spoken_marks = SpokenMarks(
            commands(language),
            HeardMarks(language, words.is_numeral),
            words.is_numeral,
        )
        self._mend_numerals = Mending(number_words, words, inflection(language).known)
        self._part_glued = Glued(terms(language), lexicon(language), inflection(language))
        self._respell = Respeller(language)
        self._agree = Agreement(language)
        self._doubt_unclear = Clarity(language, words.is_cardinal)
        self._read = NumberReader(words, (*rules.one_phrases, *rules.ordinal_phrases))
        self._rejoin = Rejoining(number_words, context)
        self._part = Parting(number_words, rules, context, self._read)
        self._shares = Shares(number_words, rules, words)
        self._dates = Dates(rules, (*number_words.and_, *number_words.broken_by))
        self._compounds = Compounds(rules, context)
        self._decimals = Decimals(number_words, rules, context)
        self._quantities = Quantities(number_words, rules, context)
        self._punctuate = Punctuation(marks)
        targets, over, taken_back = Targets(self._numbers, context.is_unit), number_words.over, corrections(language)
        self._correct = Corrections(
            taken_back,
            Comparable(
                taken_back,
                language,
                self._numbers,
                context.is_counted,
                over,
                Moments(taken_back.moments, targets.number),
            ),
            Named(language, targets, over, context.is_counted),
            targets,
            Denial(taken_back, language),
        )

    def __call__(self, transcript: Transcript) -> Written:
        tokens = self._codes(self._abbreviations(self._tokenise(transcript)))
        tokens, marks = self._spoken_marks(tokens, transcript)
        tokens, corrected = self._correct(self._shares(tokens), sound=transcript.was_sound)
        tokens = self._respell(self._part_glued(self._mend_numerals(tokens)), transcript)
        tokens = self._mend_numerals.mark_unread(tokens)
        tokens = self._doubt_unclear(self._agree(tokens, transcript), transcript)
        written = self._punctuate(self._quantities(self._compounds(self._numbers(self._shares(tokens)))))
        edits = sorted([*marks, *corrected], key=lambda edit: edit.start)
        return Written(transcript, written, tuple(edits))

    def _numbers(self, tokens: Sequence[Token]) -> list[Item]:
        return self._decimals(self._dates(self._part(self._rejoin(self._read(tokens)))))
