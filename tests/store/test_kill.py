"""`kill -9` at seeded random moments of a dictation: at most the last second is lost, and no event."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.store.killing import kill_while_dictating


@pytest.mark.parametrize("seed", range(5))
def test_a_kill_costs_at_most_the_last_second_and_no_event(home: Path, seed: int) -> None:
    outcome = kill_while_dictating(home, seed, random.Random(seed).uniform(0.0, 2.2))
    assert outcome.kept >= outcome.due
    assert outcome.lost_seconds <= 1.0
    assert outcome.events_kept >= outcome.events_given
