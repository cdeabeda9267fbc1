"""The journal of a live dictation: what is said and done is on disk within a second, and stays if the program dies.

`audio` never waits for the disk. A thread writes what it was given: at once where something is to be durable at once,
otherwise every 0.4 s. While the disk refuses, everything is kept in memory, `trouble` says so, and writing is tried
again every second until it succeeds or the memory allowed for it (ten minutes of sound) is used up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from types import TracebackType
from typing import Any, Protocol, Self

import numpy as np

from dictation.audio.blocks import RATE, Samples
from dictation.audio.pcm import Pcm, to_pcm
from dictation.errors import DictationError, StoreError
from dictation.forms.record import Record
from dictation.speech.transcript import Utterance
from dictation.store.sound import CHUNK

OnTrouble = Callable[[str | None], None]
"""Called with a line for the user when writing fails or falls behind, with None when it works again; from the writing
thread or from within `audio`."""

_LINGER = 0.4
_RETRY = 1.0
_MOST_WAITING = 600 * RATE
_PATIENCE = 2.0
# Longer than any sound disk takes for a commit: the user is told that the last seconds are in memory only.
_SLOW = 3.0
_CLOSED = "the dictation is closed; begin or resume one"
_BEHIND = (
    "the last seconds are not on disk yet: the disk is slow, or another program holds the store; they are in memory"
)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it was given."""

    at: float
    kind: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """A final utterance as it was given."""

    utterance: Mapping[str, Any]


Entry = Pcm | Happened | Said


class Writer(Protocol):
    """What a journal writes into: one open dictation in the database."""

    def append(self, entries: list[Entry]) -> None:
        """All of it, in order, in one transaction; StoreError and nothing kept where that fails."""

    def finish(self, record: Record | None) -> None:
        """Mark the dictation as ended and store its record."""

    def release(self, finished: bool) -> None:
        """Let go of the dictation; unless it is finished, another journal may go on with it."""


