"""A low-rank delta: read, merged into a weights file, refused where it does not belong there."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from dictation.errors import ModelError

NO_BENCHMARKS = "the benchmarks are in the checkout only"
delta = pytest.importorskip("benchmarks.adaptation.delta", reason=NO_BENCHMARKS)
model_bin = pytest.importorskip("benchmarks.adaptation.model_bin", reason=NO_BENCHMARKS)

WEIGHT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
UP, DOWN = np.array([[1.0], [2.0]]), np.array([[0.5, 0.0, -1.0]])
MERGED = [[1.5, 2.0, 2.0], [5.0, 5.0, 4.0]]  # by hand: WEIGHT + UP · DOWN
BIAS = np.array([7.0, 8.0])


def weights_file(path: Path, version: int = 6) -> Path:
    """Written as `ctranslate2.specs.model_spec` writes it: a matrix in float32 and in float16, a vector, a scalar."""

    def string(text: str) -> bytes:
        return struct.pack("<H", len(text) + 1) + text.encode() + b"\0"

    named = {
        "decoder/a/weight": (0, WEIGHT.astype("<f4")),
        "decoder/b/weight": (4, WEIGHT.astype("<f2")),
        "decoder/b/bias": (0, BIAS.astype("<f4")),
        "decoder/num_heads": (2, np.array(8, "<i2")),
    }
    data = struct.pack("<I", version) + string("WhisperSpec") + struct.pack("<II", 3, len(named))
    for name, (kind, array) in named.items():
        data += string(name) + struct.pack(f"<B{array.ndim}IBI", array.ndim, *array.shape, kind, array.nbytes)
        data += array.tobytes()
    path.write_bytes(data + struct.pack("<I", 1) + string("decoder/projection/weight") + string("decoder/a/weight"))
    return path


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return weights_file(tmp_path / "model.bin")


def tensor(path: Path, name: str) -> np.ndarray:
    return np.array(model_bin.tensors(path)[name].mapped(path))


def test_tensors_are_found_where_they_lie(model: Path) -> None:
    assert list(model_bin.tensors(model)) == [
        "decoder/a/weight",
        "decoder/b/weight",
        "decoder/b/bias",
        "decoder/num_heads",
    ]
    assert tensor(model, "decoder/b/weight").tolist() == WEIGHT.tolist()
    assert tensor(model, "decoder/b/bias").tolist() == [7.0, 8.0]
    assert tensor(model, "decoder/num_heads").tolist() == 8


@pytest.mark.parametrize("content", [b"", b"nothing at all", struct.pack("<I", 5) + b"\0" * 40])
def test_a_file_that_holds_no_weights(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(ModelError, match="not a weights file"):
        model_bin.tensors(tmp_path / "model.bin")


@pytest.mark.parametrize("name", ["decoder/a/weight", "decoder/b/weight"])
def test_only_the_named_tensor_changes(model: Path, tmp_path: Path, name: str) -> None:
    before = model.read_bytes()
    delta.write(tmp_path / "delta", {name: (UP, DOWN)})
    delta.merge(model, tmp_path / "delta")
    assert tensor(model, name).tolist() == MERGED
    changed = [at for at, (old, new) in enumerate(zip(before, model.read_bytes(), strict=True)) if old != new]
    place = model_bin.tensors(model)[name]
    assert changed
    assert place.offset <= min(changed)
    assert max(changed) < place.offset + 6 * np.dtype(place.dtype).itemsize


def test_the_ranks_are_summed(model: Path, tmp_path: Path) -> None:
    up, down = np.array([[1.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 3.0]])
    delta.write(tmp_path / "delta", {"decoder/a/weight": (up, down)})
    delta.merge(model, tmp_path / "delta")
    assert tensor(model, "decoder/a/weight").tolist() == [[2.0, 2.0, 6.0], [4.0, 5.0, 12.0]]


def test_half_of_a_delta(model: Path, tmp_path: Path) -> None:
    delta.write(tmp_path / "delta", {"decoder/a/weight": (UP, DOWN)})
    delta.merge(model, tmp_path / "delta", alpha=0.5)
    assert tensor(model, "decoder/a/weight").tolist() == [[1.25, 2.0, 2.5], [4.5, 5.0, 5.0]]


def test_a_zero_delta_changes_no_byte(model: Path, tmp_path: Path) -> None:
    before = model.read_bytes()
    delta.write(tmp_path / "delta", {"decoder/b/weight": (UP * 0, DOWN)})
    delta.merge(model, tmp_path / "delta")
    assert model.read_bytes() == before


def test_the_file_is_safetensors(tmp_path: Path) -> None:
    delta.write(tmp_path / "delta", {"w": (UP, DOWN)})
    data = (tmp_path / "delta").read_bytes()
    size = int.from_bytes(data[:8], "little")
    assert size % 8 == 0
    assert data[8 : 8 + size].decode().rstrip() == (
        '{"w.up": {"dtype": "F16", "shape": [2, 1], "data_offsets": [0, 4]}, '
        '"w.down": {"dtype": "F16", "shape": [1, 3], "data_offsets": [4, 10]}}'
    )
    assert np.frombuffer(data[8 + size :], "<f2").tolist() == [1.0, 2.0, 0.5, 0.0, -1.0]


@pytest.mark.parametrize(
    ("name", "up"), [("decoder/c/weight", UP), ("decoder/a/weight", np.ones((3, 1))), ("decoder/b/bias", UP)]
)
def test_a_delta_of_another_model(model: Path, tmp_path: Path, name: str, up: np.ndarray) -> None:
    delta.write(tmp_path / "delta", {name: (up, DOWN)})
    with pytest.raises(ModelError, match=f"does not fit .*{name}"):
        delta.merge(model, tmp_path / "delta")


def test_a_cut_delta(tmp_path: Path) -> None:
    delta.write(tmp_path / "delta", {"w": (UP, DOWN)})
    (tmp_path / "delta").write_bytes((tmp_path / "delta").read_bytes()[:-2])
    with pytest.raises(ModelError, match="the delta cannot be read"):
        delta.read(tmp_path / "delta")


def test_no_delta(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the delta cannot be read"):
        delta.read(tmp_path / "delta")
