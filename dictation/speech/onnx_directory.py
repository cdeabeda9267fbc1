"""Which of the models that onnx-asr runs lies in a directory, from the names of its files and its config.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dictation.errors import ModelError


@dataclass(frozen=True, slots=True)
class OnnxModel:
    """What to ask onnx-asr for: its name of the kind, and the precision of the weights (None: full)."""

    kind: str
    quantization: str | None


# Kinds in the order of choice where a directory holds several, the most exact first; those that print digits and
# marks of their own (e2e) last, for numbers are read by this program's rules. Of the patterns, the first tells the
# kind; {} stands for the precision. The names are those under which the models are published for onnx-asr.
_KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("gigaam-v3-rnnt", ("v3_rnnt_encoder{}.onnx", "v3_rnnt_decoder{}.onnx", "v3_rnnt_joint{}.onnx", "v3_vocab.txt")),
    ("gigaam-v3-ctc", ("v3_ctc{}.onnx", "v3_vocab.txt")),
    (
        "gigaam-v3-e2e-rnnt",
        (
            "v3_e2e_rnnt_encoder{}.onnx",
            "v3_e2e_rnnt_decoder{}.onnx",
            "v3_e2e_rnnt_joint{}.onnx",
            "v3_e2e_rnnt_vocab.txt",
        ),
    ),
    ("gigaam-v3-e2e-ctc", ("v3_e2e_ctc{}.onnx", "v3_e2e_ctc_vocab.txt")),
    ("vosk", ("*/encoder{}.onnx", "*/decoder{}.onnx", "*/joiner{}.onnx", "*/tokens.txt")),
    ("t-one-ctc", ("model{}.onnx", "config.json")),
)

# Full precision first; "?" is the dot or underscore before it.
_PRECISIONS: tuple[tuple[str | None, str], ...] = ((None, ""), ("int8", "?int8"))


def is_onnx(directory: Path) -> bool:
    """Whether a model of one of the known kinds lies there, be it incomplete."""
    return any(
        _found(directory, patterns[0], suffix) and (kind != "t-one-ctc" or "decoder_params" in _settings(directory))
        for kind, patterns in _KINDS
        for _, suffix in _PRECISIONS
    )


def identify(directory: Path) -> OnnxModel:
    """The model to load. Raises ModelError where files of it are missing or its config.json does not fit."""
    lacking: list[str] = []
    for kind, patterns in _KINDS:
        for quantization, suffix in _PRECISIONS:
            if not _found(directory, patterns[0], suffix):
                continue
            missing = [pattern.format(suffix) for pattern in patterns if not _found(directory, pattern, suffix)]
            if missing:
                lacking += missing
                continue
            _check_settings(kind, directory)
            return OnnxModel(kind, quantization)
    raise ModelError(f"{directory}: the ONNX model is incomplete, it lacks {', '.join(lacking) or 'every file'}")


def _check_settings(kind: str, directory: Path) -> None:
    """What onnx-asr would take for granted: without its settings, GigaAM v3 is given the features of v2."""
    if kind.startswith("gigaam-v3") and _settings(directory).get("version") != "v3":
        raise ModelError(
            f'{directory}: config.json is missing or lacks "version": "v3"; put the one published with it there'
        )


def _found(directory: Path, pattern: str, suffix: str) -> bool:
    return any(path.is_file() for path in directory.glob(pattern.format(suffix)))


def _settings(directory: Path) -> dict[str, Any]:
    """The contents of config.json; empty where there is none, or none that can be read."""
    try:
        read = json.loads((directory / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}
