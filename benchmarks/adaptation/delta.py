"""Low-rank additions to the tensors of a model: W + alpha · up · down.

A delta is a safetensors file: for each tensor `name` of the weights the two factors `name.up` (out, rank) and
`name.down` (rank, in), in float16. The format: the length of the header (8 bytes, little endian), the header (JSON:
name to dtype, shape and place of the data), the data.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.adaptation import model_bin
from dictation.errors import ModelError

Factors = dict[str, tuple[NDArray[Any], NDArray[Any]]]


def merge(weights: Path, delta: Path, alpha: float = 1.0) -> None:
    """Adds a delta to a weights file, in place. The result is the same to the bit on every machine.

    Raises ModelError where the delta cannot be read or does not fit the weights; they are then spoilt.
    """
    found = model_bin.tensors(weights)
    for name, (up, down) in read(delta).items():
        if name not in found or found[name].shape != (up.shape[0], down.shape[1]):
            raise ModelError(f"{delta}: does not fit {weights}: {name} is missing there or has another shape")
        tensor = found[name].mapped(weights, "r+")
        tensor[...] = (tensor + alpha * _product(up, down)).astype(tensor.dtype)
        tensor.flush()


def _product(up: NDArray[Any], down: NDArray[Any]) -> NDArray[np.float64]:
    """up · down, summed rank by rank: a library's product of matrices rounds differently on other machines."""
    total = np.zeros((up.shape[0], down.shape[1]))
    for column, row in zip(up.T.astype(np.float64), down.astype(np.float64), strict=True):
        total += np.multiply.outer(column, row)
    return total


def read(path: Path) -> Factors:
    """The factors of a delta by the name of the tensor they are for. Raises ModelError where it cannot be read."""
    try:
        data = path.read_bytes()
        size = int.from_bytes(data[:8], "little")
        header: dict[str, dict[str, Any]] = json.loads(data[8 : 8 + size])
        names = sorted(name.removesuffix(".up") for name in header if name.endswith(".up"))
        body = data[8 + size :]
        return {name: (_array(body, header[f"{name}.up"]), _array(body, header[f"{name}.down"])) for name in names}
    except (OSError, ValueError, KeyError) as error:
        raise ModelError(f"{path}: the delta cannot be read ({error})") from error


def write(path: Path, factors: Factors) -> None:
    """Writes a delta, in float16."""
    header: dict[str, dict[str, Any]] = {}
    body = b""
    for name, pair in sorted(factors.items()):
        for part, factor in zip(("up", "down"), pair, strict=True):
            data = np.ascontiguousarray(factor, "<f2").tobytes()
            place = [len(body), len(body) + len(data)]
            header[f"{name}.{part}"] = {"dtype": "F16", "shape": list(factor.shape), "data_offsets": place}
            body += data
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)
    path.write_bytes(len(head).to_bytes(8, "little") + head + body)


def _array(body: bytes, described: dict[str, Any]) -> NDArray[Any]:
    if described["dtype"] != "F16":
        raise ValueError(f"type {described['dtype']} instead of F16")
    begin, end = described["data_offsets"]
    return np.frombuffer(body[begin:end], "<f2").reshape(described["shape"])
