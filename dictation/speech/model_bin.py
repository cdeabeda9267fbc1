"""The weights file of CTranslate2 (`model.bin`): where in it each tensor lies.

The layout is that of `ctranslate2.specs.model_spec`, binary version 6: version, name of the specification, its
revision, then the tensors (name, shape, type, size, data) and the names that stand for others. Numbers are little
endian, strings have their length in front and a zero behind.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

VERSION = 6


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor in the file: its name, its shape, the number of its type, and the bytes of its `head` (what `head_of`
    gives) and of its data, from `begin` to `end`."""

    name: str
    shape: tuple[int, ...]
    kind: int
    head: int
    begin: int
    end: int


def tensors(file: BinaryIO) -> Iterator[Tensor]:
    """The tensors in their order. Raises ValueError or struct.error where it is no such file."""
    (version,) = _unpack(file, "<I")
    if version != VERSION:
        raise ValueError(f"weights of version {version}, not {VERSION}")
    _string(file)
    _revision, count = _unpack(file, "<II")
    for _ in range(count):
        name = _string(file)
        head = file.tell()
        (rank,) = _unpack(file, "<B")
        shape = _unpack(file, f"<{rank}I")
        kind, size = _unpack(file, "<BI")
        begin = file.tell()
        yield Tensor(name, shape, kind, head, begin, begin + size)
        file.seek(begin + size)


def head_of(shape: tuple[int, ...], kind: int, size: int) -> bytes:
    """What stands between the name of a tensor and its data of `size` bytes."""
    return struct.pack(f"<B{len(shape)}IBI", len(shape), *shape, kind, size)


def _unpack(file: BinaryIO, layout: str) -> tuple[int, ...]:
    return struct.unpack(layout, file.read(struct.calcsize(layout)))


def _string(file: BinaryIO) -> str:
    (length,) = _unpack(file, "<H")
    return file.read(length)[:-1].decode()
