"""The spaCy pipeline that finds the clinical facts of a written text."""

from __future__ import annotations

from collections.abc import Sequence

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from dictation.clinical.focus import Focus, put_focus
from dictation.grammar.rules import language_dir
from dictation.language.written import Written

# Registered as spaCy factories by entry points (no dot is allowed in their names); each builds on what those before
# it found.
COMPONENTS = (
    "med_lemmatizer",
    "med_sections",
    "med_measurements",
    "med_medications",
    "med_diagnoses",
    "med_findings",
    "med_assertions",
    "med_examinations",
    "med_allergies",
    "med_follow_up",
)

PAUSES = "med.pauses"
VALUES = "med.values"


def build(language: str) -> Language:
    """The pipeline of a language; UsageError where it has no rules."""
    language_dir(language)
    nlp = spacy.blank(language, config={"nlp": {"tokenizer": {"@tokenizers": "med_tokenizer"}}})
    for component in COMPONENTS:
        nlp.add_pipe(component, config={"language": language})
    return nlp


def to_doc(nlp: Language, written: Written, focused: Sequence[Focus] = ()) -> Doc:
    """A Doc with one spaCy token for each token of the written text, at the same index.

    `user_data[PAUSES]` lists the tokens after which the speaker paused, `user_data[VALUES]` holds
    `[index, number]` for each numeral. `focused` are the stretches that were said into a field of the form.
    """
    tokens = written.tokens
    doc = Doc(nlp.vocab, words=[t.text for t in tokens], spaces=[t.space for t in tokens])
    doc.user_data[PAUSES] = [i for i, token in enumerate(tokens) if token.pause]
    doc.user_data[VALUES] = [[i, token.value] for i, token in enumerate(tokens) if token.value is not None]
    put_focus(doc, focused)
    return doc
