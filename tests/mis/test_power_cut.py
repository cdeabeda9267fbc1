"""Images of the store at random moments and write points while it submits and is acknowledged: each opens whole, and
what it shows as on its way arrives once."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.mis.cutting import images_while_sending, sent_on

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="programs are stopped in their tracks by a signal"
)


def test_every_image_sends_on_what_it_shows_as_waiting(home: Path, engine: str, tmp_path: Path) -> None:
    images = list(images_while_sending(home, engine, 5, 5, tmp_path))
    outcomes = [sent_on(image, engine) for image in images]
    assert [(outcome.lost, outcome.doubled) for outcome in outcomes] == [(0, 0)] * 10
    # The images are of different moments, some of them after a record had gone out.
    assert len({outcome.signed for outcome in outcomes}) > 2
    assert sum(outcome.waiting + outcome.sent for outcome in outcomes) > 0
