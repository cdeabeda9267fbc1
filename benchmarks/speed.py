"""How fast recognition is: this product beside plain faster-whisper, same model, beam and threads, one run.

    python benchmarks/speed.py DIRECTORY [--limit N]

For every recording both are timed one after the other, so that whatever else the machine does meets both. Prints the
real-time factors (seconds of work for a second of sound), their ratio, and the peak memory of a process that runs the
product alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Iterator
from pathlib import Path

from faster_whisper import WhisperModel
from rich.console import Console
from rich.table import Table

from dictation.audio.recording import Recording
from dictation.speech import weights
from dictation.speech.catalogue import entries
from dictation.speech.engines import open_recogniser
from dictation.speech.processors import cores
from dictation.speech.recogniser import Recogniser
from dictation.speech.whisper import DEFAULT

SOUND = {".wav", ".flac", ".opus", ".ogg", ".mp3", ".m4a", ".webm"}


def recordings(directory: Path, limit: int | None) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.suffix.lower() in SOUND)[:limit]


def product(recogniser: Recogniser, path: Path) -> float:
    """Seconds of sound recognised."""
    with Recording(path) as recording:
        stream = recogniser.stream()
        for block in recording.blocks():
            for _ in stream.accept(block):
                pass
        list(stream.finish())
        return recording.position


def plain(model: WhisperModel, path: Path) -> None:
    segments, _ = model.transcribe(
        str(path),
        language="ru",
        beam_size=DEFAULT.beam_size,
        word_timestamps=True,
        vad_filter=True,
        condition_on_previous_text=False,
    )
    list(segments)


def timed(paths: list[Path]) -> Iterator[tuple[str, float, float, float]]:
    """Name, seconds of sound, seconds of work of the product and of plain faster-whisper."""
    embedded = entries()[0]
    model = WhisperModel(str(weights.joined(embedded)), device="cpu", compute_type="int8", cpu_threads=cores())
    recogniser = open_recogniser(None, "ru")
    product(recogniser, paths[0])
    plain(model, paths[0])
    for path in paths:
        begun = time.perf_counter()
        seconds = product(recogniser, path)
        between = time.perf_counter()
        plain(model, path)
        yield path.name, seconds, between - begun, time.perf_counter() - between


def peak_of_product(paths: list[Path]) -> float:
    """Peak resident memory in MB of a process that recognises all recordings."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_recognise_all, (paths,))


def _recognise_all(paths: list[Path]) -> float:
    recogniser = open_recogniser(None, "ru")
    for path in paths:
        product(recogniser, path)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of recognition beside plain faster-whisper.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--limit", type=int, help="only the first N recordings")
    arguments = parser.parse_args()
    paths = recordings(arguments.directory, arguments.limit)
    if not paths:
        parser.error(f"{arguments.directory}: no recordings")
    table = Table("recording", "seconds", "product", "plain", "ratio")
    rows = []
    for name, seconds, ours, theirs in timed(paths):
        rows.append((seconds, ours, theirs))
        table.add_row(name, f"{seconds:.1f}", *(f"{x / seconds:.3f}" for x in (ours, theirs)), f"{ours / theirs:.2f}")
    seconds, ours, theirs = (sum(column) for column in zip(*rows, strict=True))
    table.add_section()
    table.add_row("all", f"{seconds:.1f}", f"{ours / seconds:.3f}", f"{theirs / seconds:.3f}", f"{ours / theirs:.2f}")
    console = Console()
    console.print(table)
    console.print(f"beam {DEFAULT.beam_size}, {cores()} threads; peak memory {peak_of_product(paths):.0f} MB")


if __name__ == "__main__":
    main()
