"""`devices`: the microphones of this machine, and a trial of one."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table

from dictation.audio.blocks import RATE
from dictation.audio.conversion import QUIETEST
from dictation.audio.devices import input_devices
from dictation.audio.microphone import Lost, Microphone, MicrophoneEvent, Overflow, Regained, Silent
from dictation.commands.live_view import told
from dictation.commands.meter import CLIPPED, TOO_QUIET, bar
from dictation.commands.options import AsJson
from dictation.console import EXIT_OK, Terminal, quiet_libraries

Trial = Annotated[
    str | None, typer.Option("--test", help="Try this microphone (its name or a part of it): speak, watch its level.")
]
Seconds = Annotated[float, typer.Option("--seconds", min=0.5, help="How long to try it.")]

_REFRESH = 0.1


def devices(test: Trial = None, seconds: Seconds = 10.0, as_json: AsJson = False) -> int:
    """The microphones of this machine, or with --test the level of one while you speak."""
    terminal = Terminal(as_json)
    with quiet_libraries():
        if test is not None:
            _try(terminal, test, seconds)
        else:
            _list(terminal)
    return EXIT_OK


def _list(terminal: Terminal) -> None:
    table = Table("microphone", "channels", "samples a second", "")
    for device in input_devices():
        if terminal.json:
            terminal.document(
                {"name": device.name, "channels": device.channels, "rate": device.rate, "default": device.default}
            )
        table.add_row(device.name, str(device.channels), f"{device.rate:.0f}", "default" if device.default else "")
    if not terminal.json:
        terminal.show(table)


def _try(terminal: Terminal, name: str, seconds: float) -> None:
    loudest = QUIETEST
    with Microphone(name) as microphone, _ends(microphone, seconds), _meter(terminal) as show:
        shown = 0.0
        given = 0
        for item in microphone.blocks():
            if isinstance(item, Lost | Regained | Overflow | Silent):
                _tell(terminal, item)
                continue
            given += len(item)
            if given / RATE - shown >= _REFRESH:
                shown = given / RATE
                level, peak = microphone.level, microphone.peak
                loudest = max(loudest, peak)
                if terminal.json:
                    terminal.document({"at": round(shown, 3), "level": round(level, 1), "peak": round(peak, 1)})
                show(level, peak)
    verdict, advice = _verdict(loudest)
    if terminal.json:
        terminal.document({"name": microphone.name, "loudest": round(loudest, 1), "verdict": verdict})
    else:
        terminal.text(f"{microphone.name}: {advice}")


def _tell(terminal: Terminal, event: MicrophoneEvent) -> None:
    if terminal.json:
        terminal.document({"event": type(event).__name__.lower(), "at": round(event.at, 3)})
    terminal.error(told(event))


def _verdict(loudest: float) -> tuple[str, str]:
    if loudest <= QUIETEST:
        return "silent", "heard nothing; is it muted, may programs use it?"
    if loudest >= CLIPPED:
        return "clipped", f"too loud, the sound is clipped (peak {loudest:.0f} dB); move away or turn it down"
    if loudest < TOO_QUIET:
        return "quiet", f"too quiet (peak {loudest:.0f} dB); move nearer or turn it up"
    return "good", f"good (peak {loudest:.0f} dB)"


@contextmanager
def _meter(terminal: Terminal) -> Iterator[Callable[[float, float], None]]:
    """Draws on standard error while that is a terminal; gives the function that shows a level and a peak."""
    if not terminal.err.is_terminal:
        yield lambda *_: None
        return
    with Live(console=terminal.err, transient=True, refresh_per_second=10) as live:
        yield lambda level, peak: live.update(bar(level, peak))


@contextmanager
def _ends(microphone: Microphone, seconds: float) -> Iterator[None]:
    """The trial ends by itself or by Ctrl-C, and either way with a verdict."""
    timer = threading.Timer(seconds, microphone.stop)
    before = signal.signal(signal.SIGINT, lambda *_: microphone.stop())
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGINT, before)
