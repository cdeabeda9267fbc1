"""The spaCy pipeline that finds the clinical facts of a written text."""

from __future__ import annotations

import importlib
import importlib.util

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from dictation.grammar.rules import language_dir
from dictation.language.written import Written

# Factories `med_…` (spaCy allows no dot in their names); each builds on what those before it found.
COMPONENTS = (
    "lemmatizer",
    "sections",
    "measurements",
    "medications",
    "diagnoses",
    "findings",
    "assertions",
    "examinations",
    "allergies",
    "follow_up",
)

PAUSES = "med.pauses"
VALUES = "med.values"


def build(language: str) -> Language:
    """The pipeline of a language; UsageError where it has no rules."""
    language_dir(language)
    nlp = spacy.blank(language, config={"nlp": {"tokenizer": {"@tokenizers": "med_tokenizer"}}})
    for component in COMPONENTS:
        module = f"dictation.clinical.{component}"
        if importlib.util.find_spec(module):
            importlib.import_module(module)
            nlp.add_pipe(f"med_{component}", config={"language": language})
    return nlp


def to_doc(nlp: Language, written: Written) -> Doc:
    """A Doc with one spaCy token for each token of the written text, at the same index.

    `user_data[PAUSES]` lists the tokens after which the speaker paused, `user_data[VALUES]` holds
    `[index, number]` for each numeral.
    """
    tokens = written.tokens
    doc = Doc(nlp.vocab, words=[t.text for t in tokens], spaces=[t.space for t in tokens])
    doc.user_data[PAUSES] = [i for i, token in enumerate(tokens) if token.pause]
    doc.user_data[VALUES] = [[i, token.value] for i, token in enumerate(tokens) if token.value is not None]
    return doc
