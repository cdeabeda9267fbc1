"""Drugs whose names end alike: by the sounds that the names themselves have."""

from __future__ import annotations

import pytest

from dictation.language.lexicon import Entry, lexicon
from dictation.language.phonetics import phonetics
from dictation.language.substances import Substances


@pytest.fixture(scope="module")
def substances() -> Substances:
    return Substances("ru", lexicon("ru"), phonetics("ru"))


def entry(name: str) -> Entry:
    return next(e for e in lexicon("ru").entries() if e.kind == "drug" and e.words == (name,))


@pytest.mark.parametrize(
    ("heard", "name", "distance", "expected"),
    [
        # "Курсом аксициллина" is "курс амоксициллина": its end is as near to what was heard.
        ("аксицеллин", "оксациллин", 0.5, True),
        ("бисепролол", "бисопролол", 0.5, False),
        # Five sounds of "метилпреднизолон" do not vanish.
        ("преднизалон", "преднизолон", 0.1, False),
    ],
)
def test_the_end_of_another_name(
    substances: Substances, heard: str, name: str, distance: float, expected: bool
) -> None:
    assert substances.is_end(phonetics("ru").sound([heard]), entry(name), distance) is expected


def test_trade_names_mean_their_drug(substances: Substances) -> None:
    """Нурофен is ibuprofen (drugs/pain.yaml)."""
    assert substances.same(entry("нурофен"), entry("ибупрофен"))
    assert not substances.same(entry("лозартан"), entry("валсартан"))
