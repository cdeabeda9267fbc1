"""`listen`: the microphone to a record, live. `recover`: what a dictation kept that was broken off."""

from __future__ import annotations

import queue
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Annotated

import numpy as np
import typer

from dictation.audio.blocks import Samples
from dictation.audio.microphone import Microphone, MicrophoneEvent
from dictation.commands.delivery import Delivery
from dictation.commands.keys import keys
from dictation.commands.live_view import LiveView, told
from dictation.commands.opened import opened_store
from dictation.commands.options import AsJson, ContextFile, EngineName, FormName, LanguageCode, OutFolder, Strict
from dictation.console import EXIT_BAD_INPUT, EXIT_NEEDS_CHECKING, EXIT_OK, Terminal, quiet_libraries
from dictation.errors import UsageError
from dictation.forms.context import Context, read_context
from dictation.forms.focus import active_field
from dictation.forms.navigation import SpokenStep, Step, target
from dictation.live import LiveDictation, LiveEvent, Stopped, recovered
from dictation.session import Dictation
from dictation.store import Store, Unfinished

DeviceName = Annotated[
    str | None,
    typer.Option(
        "--device", help="The microphone's name or a part of it (dictation devices).", show_default="default"
    ),
]
ToTalk = Annotated[bool, typer.Option("--push-to-talk", help="Begin paused; space lets you speak.")]
FieldKey = Annotated[str | None, typer.Option("--field", help="Begin in this field (its linkId).")]
GoOn = Annotated[str | None, typer.Option("--resume", help="Go on with this unfinished dictation.")]
Which = Annotated[str | None, typer.Argument(help="The id of an unfinished dictation; all of them otherwise.")]

_TICK = 0.1
_PAUSE, _NEXT, _PREVIOUS, _ANY, _QUIT = " ", "n", "p", "a", "q"


def listen(
    device: DeviceName = None,
    field: FieldKey = None,
    push_to_talk: ToTalk = False,
    resume: GoOn = None,
    form: FormName = "052u-visit",
    engine: EngineName = None,
    language: LanguageCode = "ru",
    context: ContextFile = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    strict: Strict = False,
) -> int:
    """The microphone as a filled form, live. Everything said is kept on disk within a second."""
    terminal = Terminal(as_json)
    visit = read_context(context) if context else Context()
    with quiet_libraries(), opened_store() as store:
        broken_off = _unfinished(store, resume)
        if broken_off:
            form, language, visit = broken_off.form, broken_off.language, broken_off.context
        dictation = Dictation(form, language=language, engine=engine)
        if field:
            active_field(dictation.form, field, language)
        dictation.load_recogniser()
        if not broken_off:
            _tell_unfinished(terminal, store)
        with ExitStack() as open_:
            view = LiveView(terminal, dictation.form, dictation.extract(""))
            if broken_off:
                journal = open_.enter_context(store.resume(broken_off.id, view.notice))
                live = LiveDictation(dictation, visit, journal)
                open_.enter_context(view.shown())
                kept, events = store.audio(broken_off.id), store.events(broken_off.id)
                _show(view, live.recall(kept, events, store.utterances(broken_off.id)))
                microphone = open_.enter_context(Microphone(device))
            else:
                # First the microphone: where there is none, no dictation has begun.
                microphone = open_.enter_context(Microphone(device))
                begun = store.begin(form, language, visit, dictation.recogniser.info.model, view.notice)
                journal = open_.enter_context(begun)
                live = LiveDictation(dictation, visit, journal)
                open_.enter_context(view.shown())
            view.notice(f"listening to {microphone.name}")
            _Listening(live, microphone, view, dictation, field).run(push_to_talk)
            record = live.finish()
        delivery = Delivery(terminal, dictation.form, out)
        delivery.hand_over(record, journal.id)
    return EXIT_NEEDS_CHECKING if strict and delivery.doubtful else EXIT_OK


