"""Threads that decode: finals on all of them, partials on one of their own, so that no final waits for a partial.

Many streams share them. Each has a lane; the lanes take turns, so that a stream with much to decode (an old dictation
that is gone on with) holds up nobody who has one sentence.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from time import monotonic
from typing import Any, Generic, TypeVar

from dictation.memory import give_back

# Decoding leaves memory in pieces. It is given back so often, in seconds: after every job it would cost some percent.
_TIDIED = 30.0

Result = TypeVar("Result")


class DecodeWorkers:
    """`count` threads for finals and one more for partials."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._finals = ThreadPoolExecutor(count, thread_name_prefix="final")
        self._partials = ThreadPoolExecutor(1, thread_name_prefix="partial")
        self._lock = threading.Lock()
        self._turns: deque[Lane] = deque()
        self._tidied = monotonic()

    def lane(self) -> Lane:
        """For a new stream."""
        return Lane(self)

    @property
    def crowded(self) -> bool:
        """Whether finals wait for a thread."""
        return bool(self._turns)

    def final(self, lane: Lane, job: _Job[Result]) -> Future[Result]:
        with self._lock:
            lane.waiting.append(job)
            if len(lane.waiting) == 1:
                self._turns.append(lane)
        self._finals.submit(self._next)
        return job.done

    def partial(self, job: Callable[[], Result]) -> Future[Result]:
        return self._partials.submit(job)

    def _next(self) -> None:
        """One job of the lane whose turn it is."""
        with self._lock:
            lane = self._turns.popleft()
            job = lane.waiting.popleft()
            if lane.waiting:
                self._turns.append(lane)
        job.run()
        self._tidy()

    def _tidy(self) -> None:
        with self._lock:
            due = monotonic() >= self._tidied + _TIDIED
            if due:
                self._tidied = monotonic()
        if due:
            give_back()


class Lane:
    """One stream's way to the workers: its finals are begun in their order, `count` of them side by side."""

    def __init__(self, workers: DecodeWorkers) -> None:
        self._workers = workers
        self.waiting: deque[_Job[Any]] = deque()

    @property
    def count(self) -> int:
        """Threads for finals, of all lanes together."""
        return self._workers.count

    @property
    def crowded(self) -> bool:
        """Whether finals of any lane wait for a thread: a partial would hold them up."""
        return self._workers.crowded

    def final(self, job: Callable[[], Result]) -> Future[Result]:
        return self._workers.final(self, _Job(job))

    def partial(self, job: Callable[[], Result]) -> Future[Result]:
        return self._workers.partial(job)


class _Job(Generic[Result]):
    def __init__(self, work: Callable[[], Result]) -> None:
        self._work = work
        self.done: Future[Result] = Future()

    def run(self) -> None:
        if not self.done.set_running_or_notify_cancel():
            return
        try:
            result = self._work()
        except BaseException as error:  # noqa: BLE001 - raised where the result is asked for
            self.done.set_exception(error)
        else:
            self.done.set_result(result)
