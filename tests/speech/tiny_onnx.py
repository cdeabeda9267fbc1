"""Models small enough to be worked out by hand, in the formats of the real ones.

Each hears pure tones: a tone of the frequency of a letter is that letter, and no tone is no letter. The letter
`DOUBTED` leaves the model only 40 % sure, any other 90 %. Sounds are judged by the features of the real ones (log-mel
of GigaAM v3 and Kaldi, the 8 kHz signal of T-one), so that loading, resampling, features and decoding are the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

RATE = 16_000
LETTERS = ["▁", "д", "а", "н", "е", "т"]
DOUBTED = "т"
BLANK = len(LETTERS)

SURE, UNSURE, CONFUSED = 0.9, 0.4, 0.25
# Far below anything else, and still a number.
_NEVER = -30.0


Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Ear:
    """What a model hears as the letters: tones in Hz, in the middles of mel bands where it has such. It judges
    `frame` seconds at once, which begin `lead` seconds before the frame's time."""

    tones: tuple[float, ...]
    frame: float
    lead: float = 0.0
    bands: tuple[int, ...] = ()

    def sound(self, letters: Sequence[tuple[str, float]], seconds: float, long: float | None = None) -> Array:
        """Silence with the tone of each letter at its time, for one frame or `long` seconds."""
        made = np.zeros(round(seconds * RATE), dtype=np.float32)
        for letter, time in letters:
            begin = round((time - self.lead) * RATE)
            at = np.arange(begin, begin + round((long or self.frame) * RATE))
            made[at] += 0.2 * np.sin(2 * np.pi * self.tones[LETTERS.index(letter)] * at / RATE).astype(np.float32)
        return made


# The bands lie above the range of most of a voice.
GIGAAM = Ear((4767, 5207, 5683, 6198, 6753, 7355), frame=0.02, bands=(52, 54, 56, 58, 60, 62))
VOSK = Ear((4422, 4908, 5439, 6021, 6658, 7355), frame=0.025, lead=0.0075, bands=(64, 67, 70, 73, 76, 79))
# Whole periods in 30 ms of an 8 kHz signal.
T_ONE = Ear((1000, 1300, 1600, 1900, 2200, 2500), frame=0.03)
# Log energy of a band: a tone gives 5.8 and more, its neighbours -7 and less.
_LOUD = 4.0


def _logits() -> tuple[Array, Array]:
    """Weights (letters, letters + blank) and what they are added to; the sums are logarithms of probabilities.
    Without a letter the blank is certain, with one it has what that letter and one confused with it leave."""
    weights = np.zeros((len(LETTERS), len(LETTERS) + 1), dtype=np.float32)
    for number, letter in enumerate(LETTERS):
        share = UNSURE if letter == DOUBTED else SURE
        weights[number, number] = np.log(share) - _NEVER
        rest = 1 - share
        if letter == DOUBTED:
            weights[number, number - 1] = np.log(CONFUSED) - _NEVER
            rest -= CONFUSED
        weights[number, BLANK] = np.log(rest)
    base = np.full(len(LETTERS) + 1, _NEVER, dtype=np.float32)
    base[BLANK] = 0.0
    return weights, base


def _tensor(name: str, value: object, kind: type = np.float32) -> onnx.TensorProto:
    return numpy_helper.from_array(np.asarray(value, dtype=kind), name)


