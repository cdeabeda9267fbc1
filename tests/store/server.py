"""A PostgreSQL server of the tests' own, reached by a socket in its folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

_DEBIAN = "/usr/lib/postgresql"
_numbers = count()


@dataclass(frozen=True)
class Server:
    """A running server; `programs` holds its binaries, `folder` its data and its socket."""

    programs: Path
    folder: Path

    def new_database(self) -> str:
        """The address of an empty database."""
        name = f"clinic{next(_numbers)}"
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", name)
        return f"postgresql://postgres@/{name}?host={quote(str(self.folder))}"

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c shared_buffers=16MB"
        self._run("pg_ctl", "start", "-w", "-D", self._data, "-l", str(self.folder / "log"), "-o", options)

    def stop(self, mode: str = "fast") -> None:
        self._run("pg_ctl", "stop", "-w", "-D", self._data, "-m", mode)

    def make(self) -> None:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-D", self._data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")

    @property
    def _data(self) -> str:
        return str(self.folder / "data")

    def _run(self, program: str, *arguments: str) -> None:
        """A PostgreSQL program; they refuse to run as root."""
        user = "postgres" if os.geteuid() == 0 else None
        subprocess.run(
            [str(self.programs / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd="/", user=user
        )


def programs() -> Path:
    """Where the server's binaries are; without them the test is skipped with a word, in CI it fails."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    versions = sorted(Path(_DEBIAN).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    if os.environ.get("CI"):
        pytest.fail("PostgreSQL is not installed, and in CI nothing is skipped for lack of a tool")
    pytest.skip("needs a PostgreSQL server: apt-get install postgresql")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for the tests of one file."""
    # A short path: the name of a socket has little room.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    made = Server(programs(), folder)
    try:
        made.make()
        made.start()
        yield made
        made.stop("immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
