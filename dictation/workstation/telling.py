"""What befalls a dictation, as messages to the client that is there."""

from __future__ import annotations

from collections.abc import Callable

from dictation.audio.events import Lost, MicrophoneEvent, Overflow, Regained, Silent
from dictation.forms.navigation import Step
from dictation.forms.record import HeardUtterance, Record
from dictation.live import FieldChanged
from dictation.speech.recogniser import Partial
from dictation.speech.transcript import Utterance
from dictation.workstation.draft import Draft
from dictation.workstation.failures import Failure
from dictation.workstation.protocol import (
    FieldNow,
    FinalWords,
    Finished,
    Kept,
    Level,
    NoticeCode,
    Obeyed,
    PartialWords,
    RecordNow,
    ServerMessage,
)
from dictation.workstation.seat import Seat


class Telling:
    """The messages of one dictation. `draft_of` makes of its record what clients see,
    `kept_draft_of` of the one that is in the store at the end; `seat` is who hears, if anybody.

    Used from the dictation's thread alone, but for `seat`, `notice` and `fail`.
    """

    def __init__(self, draft_of: Callable[[Record], Draft], kept_draft_of: Callable[[Record], Draft]) -> None:
        self._draft_of, self._kept_draft_of = draft_of, kept_draft_of
        self._known_commands = 0
        self.seat: Seat | None = None

    def partial(self, partial: Partial) -> None:
        """Words of the open utterance."""
        self._heard()
        self._tell(PartialWords(text=partial.text, stable=partial.stable, start=partial.start))

    def final(self, utterance: Utterance) -> None:
        """An utterance for good."""
        self._heard()
        self._tell(FinalWords(utterance=HeardUtterance.model_validate(utterance)))

    def record(self, record: Record, *, recalled: bool = False) -> None:
        """The record as it stands, and the commands that were carried out in it since; not those that are `recalled`,
        which were told when they were obeyed."""
        done = [edit.kind for edit in record.edits if edit.done and edit.kind != Step.STOP.value]
        for kind in [] if recalled else done[self._known_commands :]:
            self.obeyed(kind)
        self._known_commands = len(done)
        if self.seat:
            self._tell(RecordNow(draft=self._draft_of(record)))

    def finished(self, record: Record) -> None:
        """The end, the record being kept."""
        if self.seat:
            self._tell(Finished(draft=self._kept_draft_of(record)), last=True)

    def field(self, changed: FieldChanged) -> None:
        """Another field."""
        self._tell(FieldNow(key=changed.key, at=round(changed.at, 3), by=changed.by))

    def obeyed(self, kind: str) -> None:
        """A spoken command was obeyed."""
        self._tell(Obeyed(kind=kind))

    def kept(self, samples: int) -> None:
        """So much is on disk."""
        self._tell(Kept(samples=samples))

    def level(self, rms: float, peak: float) -> None:
        """How loud it is, dBFS."""
        self._tell(Level(rms=round(rms, 1), peak=round(peak, 1)))

    def microphone(self, event: MicrophoneEvent) -> None:
        """Something befell the workstation's microphone."""
        match event:
            case Overflow():
                self.notice("overflow", round(event.seconds, 3))
            case Lost():
                self.notice("microphone-lost")
            case Regained():
                self.notice("microphone-back")
            case Silent():
                self.notice("microphone-silent")

    def notice(self, code: NoticeCode, seconds: float | None = None) -> None:
        """Something to know."""
        if seat := self.seat:
            seat.notice(code, seconds)

    def journal(self, trouble: str | None) -> None:
        """The journal cannot be written, or can again."""
        self.notice("journal-trouble" if trouble else "journal-well")

    def fail(self, failure: Failure, *, fatal: bool = False) -> None:
        """Something could not be done."""
        if seat := self.seat:
            seat.fail(failure, fatal=fatal)

    def _heard(self) -> None:
        if seat := self.seat:
            seat.heard()

    def _tell(self, message: ServerMessage, *, last: bool = False) -> None:
        if seat := self.seat:
            seat.tell(message, last=last)
