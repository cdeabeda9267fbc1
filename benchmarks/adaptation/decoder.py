"""Whisper's decoder in torch, read out of the weights of CTranslate2, with low-rank additions that can be learned."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.adaptation import model_bin

HEADS = 8


class LowRank(nn.Module):
    """A frozen linear layer plus `up · down`, which begins at zero."""

    def __init__(self, weight: Tensor, bias: Tensor, rank: int) -> None:
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.down = nn.Parameter(torch.randn(rank, weight.shape[1]) / weight.shape[1] ** 0.5)
        self.up = nn.Parameter(torch.zeros(weight.shape[0], rank))
        self.scale = 1.0

    def forward(self, x: Tensor) -> Tensor:
        added = functional.linear(functional.linear(x, self.down), self.up)
        return functional.linear(x, self.weight, self.bias) + self.scale * added


class Decoder(nn.Module):
    """Logits of the next token, over `vocabulary` only: the tokens that decoding may print."""

    def __init__(self, path: Path, vocabulary: list[int], rank: int) -> None:
        super().__init__()
        found = model_bin.tensors(path)

        def read(name: str) -> Tensor:
            return torch.from_numpy(np.array(found[f"decoder/{name}"].mapped(path), np.float32))

        self.layers = sum(name.endswith("self_attention/linear_0/weight") for name in found if "decoder" in name)
        linear = sorted(
            name.removeprefix("decoder/").removesuffix("/weight")
            for name in found
            if name.startswith("decoder/layer_") and "linear" in name and name.endswith("/weight")
        )
        self.linear = nn.ModuleDict(
            {name.replace("/", ":"): LowRank(read(f"{name}/weight"), read(f"{name}/bias"), rank) for name in linear}
        )
        self.norms = {
            name.removeprefix("decoder/").removesuffix("/gamma"): (
                read(name.removeprefix("decoder/")),
                read(name.removeprefix("decoder/").replace("gamma", "beta")),
            )
            for name in found
            if name.startswith("decoder/") and name.endswith("/gamma")
        }
        self.embeddings = read("embeddings/weight")
        self.positions = read("position_encodings/encodings")
        self.output = self.embeddings[vocabulary]

    def forward(self, tokens: Tensor, sound: Tensor, silent: Tensor, wanted: Tensor) -> Tensor:
        """`tokens` (batch, length), `sound` (batch, positions, 512), `silent` (batch, positions) true where nothing
        was encoded; logits (n, vocabulary) where `wanted` (batch, length) is true."""
        x = self.embeddings[tokens] + self.positions[: tokens.shape[1]]
        heard = ~silent[:, None, None, :]
        for number in range(self.layers):
            layer = f"layer_{number}"
            normed = self._norm(x, f"{layer}/self_attention/layer_norm")
            q, k, v = self._linear(normed, f"{layer}/self_attention/linear_0").chunk(3, -1)
            x = x + self._linear(_attended(q, k, v, None), f"{layer}/self_attention/linear_1")
            normed = self._norm(x, f"{layer}/attention/layer_norm")
            q = self._linear(normed, f"{layer}/attention/linear_0")
            k, v = self._linear(sound, f"{layer}/attention/linear_1").chunk(2, -1)
            x = x + self._linear(_attended(q, k, v, heard), f"{layer}/attention/linear_2")
            normed = self._norm(x, f"{layer}/ffn/layer_norm")
            hidden = functional.gelu(self._linear(normed, f"{layer}/ffn/linear_0"))
            x = x + self._linear(hidden, f"{layer}/ffn/linear_1")
        return functional.linear(self._norm(x[wanted], "layer_norm"), self.output)

    def weigh(self, alpha: float) -> None:
        """How much of what was learned counts: 0 is the model as it was."""
        for layer in self.linear.values():
            layer.scale = alpha

    @contextmanager
    def as_published(self) -> Iterator[None]:
        """Meanwhile nothing that was learned counts."""
        scales = {name: layer.scale for name, layer in self.linear.items()}
        self.weigh(0.0)
        try:
            yield
        finally:
            for name, layer in self.linear.items():
                layer.scale = scales[name]

    def factors(self) -> dict[str, tuple[Tensor, Tensor]]:
        """What was learned, by name of the tensor in the weights file: `up` and `down`."""
        return {
            f"decoder/{name.replace(':', '/')}/weight": (layer.up.detach(), layer.down.detach())
            for name, layer in self.linear.items()
        }

    def _linear(self, x: Tensor, name: str) -> Tensor:
        return self.linear[name.replace("/", ":")](x)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        gamma, beta = self.norms[name]
        return functional.layer_norm(x, gamma.shape, gamma, beta)


def _attended(q: Tensor, k: Tensor, v: Tensor, heard: Tensor | None) -> Tensor:
    """Attention in heads; causal where `heard` is None."""
    q, k, v = (one.unflatten(-1, (HEADS, -1)).transpose(1, 2) for one in (q, k, v))
    mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=heard, is_causal=heard is None)
    return mixed.transpose(1, 2).flatten(2)
