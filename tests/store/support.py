"""A key, a new store, threads that begin together, and a record made by hand: what the store is given is known to the
letter."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from dictation.forms.record import Record
from dictation.store import Store, open_store
from dictation.store.keys import Key

ACTOR = "врач Ахметова"
IIN = "800517301238"
NAME = "Сейтқали Айгүл Нұрланқызы"
COMPLAINTS = "Беспокоит давящая боль за грудиной."


def make_key(folder: Path, key: Key | None = None) -> Path:
    """A key, a new one unless given, in a file of this account alone, as on a machine where it is kept in one."""
    path = folder / "store.key"
    path.touch(mode=0o600)
    path.write_text((key or Key.new()).secret.hex(), encoding="utf-8")
    return path


def kept_sound(store: Store, dictation: str, start: float = 0.0, end: float | None = None) -> npt.NDArray[np.int16]:
    """The sound that a store has of a dictation, in the 16 bits in which it was given."""
    blocks = [np.zeros(0, np.float32), *store.audio(dictation, start, end)]
    return np.rint(np.concatenate(blocks) * 32768).astype(np.int16)


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new store and its key, to be copied: making the tables takes a while."""
    folder = tmp_path_factory.mktemp("fresh")
    make_key(folder)
    open_store(home=folder, actor=ACTOR).close()
    return folder


def at_once(count: int, work: Callable[[int], None]) -> None:
    """`work` in so many threads that begin together; what one of them raises is raised."""
    start, raised = threading.Barrier(count), []

    def run(number: int) -> None:
        start.wait()
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread of the test
            raised.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if raised:
        raise raised[0]


def doctor(number: int) -> str:
    return f"врач {number}"


def record(**changes: Any) -> Record:
    """A visit with one field to be checked (`temperature`) and one that is sure (`complaints`)."""
    made: dict[str, Any] = {
        "schema": "1",
        "id": "5f1c1c9e-7c0b-4b8f-9d3a-2f6a4f0b7a11",
        "created": "2026-11-22T20:06:00+05:00",
        "source": "visit.opus",
        "form": "052u-visit",
        "language": "ru",
        "context": {
            "patient": {"iin": IIN, "name": NAME, "birth_date": "1980-05-17", "sex": "female"},
            "visit": {"id": "V-17", "date": "2026-11-22", "practitioner": "Ахметова Г. С."},
        },
        "recogniser": {"engine": "whisper", "model": "whisper-base", "sha256": "d0" * 32},
        "transcript": {"text": "беспокоит давящая боль за грудиной температура 41", "utterances": []},
        "fields": {
            "complaints": {"value": COMPLAINTS, "status": "ok", "confidence": 0.93},
            "temperature": {
                "value": 41.0, "unit": "Cel", "status": "check", "reasons": ["out-of-range"], "confidence": 0.9,
            },
        },
        "findings": [{"text": "боль за грудиной", "status": "present"}],
    }  # fmt: skip
    return Record.model_validate({**made, **changes})
