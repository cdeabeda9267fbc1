"""How fast something may happen again and again: a token bucket."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """At most `a_second` on average, `burst` at once."""

    def __init__(self, a_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_second, self._burst, self._clock = a_second, burst, clock
        self._left, self._at = burst, clock()

    def allow(self) -> bool:
        """Whether it may happen now; if so it counts."""
        return self.delay() == 0.0

    def delay(self) -> float:
        """Seconds until it may happen, 0 where it may now; if so it counts."""
        now = self._clock()
        self._left = min(self._left + (now - self._at) * self._a_second, self._burst)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self._a_second
        self._left -= 1
        return 0.0