def recover(
    which: Which = None,
    engine: EngineName = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    strict: Strict = False,
) -> int:
    """The forms of dictations that were broken off, from the sound that was kept."""
    terminal = Terminal(as_json)
    doubtful = False
    with opened_store() as store:
        found = [one for one in store.unfinished() if which in (None, one.id)]
        if which and not found:
            raise UsageError(f"{which}: no unfinished dictation has this id; dictation recover without one takes all")
        if not found and not as_json:
            terminal.text("nothing was broken off")

        def work(one: Unfinished) -> None:
            nonlocal doubtful
            dictation = Dictation(one.form, language=one.language, engine=engine)
            delivery = Delivery(terminal, dictation.form, out)
            delivery.hand_over(recovered(dictation, store, one), one.id)
            doubtful |= delivery.doubtful

        sound = terminal.each(((one.id, one) for one in found), work)
    if not sound:
        return EXIT_BAD_INPUT
    return EXIT_NEEDS_CHECKING if strict and doubtful else EXIT_OK


class _Listening:
    """The loop between microphone, keys, dictation and view."""

    def __init__(
        self, live: LiveDictation, microphone: Microphone, view: LiveView, dictation: Dictation, field: str | None
    ) -> None:
        self._live, self._microphone, self._view = live, microphone, view
        self._dictation, self._field = dictation, field
        self._inbox: queue.Queue[Samples | MicrophoneEvent | str | None] = queue.Queue()

    def run(self, paused: bool) -> None:
        """Until the doctor stops, by voice, key or Ctrl-C."""
        if self._field:
            _show(self._view, self._live.focus(self._field))
        self._set_paused(paused)
        feeder = threading.Thread(target=self._feed, name="microphone to dictation", daemon=True)
        with _interrupted(self._microphone.stop), keys(self._inbox.put):
            feeder.start()
            while (item := self._next()) is not None:
                self._take(item)
        feeder.join()

    def _feed(self) -> None:
        try:
            for item in self._microphone.blocks():
                self._inbox.put(item)
        finally:
            self._inbox.put(None)

    def _next(self) -> Samples | MicrophoneEvent | str | None:
        while True:
            try:
                return self._inbox.get(timeout=_TICK)
            except queue.Empty:
                self._do(self._live.poll())

    def _take(self, item: Samples | MicrophoneEvent | str) -> None:
        if isinstance(item, str):
            self._press(item.lower())
            return
        if not isinstance(item, np.ndarray):
            self._view.notice(told(item))
        self._do(self._live.accept(item))

    def _do(self, events: Iterable[LiveEvent]) -> None:
        for event in events:
            self._view.show(event)
            if isinstance(event, Stopped):
                self._microphone.stop()
        self._view.level(self._microphone.level, self._microphone.peak)
        self._view.draw()

    def _press(self, key: str) -> None:
        if key == _QUIT:
            self._microphone.stop()
        elif key == _PAUSE:
            self._set_paused(not self._view.paused)
        elif key == _ANY:
            self._do(self._live.focus(None))
        elif key in {_NEXT, _PREVIOUS}:
            step = SpokenStep(Step.NEXT if key == _NEXT else Step.PREVIOUS, 0)
            wanted = target(self._dictation.form, self._dictation.language, self._live.field, step)
            if wanted:
                self._do(self._live.focus(wanted))

    def _set_paused(self, paused: bool) -> None:
        self._view.paused = paused
        if paused:
            self._microphone.pause()
            self._do(self._live.pause())
        else:
            self._microphone.resume()


def _show(view: LiveView, events: Iterable[LiveEvent]) -> None:
    for event in events:
        view.show(event)
        view.draw()


def _unfinished(store: Store, resume: str | None) -> Unfinished | None:
    if resume is None:
        return None
    found = next((one for one in store.unfinished() if one.id == resume), None)
    if found is None:
        raise UsageError(f"--resume: no unfinished dictation has the id {resume}; dictation recover fills those left")
    return found


def _tell_unfinished(terminal: Terminal, store: Store) -> None:
    """One line for each dictation that was broken off: nothing said is lost."""
    for one in store.unfinished():
        terminal.error(
            f"a dictation of {one.seconds:.0f} s, begun {one.begun.astimezone():%d.%m.%Y %H:%M}, was broken off: "
            f"dictation listen --resume {one.id} goes on with it, dictation recover {one.id} fills its form"
        )


@contextmanager
def _interrupted(stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C ends the dictation in good order, the second the program; what was said is kept either way."""

    def first(_signal: int, _frame: object) -> None:
        signal.signal(signal.SIGINT, before)
        stop()

    before = signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
