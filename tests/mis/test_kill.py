"""`kill -9` at seeded random moments between dictation and acknowledgement: every signed record arrives once."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mis.killing import kill_while_sending


@pytest.mark.parametrize("seed", range(1, 4))
def test_every_signed_record_arrives_once(home: Path, engine: str, seed: int) -> None:
    outcome = kill_while_sending(home, engine, seed)
    assert (outcome.lost, outcome.doubled) == (0, 0)
    assert outcome.signed >= outcome.told
