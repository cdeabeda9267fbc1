"""A sound server of the tests' own: PulseAudio with a microphone that can be unplugged and spoken into.

PortAudio reaches it the way it does on a Debian desktop, through ALSA's pulse plugin.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tests.support import lacking, need

MICROPHONE = "Desk microphone"
_SINK = "desk"
_PATIENCE = 10.0

_ALSA = """
</usr/share/alsa/alsa.conf>
pcm."{name}" {{
    type pulse
    server "unix:{socket}"
    device "{sink}.monitor"
}}
"""


class SoundServer:
    """PulseAudio with its own folder and socket, so that two of them on a machine do not meet.

    What is played into the sink comes out of the microphone, which is the sink's monitor.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "socket"
        self._process: subprocess.Popen[bytes] | None = None
        self._module = ""
        self.alsa_config = folder / "alsa.conf"
        self.alsa_config.write_text(_ALSA.format(name=MICROPHONE, socket=self._socket, sink=_SINK), encoding="utf-8")

    def start(self) -> None:
        self._process = subprocess.Popen(
            [
                need("pulseaudio"),
                "-n",
                "--daemonize=no",
                "--use-pid-file=no",
                "--disable-shm=yes",
                "--exit-idle-time=-1",
                "--log-level=error",
                f"--load=module-native-protocol-unix auth-anonymous=1 socket={self._socket}",
            ],
            env={**os.environ, **{name: str(self._folder) for name in _FOLDERS}},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until = time.monotonic() + _PATIENCE
        while self._ask("info").returncode:
            if time.monotonic() > until:
                raise TimeoutError("PulseAudio does not start")
            time.sleep(0.05)

    def kill(self) -> None:
        """The server is gone at once, as after a crash."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """The server answers nobody meanwhile."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def plug(self, rate: int = 48_000, channels: int = 2) -> None:
        # Without `norewinds` the sink takes two seconds at a time, and so long to begin.
        form = (f"rate={rate}", f"channels={channels}", "norewinds=1")
        done = self._ask("load-module", "module-null-sink", f"sink_name={_SINK}", *form)
        assert done.returncode == 0, done.stderr
        self._module = done.stdout.strip()

    def unplug(self) -> None:
        if self._module:
            self._ask("unload-module", self._module)
        self._module = ""

    def play(self, samples: npt.NDArray[np.float32], rate: int = 16_000) -> None:
        """Speaks into the microphone: mono samples, −1…1. Returns when they are played."""
        data = np.round(samples * 32767).astype("<i2").tobytes()
        form = ["--raw", "--format=s16le", f"--rate={rate}", "--channels=1", "--latency-msec=3000"]
        subprocess.run([need("pacat"), *form, f"--device={_SINK}"], input=data, env=self._client(), check=True)

    def _ask(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [need("pactl"), *command],
            env=self._client(),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    def _client(self) -> dict[str, str]:
        return {**os.environ, "PULSE_SERVER": f"unix:{self._socket}"}


_FOLDERS = ("HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH")


@contextmanager
def sound_server() -> Iterator[SoundServer]:
    """A started server, its microphone not plugged in yet. Skips, or fails in CI, where a piece of it is missing."""
    for tool in ("pulseaudio", "pactl", "pacat"):
        need(tool)
    if find_library("portaudio") is None:
        lacking("libportaudio2")
    if not list(Path("/usr/lib").glob("**/alsa-lib/libasound_module_pcm_pulse.so")):
        lacking("libasound2-plugins")
    # The path of a socket must be short, which pytest's folders are not.
    folder = Path(tempfile.mkdtemp(prefix="sound-"))
    server = SoundServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
