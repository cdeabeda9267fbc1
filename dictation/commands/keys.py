"""Single keys of the terminal, while something else is going on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """Calls `pressed` from a thread of its own with each key; nothing happens where there is no terminal."""
    if not sys.stdin.isatty():
        yield
        return
    over = threading.Event()
    with _single_keys():
        reader = threading.Thread(target=_read, args=(pressed, over), name="keys", daemon=True)
        reader.start()
        try:
            yield
        finally:
            over.set()
            reader.join(1.0)


if sys.platform == "win32":
    import msvcrt

    @contextmanager
    def _single_keys() -> Iterator[None]:
        yield

    def _read(pressed: Callable[[str], None], over: threading.Event) -> None:
        while not over.wait(0.05):
            while msvcrt.kbhit():
                pressed(msvcrt.getwch())

else:
    import select
    import termios
    import tty

    @contextmanager
    def _single_keys() -> Iterator[None]:
        """Keys come one by one and are not shown; the terminal is put back as it was."""
        before = termios.tcgetattr(sys.stdin)
        try:
            tty.setcbreak(sys.stdin)
            yield
        finally:
            termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)

    def _read(pressed: Callable[[str], None], over: threading.Event) -> None:
        while not over.is_set():
            ready, _, _ = select.select([sys.stdin], [], [], 0.1)
            if ready:
                key = sys.stdin.read(1)
                if not key:
                    return
                pressed(key)
