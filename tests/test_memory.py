"""What is free goes back to the system. In programs of their own: settings of memory hold for a whole program."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library gives back by itself")

# A hundred megabytes in blocks of 60 kB, of which one in twenty is still in use.
FREED = """
import os
from pathlib import Path
from dictation.memory import give_back, keep_steady

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6

keep_steady()
blocks = [b"\\1" * 60_000 for _ in range(1_700)]
del blocks[::2], blocks[::2], blocks[::2], blocks[::2]
before = resident()
give_back()
print(before - resident())
"""
COMPILED = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"


def printed(program: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**{k: v for k, v in os.environ.items() if k != COMPILED}, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_what_is_free_between_blocks_in_use_goes_back() -> None:
    """Fifteen sixteenths of 102 MB are free; a page at each end of a gap stays."""
    assert 70 < float(printed(FREED)) < 102


@pytest.mark.parametrize(("told", "capacity"), [({}, "8"), ({COMPILED: "50"}, "50")])
def test_few_compiled_shapes_are_kept_unless_the_user_says_how_many(told: dict[str, str], capacity: str) -> None:
    program = f"import os, dictation.memory; dictation.memory.keep_steady(); print(os.environ[{COMPILED!r}])"
    assert printed(program, **told) == capacity
