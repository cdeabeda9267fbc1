"""How memory is handed out and taken back in a program of ours: so that a long run does not grow."""

from __future__ import annotations

import ctypes
import os
import sys

# Parameters of glibc's mallopt (malloc.h).
_ARENA_MAX, _MMAP_THRESHOLD = -8, -3
_LARGE = 4 << 20
# oneDNN keeps what it compiled for every length of window that it meets, a megabyte each; by default up to 1024.
_COMPILED = "ONEDNN_PRIMITIVE_CACHE_CAPACITY", "8"


def keep_steady() -> None:
    """Gives large blocks back to the system at once, lets all threads share what is free, and has the recogniser keep
    less. To be called before a recogniser is loaded.

    Recognition takes and frees blocks of many megabytes on several threads; by default glibc keeps a pool for each
    thread, and its size only grows. The C library is left as it is where it is another one, or where the user has set
    `MALLOC_ARENA_MAX`; oneDNN where the user has set `ONEDNN_PRIMITIVE_CACHE_CAPACITY`.
    """
    os.environ.setdefault(*_COMPILED)
    if "MALLOC_ARENA_MAX" in os.environ:
        return
    library = _glibc()
    if library:
        library.mallopt(_ARENA_MAX, 1)
        library.mallopt(_MMAP_THRESHOLD, _LARGE)


def give_back() -> None:
    """Gives the system what is free between blocks in use: a quarter of the program after a few minutes of
    recognition. Takes some tens of milliseconds, and what is needed again costs as much."""
    library = _glibc()
    if library:
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    """The C library, where it is glibc."""
    library = ctypes.CDLL(None) if sys.platform.startswith("linux") else None
    return library if library is not None and hasattr(library, "malloc_trim") else None
