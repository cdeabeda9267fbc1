"""How the C library hands out memory in a program of ours: so that a long run does not grow."""

from __future__ import annotations

import ctypes
import os
import sys

# Parameters of glibc's mallopt (malloc.h).
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
_LARGE = 4 << 20


def keep_steady() -> None:
    """Gives large blocks back to the system at once, and lets all threads share what is free.

    Recognition takes and frees blocks of many megabytes on several threads; by default glibc keeps a pool for each
    thread, and its size only grows. Nothing is done where another C library is used, or where the user has set
    `MALLOC_ARENA_MAX`.
    """
    if not sys.platform.startswith("linux") or "MALLOC_ARENA_MAX" in os.environ:
        return
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
