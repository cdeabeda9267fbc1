"""Single keys of the terminal, while something else is going on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

# The same keys in the Russian and the Kazakh layout, which a doctor types in.
_CYRILLIC = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")


def latin(key: str) -> str:
    """A key as the Latin layout has it."""
    return key.lower().translate(_CYRILLIC)


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """Calls `pressed` from a thread of its own with each key, whichever the layout; nothing happens where there is no
    terminal."""
    if not sys.stdin.isatty():
        yield
        return
    over = threading.Event()
    with _single_keys():
        told = (lambda key: pressed(latin(key)), over)
        reader = threading.Thread(target=_read, args=told, name="keys", daemon=True)
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
    import codecs
    import os
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
        # Past the buffer of `sys.stdin`: keys that wait there would not be told until another one is pressed.
        terminal = sys.stdin.fileno()
        text = codecs.getincrementaldecoder("utf-8")("replace")
        while not over.is_set():
            ready, _, _ = select.select([terminal], [], [], 0.1)
            if ready:
                typed = os.read(terminal, 1024)
                if not typed:
                    return
                for key in text.decode(typed):
                    pressed(key)
