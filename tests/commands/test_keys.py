"""Single keys of a real terminal."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dictation.commands.keys import latin

PROGRAM = """
import queue
from dictation.commands.keys import keys
heard = queue.Queue()
with keys(heard.put):
    print("ready", flush=True)
    print(repr("".join(heard.get(timeout=20) for _ in range(5))), flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of Unix")
def test_keys_are_told_one_by_one_in_either_layout() -> None:
    master, slave = os.openpty()
    try:
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM], stdin=slave, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        ) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "ready\n"
            for key in ("n", "Т", " ", "й", "з"):
                os.write(master, key.encode())
            assert program.stdout.readline() == "'nn qp'\n"
    finally:
        os.close(master)
        os.close(slave)


def test_what_has_no_latin_key_stays() -> None:
    assert [latin(key) for key in ("Ә", "1", "\x1b", "ё")] == ["ә", "1", "\x1b", "ё"]
