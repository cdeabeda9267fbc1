"""A workstation with an empty store, for what is measured and photographed in a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dictation.store import open_store
from tests.workstation.browser.workstation import Workstation


@contextmanager
def opened(folder: Path) -> Iterator[Workstation]:
    """It runs while it is entered, its store in the folder; the keyring of whoever calls is left alone."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    home = folder / "home"
    home.mkdir()
    open_store(home=home, key_file=home / "store.key").close()
    workstation = Workstation(home)
    workstation.start()
    try:
        yield workstation
    finally:
        workstation.stop()