class Journal:
    """One dictation being written. Made by `Store.begin` and `Store.resume`.

    Leaving it as a context manager, or by `suspend`, keeps the dictation unfinished; `close` finishes it.
    """

    def __init__(self, dictation: str, book: Writer, kept: int = 0, on_trouble: OnTrouble | None = None) -> None:
        self.id = dictation
        self._book = book
        self._on_trouble = on_trouble
        self._changed = threading.Condition()
        self._waiting: list[Entry] = []
        self._waiting_samples = 0
        self._since: float | None = None
        self._writing_since: float | None = None
        self._given_samples = self._kept_samples = kept
        self._given = self._written = self._failures = 0
        self._urgent = self._stopping = False
        self._trouble: str | None = None
        self._writer = threading.Thread(target=self._write, name=f"journal {dictation}", daemon=True)
        self._writer.start()

    @property
    def seconds(self) -> float:
        """The audio clock: seconds of sound given, those kept before a resume included."""
        return self._given_samples / RATE

    @property
    def kept(self) -> int:
        """Samples that are on disk, those kept before a resume included."""
        return self._kept_samples

    @property
    def trouble(self) -> str | None:
        """Why nothing can be written at present; None while all is well."""
        return self._trouble

    def audio(self, block: Samples | Pcm) -> None:
        """Sound, 16 kHz mono, float32 −1…1 or 16 bits, after what was given before. Never waits for the disk.

        StoreError once ten minutes of sound could not be written.
        """
        pcm = to_pcm(block)
        if not len(pcm):
            return
        with self._changed:
            if self._waiting_samples + len(pcm) > _MOST_WAITING:
                raise StoreError(f"the dictation cannot be kept any more: {self._trouble or _BEHIND}")
            self._given_samples += len(pcm)
            self._waiting_samples += len(pcm)
            self._give(pcm, urgent=False)
            behind = self._writing_since is not None and time.monotonic() - self._writing_since > _SLOW
            newly_behind = behind and self._trouble is None
            if newly_behind:
                self._trouble = _BEHIND
        if newly_behind and self._on_trouble:
            self._on_trouble(_BEHIND)

    def event(self, at: float, kind: str, data: Mapping[str, Any] | None = None) -> None:
        """Something that happened `at` seconds of the audio clock; on disk when this returns, unless in trouble."""
        self._give_urgently(Happened(at, kind, dict(data or {})))

    def utterance(self, utterance: Utterance) -> None:
        """A final of the recogniser; on disk when this returns, unless in trouble."""
        self._give_urgently(Said(asdict(utterance)))

    def flush(self) -> None:
        """Wait until all that was given is on disk. StoreError where it cannot be written; it stays in memory."""
        with self._changed:
            self._urgent = True
            self._changed.notify_all()
            if not self._wait_until_written():
                raise StoreError(self._trouble or _CLOSED)

    def close(self, record: Record | None = None) -> None:
        """Finish the dictation; its record is stored as its first version. StoreError leaves the journal open."""
        if self._stopping:
            raise StoreError(_CLOSED)
        self.flush()
        self._book.finish(record)
        self._stop(finished=True)

    def suspend(self) -> None:
        """Stop here and stay unfinished: `Store.resume` goes on. StoreError where the last cannot be written."""
        if self._stopping:
            return
        try:
            self.flush()
        finally:
            self._stop(finished=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.suspend()

    def _give(self, entry: Entry, urgent: bool) -> None:
        if self._stopping:
            raise StoreError(_CLOSED)
        self._waiting.append(entry)
        self._given += 1
        self._urgent |= urgent
        if self._since is None:
            self._since = time.monotonic()
            self._changed.notify_all()
        if self._urgent or self._waiting_samples >= CHUNK:
            self._changed.notify_all()

    def _give_urgently(self, entry: Entry) -> None:
        with self._changed:
            self._give(entry, urgent=True)
            if not self._trouble:
                self._wait_until_written(_PATIENCE)

    def _wait_until_written(self, timeout: float | None = None) -> bool:
        """Whether all that was given so far got written; a failure ends the wait."""
        target, failures = self._given, self._failures
        self._changed.wait_for(
            lambda: self._written >= target or self._failures > failures or self._stopping, timeout
        )
        return self._written >= target

    def _stop(self, finished: bool) -> None:
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._writer.join()
        self._book.release(finished)

    def _write(self) -> None:
        while self._wait_for_work():
            with self._changed:
                taken, self._waiting = self._waiting, []
                samples, self._waiting_samples = self._waiting_samples, 0
                self._since, self._urgent = None, False
                self._writing_since = time.monotonic()
            problem = self._try(taken)
            with self._changed:
                self._writing_since = None
                if problem:
                    self._waiting[:0] = taken
                    self._waiting_samples += samples
                    self._since = time.monotonic()
                    self._failures += 1
                else:
                    self._written += len(taken)
                    self._kept_samples += samples
                changed = problem != self._trouble
                self._trouble = problem
                self._changed.notify_all()
            if changed and self._on_trouble:
                self._on_trouble(problem)

    def _try(self, entries: list[Entry]) -> str | None:
        try:
            self._book.append(joined(entries))
        except DictationError as error:
            return str(error)
        except Exception as error:  # noqa: BLE001 - the writer must outlive any failure; what was said is still in memory
            return f"the dictation cannot be kept at present: internal error {type(error).__name__}"
        return None

    def _wait_for_work(self) -> bool:
        """Wait until there is something to write; False when the journal is stopped."""
        with self._changed:
            while not self._stopping:
                if self._since is None:
                    self._changed.wait()
                    continue
                if self._urgent or (self._waiting_samples >= CHUNK and not self._trouble):
                    return True
                left = self._since + (_RETRY if self._trouble else _LINGER) - time.monotonic()
                if left <= 0:
                    return True
                self._changed.wait(left)
            return False


def joined(entries: list[Entry]) -> list[Entry]:
    """Neighbouring stretches of sound as one, the order kept."""
    result: list[Entry] = []
    sound: list[Pcm] = []
    for entry in entries:
        if isinstance(entry, np.ndarray):
            sound.append(entry)
            continue
        if sound:
            result.append(np.concatenate(sound))
            sound = []
        result.append(entry)
    if sound:
        result.append(np.concatenate(sound))
    return result
