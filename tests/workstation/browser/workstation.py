"""A `dictation serve` of the tests' own, as a doctor starts it: a process, a port, a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

# Loading the recogniser is most of it, on a machine that does other things as well.
PATIENCE = 120.0


class Workstation:
    """The running program; the same folder again is the same store."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home, self.options = home, options
        self.port = 0
        self.address = ""
        self._process: subprocess.Popen[str] | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def token(self) -> str:
        return urlsplit(self.address).fragment.removeprefix("token=")

    def start(self) -> None:
        """Start it, at the same port as before."""
        program = "import sys; from dictation.cli import main; sys.argv[0] = 'dictation'; sys.exit(main())"
        self._process = subprocess.Popen(
            [sys.executable, "-c", program, "serve", "--no-browser", "--port", str(self.port), *self.options],
            env={**os.environ, "DICTATION_HOME": str(self.home), "DICTATION_STORE": str(self.home / "store.db")},
            stdout=subprocess.PIPE,
            stderr=(self.home / "serve.log").open("a", encoding="utf-8"),
            text=True,
        )
        # One that never answers is ended, and then the line below is empty.
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        watch.cancel()
        assert self.address, (self.home / "serve.log").read_text(encoding="utf-8")
        self.port = urlsplit(self.address).port or 0

    def kill(self) -> None:
        """As a power cut ends it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As Ctrl-C ends it."""
        self._end(signal.SIGINT)

    def _end(self, number: int) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        self._process.wait(PATIENCE)
        if self._process.stdout:
            self._process.stdout.close()
        self._process = None
