"""The key in a real keyring: a Secret Service on a session bus of the test's own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support import ROOT, need

PROGRAM = """
import json, sys
from pathlib import Path
from dictation.store import open_store

home, moved = Path(sys.argv[1]), Path(sys.argv[2])
with open_store(home=home) as store:
    made = store.kept
files = sorted(path.name for path in home.rglob("*") if path.is_file())
home.rename(moved)
with open_store(home=moved) as store:
    found = store.kept
print(json.dumps({"place": made.place, "files": files, "same": found == made}))
"""


def test_with_a_keyring_the_key_is_in_no_file_and_is_found_wherever_the_store_is_moved(tmp_path: Path) -> None:
    daemon, session = need("gnome-keyring-daemon"), need("dbus-run-session")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PYTHON_KEYRING", "DBUS"))
    }
    (tmp_path / "run").mkdir(mode=0o700)
    ran = subprocess.run(
        [
            session,
            "--",
            "sh",
            "-c",
            'echo | "$0" --unlock --components=secrets >&2 && exec "$@"',
            daemon,
            sys.executable,
            "-c",
            PROGRAM,
            str(tmp_path / "home"),
            str(tmp_path / "moved"),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**environment, "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path / "run"), "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["place"], told["same"]) == ("keyring", True)
    assert set(told["files"]) <= {"store.db", "making"}
