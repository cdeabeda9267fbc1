"""The workstation's own microphone, on a real sound stack: heard by the server, seen by the client."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np
import pytest

from dictation.session import Dictation
from dictation.store import Store
from tests.audio.sound_server import MICROPHONE, SoundServer, sound_server
from tests.workstation.serving import Talk, served

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def sound() -> Iterator[SoundServer]:
    with sound_server() as running:
        running.plug()
        yield running


def test_what_is_spoken_into_it_is_dictated_and_its_level_is_shown(
    sound: SoundServer, store: Store, dictation: Dictation, speech: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(sound.alsa_config))
    with served(store, dictation) as server:
        browser = server.unlocked()
        assert MICROPHONE in browser.get("/api/v1/state").json()["microphones"]
        with server.talk(browser, microphone="workstation", device=MICROPHONE) as talk:
            started = talk.until("started")
            sound.play(speech)
            talk.until("kept")
            # Its sound does not come from the client, who cannot mix another's in.
            talk.sound(speech[:1600])
            assert talk.until("error")["code"] == "bad-message"
            while talk.until("level")["peak"] < -40 and talk.until("kept")["samples"] < len(speech):
                pass
            assert max(level["peak"] for level in talk.of_type("level")) >= -40
            # The client goes and comes back: the microphone has been listening all the while.
            talk.connection.close()
        with Talk.of(server, browser) as again:
            again.send({"type": "resume", "dictation": started["dictation"], "microphone": "workstation"})
            samples = again.until("started")["samples"]
            again.send({"type": "pause"})
            again.send({"type": "continue"})
            again.until_kept(samples + 8_000)
            again.send({"type": "finish"})
            again.until("finished")
        kept = np.concatenate(list(store.audio(started["dictation"])))
        loud = np.abs(kept) > 0.05
        assert loud.sum() > 0.5 * (np.abs(speech) > 0.05).sum()


def test_a_microphone_that_is_not_there_is_told_and_the_dictation_stays(
    sound: SoundServer, store: Store, dictation: Dictation, speech: np.ndarray
) -> None:
    assert os.environ.get("ALSA_CONFIG_PATH") != str(sound.alsa_config)
    with (
        served(store, dictation) as server,
        server.talk(server.unlocked(), microphone="workstation", device="no such microphone") as talk,
    ):
        talk.until("started")
        error = talk.until("error")
        assert (error["code"], error["fatal"]) == ("no-microphone", False)
        # Its own sound is taken instead.
        talk.sound(speech[:8_000])
        talk.until_kept(8_000)
