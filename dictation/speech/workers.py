"""Threads that decode: finals on all of them, partials on one of their own, so that no final waits for a partial."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


class DecodeWorkers:
    """`count` threads for finals, first come, first served, and one more for partials."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._finals = ThreadPoolExecutor(count, thread_name_prefix="final")
        self._partials = ThreadPoolExecutor(1, thread_name_prefix="partial")

    def final(self, job: Callable[[], Result]) -> Future[Result]:
        return self._finals.submit(job)

    def partial(self, job: Callable[[], Result]) -> Future[Result]:
        return self._partials.submit(job)
