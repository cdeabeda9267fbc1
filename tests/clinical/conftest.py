"""The pipeline, made once for the tests of the clinical stage."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dictation.clinical.pipeline import build


@pytest.fixture(scope="session")
def nlp() -> Language:
    return build("ru")
