"""Sending what waits in the outbox: patients in parallel, each in order, again and again until it has arrived."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import Protocol, Self

from dictation.errors import DictationError, StoreError
from dictation.mis.ends import End, LaterError, RefusedError
from dictation.mis.outbox import Entry, Outbox

FIRST_PAUSE, LONGEST_PAUSE, LONGEST_ASKED = 2.0, 900.0, 3600.0
"""Seconds: after the first failure, at most after many, at most where the other side asks for it."""

POLL_SECONDS = 5.0
_SENDERS = 4

_log = logging.getLogger(__name__)


class Stop(Protocol):
    """What ends a worker, and what it waits with: a `threading.Event`."""

    def is_set(self) -> bool:
        """Whether to end."""

    def wait(self, timeout: float) -> bool:
        """Wait so many seconds, or until it is to end."""


@dataclass(frozen=True, slots=True)
class _Closed:
    """A place that is in trouble: not asked again for a while."""

    failures: int
    since: datetime
    pause: float

    def over(self, moment: datetime) -> bool:
        return not self.since <= moment < self.since + timedelta(seconds=self.pause)


class _Ends:
    """The ends of one round, each opened when it is first needed: a profile that was mended counts at once."""

    def __init__(self, open_end: Callable[[str], End]) -> None:
        self._open_end = open_end
        self._lock = threading.Lock()
        self._opened: dict[str, End] = {}

    def at(self, destination: str) -> End:
        with self._lock:
            if destination not in self._opened:
                self._opened[destination] = self._open_end(destination)
            return self._opened[destination]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._opened.values():
            with suppress(OSError):
                end.close()


class Delivery:
    """Sends from one outbox; `open_end` gives the end at an address. Safe to use from several threads; several, in
    several processes, send each record once and in order."""

    def __init__(self, outbox: Outbox, open_end: Callable[[str], End], random: Random | None = None) -> None:
        self._outbox, self._open_end, self._random = outbox, open_end, random or Random()
        self._closed: dict[str, _Closed] = {}
        self._lock = threading.Lock()

    def run(self, stop: Stop) -> None:
        """Send whatever is due until told to stop; what is being sent then is waited for. A store in trouble is
        waited for, and a record that is deleted while it is being sent stops nothing."""
        while not stop.is_set():
            try:
                self.send_due()
            except DictationError as error:
                _log.warning("outbox: %s", error)
            except Exception as error:  # noqa: BLE001 - a worker that ended would leave everything unsent, unnoticed
                _log.error("outbox: internal error: %s; trying again", type(error).__name__)
            stop.wait(POLL_SECONDS)

    def send_due(self) -> list[Entry]:
        """Everything whose pause is over; the entries that were tried, as they are now."""
        return self._send(self._outbox.heads(), patient=True)

    def send_now(self, *only: Entry) -> list[Entry]:
        """The same whatever the pauses; of the patients of these entries alone if any are given."""
        queues = {(entry.destination, entry.queue) for entry in only}
        heads = [head for head in self._outbox.heads() if not only or (head.destination, head.queue) in queues]
        with self._lock:
            self._closed.clear()
        return self._send(heads, patient=False)

    def _send(self, heads: list[Entry], *, patient: bool) -> list[Entry]:
        if not heads:
            return []
        with _Ends(self._open_end) as ends:
            by_lock = sorted(heads, key=lambda head: head.lock)
            together = [list(group) for _, group in groupby(by_lock, key=lambda head: head.lock)]
            with ThreadPoolExecutor(min(_SENDERS, len(together)), "outbox") as senders:
                done = list(senders.map(lambda group: self._send_queues(group, ends, patient=patient), together))
        return sorted((entry for queue in done for entry in queue), key=lambda entry: entry.number)

    def _send_queues(self, heads: list[Entry], ends: _Ends, *, patient: bool) -> list[Entry]:
        """The queues of one lock, unless another program is sending them."""
        with self._outbox.claimed(heads[0].lock) as ours:
            return [entry for head in heads if ours for entry in self._send_queue(head, ends, patient=patient)]

    def _send_queue(self, head: Entry, ends: _Ends, *, patient: bool) -> Iterator[Entry]:
        """One patient's entries in order, up to the first that does not get through."""
        while entry := self._outbox.next_after(head):
            moment = self._outbox.now()
            if self._is_closed(entry.destination, moment) or (patient and not entry.due(moment)):
                return
            tried = self._attempt(entry, ends)
            yield tried
            if tried.state == "waiting":
                return

    def _attempt(self, entry: Entry, ends: _Ends) -> Entry:
        try:
            receipt = ends.at(entry.destination).send(self._outbox.document(entry))
        except RefusedError as refusal:
            self._answered(entry.destination)
            _log.warning("outbox: record %s version %s refused", entry.record, entry.version)
            return self._outbox.refused(entry, str(refusal))
        except LaterError as trouble:
            return self._postponed(entry, trouble)
        except StoreError:
            raise
        except DictationError as mistake:
            # The profile or a secret: mended by a person, while everything waits.
            return self._postponed(entry, LaterError(str(mistake)))
        except Exception as error:  # noqa: BLE001 - an end of somebody's own, or one entry, must not stop the others
            return self._postponed(entry, LaterError(f"internal error: {type(error).__name__}", everybody=False))
        self._answered(entry.destination)
        return self._outbox.sent(entry, receipt.place)

    def _postponed(self, entry: Entry, trouble: LaterError) -> Entry:
        _log.info("outbox: record %s version %s waits", entry.record, entry.version)
        if trouble.everybody:
            with self._lock:
                before = self._closed.get(entry.destination)
                failures = (before.failures if before else 0) + 1
                pause = self._pause(failures, trouble.after)
                self._closed[entry.destination] = _Closed(failures, self._outbox.now(), pause)
        return self._outbox.postponed(entry, str(trouble), self._pause(entry.attempts + 1, trouble.after))

    def _pause(self, failures: int, asked: float | None) -> float:
        """Twice as long after each failure, up to a quarter of an hour, and a part of chance in it, so that many
        workstations do not come back at the same moment; never sooner than was asked for."""
        full = min(FIRST_PAUSE * 2.0 ** min(failures - 1, 20), LONGEST_PAUSE)
        pause = full * self._random.uniform(0.5, 1.0)
        return pause if asked is None else max(pause, min(asked, LONGEST_ASKED))

    def _is_closed(self, destination: str, moment: datetime) -> bool:
        with self._lock:
            closed = self._closed.get(destination)
        return closed is not None and not closed.over(moment)

    def _answered(self, destination: str) -> None:
        with self._lock:
            self._closed.pop(destination, None)
