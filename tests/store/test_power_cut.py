"""What a power cut leaves: images of the files at random points of writing, and logs that end anywhere."""

from __future__ import annotations

import random
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from dictation.store import open_store
from tests.store.killing import start_dictating
from tests.store.support import kept_sound
from tests.store.writer import sound_of

SEED = 11

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGSTOP"), reason="programs are stopped in their tracks by a signal"
)


@dataclass(frozen=True)
class Remains:
    """Images of the files taken while the program stood still, and the folder as its kill left it."""

    images: list[Path]
    killed: Path


@pytest.fixture(scope="module")
def remains(tmp_path_factory: pytest.TempPathFactory, fresh: Path) -> Remains:
    home = tmp_path_factory.mktemp("home")
    shutil.copy(fresh / "store.key", home)
    program, _ = start_dictating(home, SEED)
    moments, images = random.Random(SEED), []
    for number in range(6):
        time.sleep(moments.uniform(0.05, 0.5))
        program.send_signal(signal.SIGSTOP)
        images.append(copied(home, tmp_path_factory.mktemp(f"image{number}")))
        program.send_signal(signal.SIGCONT)
    program.kill()
    program.communicate()
    return Remains(images, home)


def copied(home: Path, image: Path) -> Path:
    """A store, its log and its key in another folder."""
    for name in ("store.db", "store.db-wal", "store.key"):
        shutil.copy(home / name, image / name)
    return image


def kept(image: Path) -> int:
    """Samples kept in an image, which must be a beginning of what was said, in a store that is whole."""
    with open_store(home=image) as store:
        assert store.verify() == []
        sound = np.zeros(0, np.int16)
        # None, where the cut was before it had begun.
        for unfinished in store.unfinished():
            sound = kept_sound(store, unfinished.id)
            numbers = [event.data["field"] for event in store.events(unfinished.id)]
            assert numbers == list(range(len(numbers)))
        assert np.array_equal(sound, sound_of(SEED, len(sound)))
        return len(sound)


def test_an_image_of_any_moment_opens_with_a_beginning_of_what_was_said(remains: Remains) -> None:
    lengths = [kept(image) for image in remains.images]
    assert lengths == sorted(lengths)
    assert lengths[-1] > lengths[0]


def test_a_log_that_ends_or_breaks_anywhere_costs_only_what_stood_in_it(remains: Remains, tmp_path: Path) -> None:
    log = (remains.killed / "store.db-wal").read_bytes()
    assert len(log) > 50_000
    moments, lengths = random.Random(SEED), {}
    for cut in sorted(moments.randrange(len(log)) for _ in range(8)):
        for kind, torn in (("ends", log[:cut]), ("breaks", log[:cut] + bytes(512) + log[cut + 512 :])):
            (tmp_path / f"{kind}{cut}").mkdir()
            image = copied(remains.killed, tmp_path / f"{kind}{cut}")
            (image / "store.db-wal").write_bytes(torn)
            lengths[kind, cut] = kept(image)
    for kind in ("ends", "breaks"):
        found = [length for (of, _), length in lengths.items() if of == kind]
        assert found == sorted(found)
        assert found[-1] > found[0]
