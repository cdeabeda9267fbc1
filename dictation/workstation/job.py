"""Something to do on the thread of a dictation, and what came of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Generic, TypeVar

from dictation.console import describe
from dictation.errors import DictationError
from dictation.workstation.failures import Failure

Result = TypeVar("Result")

_log = logging.getLogger(__name__)


class Job(Generic[Result]):
    """Asked for on one thread, done on another. `done` holds the result, or why there is none."""

    def __init__(self, work: Callable[[], Result]) -> None:
        self.done: Future[Result] = Future()
        self._work = work

    def perform(self) -> None:
        """Do it, unless nobody wants it any more."""
        if not self.done.set_running_or_notify_cancel():
            return
        try:
            result = self._work()
        except (Failure, DictationError) as error:
            self.done.set_exception(error)
        except Exception as error:  # noqa: BLE001 - told to who asked; the dictation goes on
            _log.error("%s", describe(error))
            self.done.set_exception(Failure("internal"))
        else:
            self.done.set_result(result)

    def refuse(self) -> None:
        """The dictation has ended meanwhile."""
        with suppress(Exception):
            if self.done.set_running_or_notify_cancel():
                self.done.set_exception(Failure("unknown-dictation"))
