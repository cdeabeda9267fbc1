"""Models that onnx-asr runs, built here with the inputs, outputs and files of the real ones: what is tested is
loading, features, decoding, and words on the recording's clock."""

from __future__ import annotations

import builtins
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx_asr", reason="needs the extra: pip install 'dictation[onnx]'")
pytest.importorskip("onnx", reason="needs the package onnx, which builds the models")

from dictation.errors import ModelError
from dictation.speech.catalogue import engine_of
from dictation.speech.engines import open_recogniser
from dictation.speech.installing import install
from dictation.speech.onnx_directory import OnnxModel, identify
from dictation.speech.onnx_engine import OnnxRecogniser
from dictation.speech.segment_stream import Glimpse
from dictation.speech.transcript import Utterance
from tests.speech.tiny_onnx import GIGAAM, T_ONE, VOSK, Ear, gigaam_ctc, gigaam_rnnt, t_one, vosk
from tests.support import samples_of

Letters = list[tuple[str, float]]

# "да", a space, "нет", at the times of frames: those of GigaAM and Vosk come every 40 ms, T-one's every 30 ms. The
# models are 90 % sure of every letter and 40 % of "т".
YES_NO: Letters = [("д", 0.4), ("а", 0.48), ("▁", 0.6), ("н", 0.8), ("е", 0.92), ("т", 1.0)]
YES_NO_30: Letters = [("д", 0.39), ("а", 0.48), ("▁", 0.6), ("н", 0.81), ("е", 0.93), ("т", 0.99)]


def yes(question: str) -> bool:
    return True


def opened(directory: Path) -> OnnxRecogniser:
    recogniser = open_recogniser(str(directory), "ru", directory)
    assert isinstance(recogniser, OnnxRecogniser)
    return recogniser


@pytest.fixture(scope="module")
def gigaam(tmp_path_factory: pytest.TempPathFactory) -> OnnxRecogniser:
    return opened(gigaam_ctc(tmp_path_factory.mktemp("gigaam-v3")))


def heard(recogniser: OnnxRecogniser, sound: np.ndarray) -> list[tuple[str, float, float, float]]:
    return [
        (word.text, round(word.start, 3), round(word.end, 3), round(word.confidence, 3))
        for word in recogniser.hear(sound)
    ]


# A word ends 0.08 s (one letter) after its last letter began. Transducers cannot repeat "е", so that the 25 % which
# "е" would have had are shared out: 0.4 / 0.75.
@pytest.mark.parametrize(
    ("build", "ear", "said", "words"),
    [
        (gigaam_ctc, GIGAAM, YES_NO, [("да", 0.4, 0.56, 0.9), ("нет", 0.8, 1.08, 0.4)]),
        (gigaam_rnnt, GIGAAM, YES_NO, [("да", 0.4, 0.56, 0.9), ("нет", 0.8, 1.08, 0.533)]),
        (vosk, VOSK, YES_NO, [("да", 0.4, 0.56, 0.9), ("нет", 0.8, 1.08, 0.533)]),
        (t_one, T_ONE, YES_NO_30, [("да", 0.39, 0.56, 0.9), ("нет", 0.81, 1.07, 0.4)]),
    ],
)
def test_words_times_and_confidences(
    tmp_path: Path,
    build: Callable[[Path], Path],
    ear: Ear,
    said: Letters,
    words: list[tuple[str, float, float, float]],
) -> None:
    recogniser = opened(build(tmp_path / "model"))
    assert (recogniser.info.engine, recogniser.info.model) == ("onnx", "model")
    assert heard(recogniser, ear.sound(said, 2.0)) == words


def test_a_letter_that_lasts_is_one_letter(gigaam: OnnxRecogniser) -> None:
    """Two frames of 40 ms: the probabilities of both count, 0.9 × 0.9."""
    assert heard(gigaam, GIGAAM.sound([("а", 0.4)], 1.0, long=0.06)) == [("а", 0.4, 0.48, 0.81)]


@pytest.mark.parametrize(
    ("name", "vocabulary"), [("v3_ctc.int8", "v3_vocab.txt"), ("v3_e2e_ctc", "v3_e2e_ctc_vocab.txt")]
)
def test_the_same_model_under_its_other_names(tmp_path: Path, name: str, vocabulary: str) -> None:
    recogniser = opened(gigaam_ctc(tmp_path / "model", name, vocabulary))
    assert heard(recogniser, GIGAAM.sound(YES_NO, 2.0)) == [("да", 0.4, 0.56, 0.9), ("нет", 0.8, 1.08, 0.4)]


def test_a_glimpse_of_what_is_being_said(gigaam: OnnxRecogniser) -> None:
    assert gigaam.glimpse(GIGAAM.sound(YES_NO, 2.0), None) == Glimpse("да нет", 2)


def test_silence_is_no_words(gigaam: OnnxRecogniser) -> None:
    assert heard(gigaam, np.zeros(16_000, dtype=np.float32)) == []


