"""What a power cut leaves: images of the files at random points of writing, and logs that end anywhere."""

from __future__ import annotations

import random
import shutil
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from dictation.store import open_store
from tests.store.killing import start_dictating
from tests.store.writer import sound_of

SEED = 11

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="programs are stopped in their tracks by a signal"
)


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Copies of a store, its log and its key, taken while a program was dictating into it and stood still."""
    home = tmp_path_factory.mktemp("home")
    program, _ = start_dictating(home, SEED)
    moments, taken = random.Random(SEED), []
    for number in range(6):
        time.sleep(moments.uniform(0.05, 0.5))
        program.send_signal(signal.SIGSTOP)
        taken.append(tmp_path_factory.mktemp(f"image{number}"))
        for name in ("store.db", "store.db-wal", "store.key"):
            shutil.copy(home / name, taken[-1] / name)
        program.send_signal(signal.SIGCONT)
    program.kill()
    program.communicate()
    return taken


def kept(image: Path) -> int:
    """Samples kept in an image, which must be a beginning of what was said, in a store that is whole."""
    with open_store(home=image) as store:
        assert store.verify() == []
        (unfinished,) = store.unfinished()
        sound = np.concatenate([np.zeros(0, np.float32), *store.audio(unfinished.id)])
        assert np.array_equal(np.rint(sound * 32768).astype(np.int16), sound_of(SEED, len(sound)))
        numbers = [event.data["field"] for event in store.events(unfinished.id)]
        assert numbers == list(range(len(numbers)))
        return len(sound)


def test_an_image_of_any_moment_opens_with_a_beginning_of_what_was_said(images: list[Path]) -> None:
    lengths = [kept(image) for image in images]
    assert lengths == sorted(lengths)
    assert lengths[-1] > lengths[0]


def test_a_log_that_ends_or_breaks_anywhere_costs_only_what_stood_in_it(images: list[Path], tmp_path: Path) -> None:
    moments = random.Random(SEED)
    source = images[-1]
    # Read afresh: opening the image has moved its log into the file.
    whole = kept(source)
    program, _ = start_dictating(source, SEED + 1)
    time.sleep(1.0)
    program.kill()
    program.communicate()
    log = (source / "store.db-wal").read_bytes()
    assert len(log) > 50_000
    for number in range(8):
        image = tmp_path / str(number)
        image.mkdir()
        for name in ("store.db", "store.key"):
            shutil.copy(source / name, image / name)
        cut = moments.randrange(len(log))
        torn = log[:cut] if number % 2 else log[:cut] + bytes(min(512, len(log) - cut)) + log[cut + 512 :]
        (image / "store.db-wal").write_bytes(torn)
        with open_store(home=image) as store:
            assert store.verify() == []
            first = min(store.unfinished(), key=lambda unfinished: unfinished.begun)
            assert first.seconds * 16_000 == whole
            for later in store.unfinished():
                if later.id != first.id:
                    sound = np.concatenate([np.zeros(0, np.float32), *store.audio(later.id)])
                    assert np.array_equal(np.rint(sound * 32768).astype(np.int16), sound_of(SEED + 1, len(sound)))
