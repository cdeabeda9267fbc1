"""`kill -9` at seeded random moments between signature and acknowledgement: every signed record arrives once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.mis.killing import kill_while_sending


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_signed_record_arrives_once(home: Path, engine: str, seed: int) -> None:
    outcome = kill_while_sending(home, engine, seed, random.Random(seed).uniform(0.1, 1.2))
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.signed >= outcome.told
