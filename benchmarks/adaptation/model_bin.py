"""The weights file of CTranslate2 (`model.bin`): where in it each tensor lies.

The layout is that of `ctranslate2.specs.model_spec`, binary version 6: version, name of the specification, its
revision, then the tensors (name, shape, type, size, data) and the names that stand for others. Numbers are little
endian, strings have their length in front and a zero behind.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from dictation.errors import ModelError

_VERSION = 6
_TYPES = {0: "<f4", 1: "<i1", 2: "<i2", 3: "<i4", 4: "<f2"}


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor in the file: where its data begins, in bytes, its shape and numpy's name of its type."""

    offset: int
    shape: tuple[int, ...]
    dtype: str

    def mapped(self, path: Path, mode: str = "r") -> np.memmap[Any, np.dtype[Any]]:
        """The tensor in its file; written through with mode `r+`."""
        return np.memmap(path, np.dtype(self.dtype), mode, self.offset, self.shape)  # type: ignore[call-overload,no-any-return]  # numpy types modes as literals


def tensors(path: Path) -> dict[str, Tensor]:
    """The tensors of a weights file by name. Raises ModelError where it is not one."""
    try:
        with path.open("rb") as file:
            return _tensors(file)
    except (struct.error, UnicodeDecodeError, KeyError) as error:
        raise ModelError(f"{path}: not a weights file of CTranslate2 (binary version {_VERSION})") from error


def _tensors(file: BinaryIO) -> dict[str, Tensor]:
    (version,) = _unpack(file, "<I")
    if version != _VERSION:
        raise KeyError(version)
    _string(file)
    _revision, count = _unpack(file, "<II")
    found: dict[str, Tensor] = {}
    for _ in range(count):
        name = _string(file)
        (rank,) = _unpack(file, "<B")
        shape = _unpack(file, f"<{rank}I")
        kind, size = _unpack(file, "<BI")
        found[name] = Tensor(file.tell(), shape, _TYPES[kind])
        file.seek(size, 1)
    return found


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _string(file: BinaryIO) -> str:
    (length,) = _unpack(file, "<H")
    return file.read(length)[:-1].decode()