@pytest.fixture(scope="module")
def voice(short_recording: Path) -> np.ndarray:
    """Two and a half seconds of a voice without what lies above 4 kHz, where the letters are."""
    sound = samples_of(short_recording)[:40_000]
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(len(sound), 1 / 16_000) > 4000] = 0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def listen(recogniser: OnnxRecogniser, sound: np.ndarray, block: int) -> list[Utterance]:
    stream = recogniser.stream()
    events = [event for i in range(0, len(sound), block) for event in stream.accept(sound[i : i + block])]
    assert all(isinstance(event, Utterance) for event in events)
    return [event for event in events if isinstance(event, Utterance)] + list(stream.finish())


@pytest.mark.parametrize("block", [512, 7000])
def test_utterances_on_the_clock_of_the_recording(gigaam: OnnxRecogniser, voice: np.ndarray, block: int) -> None:
    """A voice from 1 to 3.5 s and from 6 to 8.5 s; letters of 80 ms within it, wherever the frames fall."""
    sound = np.zeros(10 * 16_000, dtype=np.float32)
    for start in (1, 6):
        sound[start * 16_000 : start * 16_000 + len(voice)] += voice
    said = [("д", 2.0), ("а", 2.2), ("▁", 2.4), ("н", 2.6), ("е", 2.8), ("т", 3.0), ("д", 7.5), ("а", 7.7)]
    sound += GIGAAM.sound(said, 10.0, long=0.08)
    utterances = listen(gigaam, sound, block)
    assert [utterance.text for utterance in utterances] == ["да нет", "да"]
    words = [word for utterance in utterances for word in utterance.words]
    assert [word.start for word in words] == pytest.approx([2.0, 2.6, 7.5], abs=0.041)
    assert [word.end for word in words] == pytest.approx([2.28, 3.08, 7.78], abs=0.041)
    assert [utterance.start for utterance in utterances] == [words[0].start, words[2].start]
    # One to three frames of a letter count: 0.9, 0.9², 0.9³ against 0.4, 0.4², 0.4³.
    assert [word.confidence in (0.9, 0.81, 0.729) for word in words] == [True, False, True]
    assert words[1].confidence in (0.4, 0.16, 0.064)