def _save(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: dict[str, tuple[int, list[object]]],
    outputs: dict[str, tuple[int, list[object]]],
    constants: list[onnx.TensorProto],
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    graph = helper.make_graph(
        nodes,
        path.stem,
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
        [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in outputs.items()],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _vocabulary(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{letter} {number}\n" for number, letter in enumerate([*LETTERS, "<blk>"])]
    path.write_text("".join(lines), encoding="utf-8")


def _settings(directory: Path, **settings: object) -> None:
    (directory / "config.json").write_text(json.dumps(settings), encoding="utf-8")


def _letters_heard(ear: Ear, axis: int) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """From "features" to "heard": every fourth frame, for each letter 1 where its band is loud."""
    time = 3 - axis
    nodes = [
        helper.make_node("Slice", ["features", "first", "last", "time", "fourth"], ["frames"]),
        helper.make_node("Gather", ["frames", "bands"], ["bands_only"], axis=axis),
        helper.make_node("Greater", ["bands_only", "loud"], ["is_loud"]),
        helper.make_node("Cast", ["is_loud"], ["heard"], to=TensorProto.FLOAT),
    ]
    constants = [
        _tensor("first", [0], np.int64),
        _tensor("last", [2**31], np.int64),
        _tensor("time", [time], np.int64),
        _tensor("fourth", [4], np.int64),
        _tensor("bands", ear.bands, np.int64),
        _tensor("loud", _LOUD),
    ]
    return nodes, constants


def gigaam_ctc(directory: Path, name: str = "v3_ctc", vocabulary: str = "v3_vocab.txt") -> Path:
    """GigaAM v3 CTC: log-mel (batch, 64, time) to log-probabilities of every fourth frame."""
    nodes, constants = _letters_heard(GIGAAM, axis=1)
    weights, base = _logits()
    nodes += [
        helper.make_node("Transpose", ["heard"], ["by_time"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["by_time", "weights"], ["weighed"]),
        helper.make_node("Add", ["weighed", "base"], ["logits"]),
        helper.make_node("LogSoftmax", ["logits"], ["log_probs"], axis=-1),
    ]
    _save(
        directory / f"{name}.onnx",
        nodes,
        {
            "features": (TensorProto.FLOAT, ["batch", 64, "time"]),
            "feature_lengths": (TensorProto.INT64, ["batch"]),
        },
        {"log_probs": (TensorProto.FLOAT, ["batch", "frames", len(LETTERS) + 1])},
        [*constants, _tensor("weights", weights), _tensor("base", base)],
    )
    _vocabulary(directory / vocabulary)
    _settings(directory, model_type="gigaam", version="v3", features_size=64, subsampling_factor=4)
    return directory


def gigaam_rnnt(directory: Path) -> Path:
    """GigaAM v3 RNN-T: encoder, a decoder with the state of an LSTM, and a joint network that forbids the letter that
    came last, as a trained one does."""
    nodes, constants = _letters_heard(GIGAAM, axis=1)
    state = (TensorProto.FLOAT, [1, 1, 320])
    _save(
        directory / "v3_rnnt_encoder.onnx",
        [
            helper.make_node("Identity", ["audio_signal"], ["features"]),
            *nodes,
            helper.make_node("Identity", ["heard"], ["encoded"]),
            helper.make_node("Add", ["length", "three"], ["padded"]),
            helper.make_node("Div", ["padded", "four"], ["frames_long"]),
            helper.make_node("Cast", ["frames_long"], ["encoded_len"], to=TensorProto.INT32),
        ],
        {"audio_signal": (TensorProto.FLOAT, ["batch", 64, "time"]), "length": (TensorProto.INT64, ["batch"])},
        {
            "encoded": (TensorProto.FLOAT, ["batch", len(LETTERS), "frames"]),
            "encoded_len": (TensorProto.INT32, ["batch"]),
        },
        [*constants, _tensor("three", [3], np.int64), _tensor("four", [4], np.int64)],
    )
    _save(
        directory / "v3_rnnt_decoder.onnx",
        [
            helper.make_node("OneHot", ["x", "depth", "off_on"], ["dec"], axis=-1),
            helper.make_node("Identity", ["h.1"], ["h"]),
            helper.make_node("Identity", ["c.1"], ["c"]),
        ],
        {"x": (TensorProto.INT64, [1, 1]), "h.1": state, "c.1": state},
        {"dec": (TensorProto.FLOAT, [1, 1, len(LETTERS) + 1]), "h": state, "c": state},
        [_tensor("depth", len(LETTERS) + 1, np.int64), _tensor("off_on", [0, 1])],
    )
    nodes, constants = _joined("by_letter", "by_last", "joint")
    _save(
        directory / "v3_rnnt_joint.onnx",
        [
            helper.make_node("Transpose", ["enc"], ["by_letter"], perm=[0, 2, 1]),
            helper.make_node("Transpose", ["dec"], ["by_last"], perm=[0, 2, 1]),
            *nodes,
        ],
        {
            "enc": (TensorProto.FLOAT, [1, len(LETTERS), 1]),
            "dec": (TensorProto.FLOAT, [1, len(LETTERS) + 1, 1]),
        },
        {"joint": (TensorProto.FLOAT, [1, 1, len(LETTERS) + 1])},
        constants,
    )
    _vocabulary(directory / "v3_vocab.txt")
    _settings(directory, model_type="gigaam", version="v3", features_size=64, subsampling_factor=4)
    return directory


def _joined(heard: str, last: str, logits: str) -> tuple[list[onnx.NodeProto], list[onnx.TensorProto]]:
    """What a transducer makes of the letters heard and the one that came last: that one does not come again."""
    weights, base = _logits()
    nodes = [
        helper.make_node("MatMul", [heard, "weights"], ["weighed"]),
        helper.make_node("MatMul", [last, "again"], ["forbidden"]),
        helper.make_node("Add", ["weighed", "forbidden"], ["allowed"]),
        helper.make_node("Add", ["allowed", "base"], [logits]),
    ]
    again = np.diag([2 * _NEVER] * len(LETTERS) + [0.0])
    return nodes, [_tensor("weights", weights), _tensor("base", base), _tensor("again", again)]


def vosk(directory: Path) -> Path:
    """Vosk 0.5x: a transducer whose decoder knows the last two letters and no state."""
    nodes, constants = _letters_heard(VOSK, axis=2)
    nodes = [
        helper.make_node("Identity", ["x"], ["features"]),
        *nodes,
        helper.make_node("Identity", ["heard"], ["encoder_out"]),
        helper.make_node("Add", ["x_lens", "three"], ["padded"]),
        helper.make_node("Div", ["padded", "four"], ["encoder_out_lens"]),
    ]
    _save(
        directory / "am-onnx" / "encoder.onnx",
        nodes,
        {"x": (TensorProto.FLOAT, ["batch", "time", 80]), "x_lens": (TensorProto.INT64, ["batch"])},
        {
            "encoder_out": (TensorProto.FLOAT, ["batch", "frames", len(LETTERS)]),
            "encoder_out_lens": (TensorProto.INT64, ["batch"]),
        },
        [*constants, _tensor("three", [3], np.int64), _tensor("four", [4], np.int64)],
    )
    _save(
        directory / "am-onnx" / "decoder.onnx",
        [
            helper.make_node("Gather", ["y", "latest"], ["last"], axis=1),
            helper.make_node("OneHot", ["last", "depth", "off_on"], ["decoder_out"], axis=-1),
        ],
        {"y": (TensorProto.INT64, ["batch", 2])},
        {"decoder_out": (TensorProto.FLOAT, ["batch", len(LETTERS) + 1])},
        [_tensor("latest", 1, np.int64), _tensor("depth", len(LETTERS) + 1, np.int64), _tensor("off_on", [0, 1])],
    )
    nodes, constants = _joined("encoder_out", "decoder_out", "logit")
    _save(
        directory / "am-onnx" / "joiner.onnx",
        nodes,
        {
            "encoder_out": (TensorProto.FLOAT, ["batch", len(LETTERS)]),
            "decoder_out": (TensorProto.FLOAT, ["batch", len(LETTERS) + 1]),
        },
        {"logit": (TensorProto.FLOAT, ["batch", len(LETTERS) + 1])},
        constants,
    )
    _vocabulary(directory / "lang" / "tokens.txt")
    return directory


def t_one(directory: Path) -> Path:
    """T-one: 300 ms of an 8 kHz signal and a state in, log-probabilities of ten frames of 30 ms out."""
    frame, frames = 240, 10
    at = np.arange(frame) / 8000
    waves = [np.exp(2j * np.pi * tone * at) for tone in T_ONE.tones]
    sines, cosines = np.array([wave.imag for wave in waves]).T, np.array([wave.real for wave in waves]).T
    # A tone that fills half of a frame, at 0.2 of full scale, has this power.
    half = (0.2 * 32767 * frame / 4) ** 2
    weights, base = _logits()
    _save(
        directory / "model.onnx",
        [
            helper.make_node("Cast", ["signal"], ["samples"], to=TensorProto.FLOAT),
            helper.make_node("Reshape", ["samples", "shape"], ["framed"]),
            helper.make_node("MatMul", ["framed", "sines"], ["sine"]),
            helper.make_node("MatMul", ["framed", "cosines"], ["cosine"]),
            helper.make_node("Mul", ["sine", "sine"], ["sine_power"]),
            helper.make_node("Mul", ["cosine", "cosine"], ["cosine_power"]),
            helper.make_node("Add", ["sine_power", "cosine_power"], ["power"]),
            helper.make_node("Greater", ["power", "half"], ["is_loud"]),
            helper.make_node("Cast", ["is_loud"], ["heard"], to=TensorProto.FLOAT),
            helper.make_node("MatMul", ["heard", "weights"], ["weighed"]),
            helper.make_node("Add", ["weighed", "base"], ["logits"]),
            helper.make_node("LogSoftmax", ["logits"], ["logprobs"], axis=-1),
            helper.make_node("Identity", ["state"], ["state_next"]),
        ],
        {
            "signal": (TensorProto.INT32, ["batch", frame * frames, 1]),
            "state": (TensorProto.FLOAT16, ["batch", 4]),
        },
        {
            "logprobs": (TensorProto.FLOAT, ["batch", frames, len(LETTERS) + 1]),
            "state_next": (TensorProto.FLOAT16, ["batch", 4]),
        },
        [
            _tensor("shape", [-1, frames, frame], np.int64),
            _tensor("sines", sines),
            _tensor("cosines", cosines),
            _tensor("half", half),
            _tensor("weights", weights),
            _tensor("base", base),
        ],
    )
    _settings(
        directory,
        decoder_params={"vocabulary": [" ", *LETTERS[1:]]},
        encoder_params={"reduction_kernel_size": 3},
        pad_token_id=BLANK,
    )
    return directory
