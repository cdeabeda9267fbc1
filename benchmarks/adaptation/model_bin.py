"""Tensors of a weights file of CTranslate2 as arrays that are read and written where they lie."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dictation.errors import ModelError
from dictation.speech import model_bin

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
            return {one.name: Tensor(one.begin, one.shape, _TYPES[one.kind]) for one in model_bin.tensors(file)}
    except (struct.error, ValueError, KeyError) as error:
        raise ModelError(f"{path}: not a weights file of CTranslate2 (binary version {model_bin.VERSION})") from error
