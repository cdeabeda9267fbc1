"""Learns the low-rank delta of Whisper's decoder for clinical speech.

    python -m benchmarks.adaptation.train --cache DIR --model DIR --out DIR [--rank N] [--rate R] [--epochs N]

`--cache` is what `benchmarks.adaptation.encoding` made, `--model` the joined embedded model. After every half
of an epoch the loss on what was held out is printed, and what was learned so far is written to `--out`, a file each.
Needs torch, which the program itself does not (`pip install torch==2.13.0`).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
import torch
from faster_whisper.tokenizer import Tokenizer
from torch import Tensor
from torch.nn import functional
from torch.nn.utils import clip_grad_norm_

from benchmarks.adaptation import delta
from benchmarks.adaptation.decoder import Decoder
from dictation.grammar.prompts import prompts
from dictation.speech.vocabulary import suppressed_tokens

_BATCH = 8
_SEED = 20
_WARM_UP = 30  # batches
_IGNORED = -100
_RECORDED, _CLINICAL = "recorded", "clinical"
_WORDS_OF_KEPT = 0.3  # weight of the true words of recorded people beside what the published model says of them
_SHORT_PROMPT = 40  # tokens
# How often each prompt is put in front. Most are short: learning from a long one takes four times as long.
_TOLD = {"style": 0.1, "end of style": 0.15, "section": 0.3, "fallback": 0.1, "nothing": 0.35}
_ALPHAS = (0.8, 0.6, 0.4)
_JUDGED_BY = 24  # held-out windows of each kind whose loss is printed


@dataclass(frozen=True, slots=True)
class Example:
    sound: Path
    tokens: tuple[int, ...]
    labels: tuple[int, ...]
    kind: str
    held_out: bool

    def positions(self) -> int:
        return int(np.load(self.sound, mmap_mode="r").shape[0])


@dataclass(frozen=True, slots=True)
class Batch:
    """Tokens, sound, mask of positions without sound, labels (`_IGNORED` where nothing is learned)."""

    tokens: Tensor
    sound: Tensor
    silent: Tensor
    labels: Tensor

    @property
    def wanted(self) -> Tensor:
        return self.labels != _IGNORED


class Teacher:
    """Turns windows into batches: sound, what was told before, and the text that is to come out."""

    def __init__(self, cache: Path, model: Path) -> None:
        inner = tokenizers.Tokenizer.from_file(str(model / "tokenizer.json"))
        self._tokenizer = Tokenizer(inner, True, task="transcribe", language="ru")
        told = prompts("ru")
        suppressed = set(suppressed_tokens(self._tokenizer, told.alphabet))
        self.vocabulary = [token for token in range(self._tokenizer.eot + 1) if token not in suppressed]
        self._label = {token: number for number, token in enumerate(self.vocabulary)}
        style, fallback = self._prompt(told.style), self._prompt(told.fallback)
        self.told: dict[str, list[tuple[int, ...]]] = {
            "style": [style],
            "end of style": [(style[0], *style[-_SHORT_PROMPT:])],
            "section": [self._prompt(text) for text in told.sections.values()],
            "fallback": [fallback],
            "nothing": [()],
        }
        self._begin = (*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps)
        with (cache / "windows.jsonl").open(encoding="utf-8") as lines:
            self.examples = [self._example(cache, json.loads(line)) for line in lines]

    def batch(self, examples: list[Example], told: tuple[int, ...] = ()) -> Batch:
        """The examples behind one prompt."""
        prefix = (*told, *self._begin)
        longest = len(prefix) + max(len(one.tokens) for one in examples)
        tokens = torch.full((len(examples), longest), self._tokenizer.eot)
        labels = torch.full((len(examples), longest), _IGNORED)
        sounds = [torch.from_numpy(np.load(one.sound).astype(np.float32)) for one in examples]
        lengths = torch.tensor([len(sound) for sound in sounds])
        for row, one in enumerate(examples):
            tokens[row, : len(prefix) + len(one.tokens)] = torch.tensor((*prefix, *one.tokens))
            labels[row, len(prefix) - 1 : len(prefix) + len(one.tokens)] = torch.tensor(one.labels)
        sound = torch.nn.utils.rnn.pad_sequence(sounds, batch_first=True)
        return Batch(tokens, sound, torch.arange(sound.shape[1]) >= lengths[:, None], labels)

    def _prompt(self, text: str) -> tuple[int, ...]:
        return (self._tokenizer.sot_prev, *self._tokenizer.encode(" " + text.strip()))

    def _example(self, cache: Path, row: dict[str, object]) -> Example:
        tokens: list[int] = []
        labels: list[int] = []
        ended = True
        for phrase in row["phrases"]:  # type: ignore[attr-defined]  # a list of strings, as it was written
            pieces = self._tokenizer.encode(" " + phrase)
            known = [self._label.get(piece, _IGNORED) for piece in pieces]
            # Between two phrases of a sentence a comma may be right as well: nothing is learned there.
            labels += known if ended else [_IGNORED, *known[1:]]
            tokens += pieces
            ended = phrase.endswith((".", "!", "?"))
        labels.append(self._label[self._tokenizer.eot])
        return Example(
            cache / f"{row['name']}.npy", tuple(tokens), tuple(labels), str(row["kind"]), bool(row["held_out"])
        )


def loss_of(decoder: Decoder, batch: Batch, *, kept: bool = False) -> Tensor:
    """Mean loss of a token. What is to be `kept` is held to the words that the model as published would say, too."""
    logits = decoder(batch.tokens, batch.sound, batch.silent, batch.wanted)
    loss = functional.cross_entropy(logits, batch.labels[batch.wanted])
    if not kept:
        return loss
    with torch.no_grad(), decoder.as_published():
        published = decoder(batch.tokens, batch.sound, batch.silent, batch.wanted).log_softmax(-1)
    strayed = functional.kl_div(logits.log_softmax(-1), published, reduction="batchmean", log_target=True)
    return _WORDS_OF_KEPT * loss + strayed


def batches(examples: list[Example], chance: random.Random) -> list[list[Example]]:
    """All examples once, those of one kind and like length together, in random order."""
    cut = []
    for kind in (_RECORDED, _CLINICAL):
        own = [one for one in examples if one.kind == kind]
        own.sort(key=lambda one: one.positions() * chance.uniform(0.9, 1.1))
        cut += [own[at : at + _BATCH] for at in range(0, len(own), _BATCH)]
    chance.shuffle(cut)
    return cut


@torch.no_grad()
def judged(decoder: Decoder, teacher: Teacher) -> dict[str, float]:
    """Mean loss on held-out windows, without a prompt."""
    found = {}
    for kind in (_RECORDED, _CLINICAL):
        own = [one for one in teacher.examples if one.held_out and one.kind == kind][::2][:_JUDGED_BY]
        own.sort(key=lambda one: one.positions())
        losses = [float(loss_of(decoder, teacher.batch(own[at : at + _BATCH]))) for at in range(0, len(own), _BATCH)]
        found[kind] = sum(losses) / len(losses)
    return found


def learned(teacher: Teacher, decoder: Decoder, rate: float, epochs: int, out: Path) -> None:
    chance = random.Random(_SEED)
    training = [one for one in teacher.examples if not one.held_out]
    plan = [batch for _ in range(epochs) for batch in batches(training, chance)]
    optimiser = torch.optim.AdamW(list(decoder.parameters()), lr=rate, weight_decay=0.0)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / _WARM_UP, (len(plan) - step) / len(plan))
    )
    half, begun = max(len(plan) // (2 * epochs), 1), time.monotonic()
    print(f"{len(training)} windows, {len(plan)} batches; before: {judged(decoder, teacher)}", flush=True)
    total = 0.0
    for step, batch in enumerate(plan, start=1):
        told = chance.choice(teacher.told[chance.choices(tuple(_TOLD), tuple(_TOLD.values()))[0]])
        loss = loss_of(decoder, teacher.batch(batch, told), kept=batch[0].kind == _RECORDED)
        loss.backward()
        clip_grad_norm_(decoder.parameters(), 1.0)
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        total += loss.item()
        if step % 10 == 0:
            print(f"{step} {total / 10:.3f} {time.monotonic() - begun:.0f} s", flush=True)
            total = 0.0
        if step % half == 0 or step == len(plan):
            factors = {name: (up.numpy(), down.numpy()) for name, (up, down) in decoder.factors().items()}
            delta.write(out / f"{step:04}.safetensors", factors)
            print(f"{step}: {judged(decoder, teacher)}", flush=True)
    for alpha in _ALPHAS:
        decoder.weigh(alpha)
        print(f"alpha {alpha}: {judged(decoder, teacher)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Learns a low-rank delta for clinical speech.")
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.manual_seed(_SEED)
    torch.set_num_threads(arguments.threads)
    arguments.out.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(arguments.cache, arguments.model)
    decoder = Decoder(arguments.model / "model.bin", teacher.vocabulary, arguments.rank)
    learned(teacher, decoder, arguments.rate, arguments.epochs, arguments.out)


if __name__ == "__main__":
    main()
