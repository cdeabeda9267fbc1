"""Filling the form again and again while somebody dictates, beside the dictation."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from dictation.forms.record import Record

# After the form was filled it is not filled again for so many times as long as that took.
_REST = 4


class Filling:
    """A thread that makes records, one at a time, and rests after each."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="filling")
        self._making: Future[Record] | None = None
        self._begun = 0.0
        self._rested_at = 0.0

    def may_begin(self) -> bool:
        """Whether none is being made and there was rest enough since the last."""
        return self._making is None and time.monotonic() >= self._rested_at

    def begin(self, job: Callable[[], Record]) -> None:
        """Make this one."""
        self._begun = time.monotonic()
        self._making = self._thread.submit(job)
        self._making.add_done_callback(lambda _made: self._rest())

    def wait(self) -> None:
        """Until the record that is being made is there."""
        if self._making:
            self._making.exception()

    def result(self) -> Record | None:
        """The record that has become ready, once; raises what went wrong with it."""
        if self._making is None or not self._making.done():
            return None
        made, self._making = self._making, None
        return made.result()

    def end(self) -> None:
        """What is being made is not wanted any more."""
        self.wait()
        self._making = None
        self._thread.shutdown()

    def _rest(self) -> None:
        now = time.monotonic()
        self._rested_at = now + _REST * (now - self._begun)