def test_no_network_is_ever_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gigaam: OnnxRecogniser) -> None:
    """Whole or not, a model is only looked for in its directory; the hub's library is not even imported."""

    def refused(*args: object, **kwargs: object) -> None:
        raise AssertionError("the network was tried")

    real = builtins.__import__

    def watched(name: str, *args: object, **kwargs: object) -> object:
        assert not name.startswith("huggingface_hub"), "the hub was asked"
        return real(name, *args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    directory = gigaam_ctc(tmp_path / "model")
    monkeypatch.setattr(socket, "socket", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    monkeypatch.setattr(builtins, "__import__", watched)
    assert heard(opened(directory), GIGAAM.sound(YES_NO, 2.0)) == heard(gigaam, GIGAAM.sound(YES_NO, 2.0))
    (directory / "v3_vocab.txt").unlink()
    with pytest.raises(ModelError, match=r"incomplete, it lacks v3_vocab\.txt"):
        opened(directory)
    # a disk that is pulled out just then
    monkeypatch.setattr("dictation.speech.onnx_engine.identify", lambda _: OnnxModel("gigaam-v3-ctc", None))
    with pytest.raises(ModelError, match=r"cannot be run .*_ctc\.onnx' not found"):
        OnnxRecogniser(tmp_path / "gone", gigaam.info)


def test_an_installed_model_by_its_name_and_by_its_engine(tmp_path: Path) -> None:
    source = gigaam_ctc(tmp_path / "gigaam-v3")
    done = install(str(source), yes, tmp_path / "home")
    assert (done.engine, done.languages) == ("onnx", ("ru",))
    for engine in ("gigaam-v3", "onnx"):
        info = open_recogniser(engine, "ru", tmp_path / "home").info
        assert (info.engine, info.model, info.sha256) == ("onnx", "gigaam-v3", done.files_sha256)


def touch(directory: Path, names: str) -> Path:
    for name in names.split():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return directory


GIGAAM_RNNT = "v3_rnnt_encoder.onnx v3_rnnt_decoder.onnx v3_rnnt_joint.onnx v3_vocab.txt"


# Names of files as they are published: huggingface.co/istupakov/gigaam-v3-onnx (as onnx-asr asks for them),
# alphacep/vosk-model-ru and vosk-model-small-ru, t-tech/T-one.
@pytest.mark.parametrize(
    ("names", "settings", "kind", "quantization"),
    [
        (GIGAAM_RNNT, '{"version": "v3"}', "gigaam-v3-rnnt", None),
        (GIGAAM_RNNT.replace(".onnx", ".int8.onnx"), '{"version": "v3"}', "gigaam-v3-rnnt", "int8"),
        ("v3_ctc.onnx v3_ctc.int8.onnx v3_vocab.txt", '{"version": "v3"}', "gigaam-v3-ctc", None),
        (f"v3_ctc.onnx v3_e2e_ctc.onnx {GIGAAM_RNNT}", '{"version": "v3"}', "gigaam-v3-rnnt", None),
        ("v3_e2e_ctc.int8.onnx v3_e2e_ctc_vocab.txt", '{"version": "v3"}', "gigaam-v3-e2e-ctc", "int8"),
        (
            "v3_e2e_rnnt_encoder.onnx v3_e2e_rnnt_decoder.onnx v3_e2e_rnnt_joint.onnx v3_e2e_rnnt_vocab.txt",
            '{"version": "v3"}',
            "gigaam-v3-e2e-rnnt",
            None,
        ),
        # an encoder alone is no model: the CTC model beside it is
        ("v3_rnnt_encoder.onnx v3_ctc.onnx v3_vocab.txt", '{"version": "v3"}', "gigaam-v3-ctc", None),
        (
            "am-onnx/encoder.onnx am-onnx/decoder.onnx am-onnx/joiner.onnx lang/tokens.txt lang/bpe.model",
            None,
            "vosk",
            None,
        ),
        (
            "am/encoder.int8.onnx am/decoder.int8.onnx am/joiner.int8.onnx lang/tokens.txt",
            None,
            "vosk",
            "int8",
        ),
        ("model.onnx kenlm.bin", '{"decoder_params": {}}', "t-one-ctc", None),
    ],
)
def test_the_kind_follows_from_the_files(
    tmp_path: Path, names: str, settings: str | None, kind: str, quantization: str | None
) -> None:
    touch(tmp_path, names)
    if settings:
        (tmp_path / "config.json").write_text(settings, encoding="utf-8")
    assert engine_of(tmp_path) == "onnx"
    assert identify(tmp_path) == OnnxModel(kind, quantization)


@pytest.mark.parametrize(
    ("names", "settings", "message"),
    [
        ("v3_ctc.onnx v3_vocab.txt", None, 'config.json is missing or lacks "version": "v3"'),
        ("v3_ctc.onnx v3_vocab.txt", '{"version": "v2"}', 'config.json is missing or lacks "version": "v3"'),
        ("v3_ctc.onnx v3_vocab.txt", "not JSON", 'config.json is missing or lacks "version": "v3"'),
        (
            "v3_rnnt_encoder.onnx v3_vocab.txt",
            '{"version": "v3"}',
            r"lacks v3_rnnt_decoder\.onnx, v3_rnnt_joint\.onnx",
        ),
        ("am/encoder.onnx lang/tokens.txt", None, r"lacks \*/decoder\.onnx, \*/joiner\.onnx"),
        ("v3_ctc.onnx v3_vocab.txt", '{"version": "v3"}', r"the ONNX model \(gigaam-v3-ctc\) cannot be run"),
    ],
)
def test_what_is_missing_or_broken_is_said_in_a_line(
    tmp_path: Path, names: str, settings: str | None, message: str
) -> None:
    touch(tmp_path, names)
    if settings:
        (tmp_path / "config.json").write_text(settings, encoding="utf-8")
    with pytest.raises(ModelError, match=message) as caught:
        opened(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_vocabulary_of_another_model_is_refused(tmp_path: Path, gigaam: OnnxRecogniser) -> None:
    directory = gigaam_ctc(tmp_path / "model")
    (directory / "v3_vocab.txt").write_text("а 0\n<blk> 1\n", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be run"):
        opened(directory)


def test_by_its_name_alone_it_is_said_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="istupakov/gigaam-v3-onnx and install its zip or directory"):
        install("gigaam-v3", yes, tmp_path)
    with pytest.raises(ModelError, match=r"no onnx model for language 'ru' is installed.*gigaam-v3, t-one"):
        open_recogniser("onnx", "ru", tmp_path)


def test_the_extra_is_loaded_only_for_its_models() -> None:
    loaded = "import sys, dictation.speech.engines; print({'onnx_asr', 'onnxruntime'} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", loaded], text=True).strip() == "set()"


def test_any_other_model_onnx_is_not_taken_for_one(tmp_path: Path) -> None:
    touch(tmp_path, "model.onnx")
    (tmp_path / "config.json").write_text('{"model_type": "bert"}', encoding="utf-8")
    with pytest.raises(ModelError, match="not a model directory"):
        engine_of(tmp_path)


def test_without_the_extra_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    directory = gigaam_ctc(tmp_path / "gigaam-v3")
    monkeypatch.delitem(sys.modules, "dictation.speech.onnx_engine")
    monkeypatch.delitem(sys.modules, "onnx_asr.loader")
    monkeypatch.setitem(sys.modules, "onnx_asr", None)
    with pytest.raises(ModelError, match=r"gigaam-v3: .*pip install 'dictation\[onnx\]'"):
        open_recogniser(str(directory), "ru", tmp_path)


def test_nothing_is_printed(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    directory = gigaam_ctc(tmp_path / "model")
    assert heard(opened(directory), GIGAAM.sound(YES_NO, 2.0))
    shutil.copy(directory / "v3_vocab.txt", directory / "v3_ctc.onnx")
    with pytest.raises(ModelError, match=r"the ONNX model \(gigaam-v3-ctc\) cannot be run"):
        opened(directory)
    assert capfd.readouterr() == ("", "")
