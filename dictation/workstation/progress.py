"""How far a dictation has come: what is on disk, and whether the machine keeps up."""

from __future__ import annotations

import time

from dictation.workstation.telling import Telling

_KEPT_EVERY, _BEHIND_EVERY = 0.25, 1.0
# From here on a doctor notices that words come late, seconds.
_BEHIND = 4.0


class Progress:
    """Tells a dictation's client, neither too often nor twice the same."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._told_kept = -1
        self._next_kept = self._next_behind = 0.0
        self._was_behind = False

    def tell(self, kept: int, behind: float) -> None:
        """`kept` samples are on disk; the oldest words that were said have waited for `behind` seconds."""
        now = time.monotonic()
        if now >= self._next_kept and kept != self._told_kept:
            self._next_kept = now + _KEPT_EVERY
            self._told_kept = kept
            self._telling.kept(kept)
        if now >= self._next_behind and (behind > _BEHIND or self._was_behind):
            self._next_behind = now + _BEHIND_EVERY
            self._was_behind = behind > _BEHIND
            self._telling.notice("behind", round(behind, 1) if self._was_behind else 0.0)
