"""What the journal costs, and what a kill costs.

    python -m benchmarks.journal [--kills N] [--minutes M] [RECORDING...]

Kills: a program dictates in real time and is ended by `kill -9` at a random moment, N times; what it had given a
second before must be kept to the bit, every event too, and the audit chain must be whole. Cost: M minutes of the
recordings, half a second at a time as live dictation writes them, into the encrypted store and into the same tables
without encryption in turns; bytes on disk and processor seconds for an hour.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from statistics import median

import numpy as np
import sqlalchemy
from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from dictation.audio.blocks import RATE
from dictation.audio.pcm import Pcm, to_pcm
from dictation.audio.recording import Recording
from dictation.store import Store, open_store, schema
from dictation.store.claims import FileClaims
from dictation.store.custody import Kept
from dictation.store.ground import Ground, Writes
from dictation.store.keys import Key
from dictation.store.sound import CHUNK, encode
from tests.store.killing import Outcome, kill_while_dictating

ROUNDS = 3


def campaign(kills: int, seed: int) -> list[Outcome]:
    """The outcomes of that many kills at moments that follow from the seed."""
    moments = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        return [kill_while_dictating(_home(folder), seed + n, moments.uniform(0.0, 4.0)) for n in range(kills)]


def pieces(recordings: list[Path], minutes: float) -> Iterator[Pcm]:
    """Half seconds of the recordings, over and over, for that many minutes."""
    sound = np.concatenate([_read(path) for path in recordings])
    left = round(minutes * 60 * RATE)
    for start in cycle(range(0, len(sound) - CHUNK, CHUNK)):
        if left <= 0:
            return
        left -= CHUNK
        yield sound[start : start + CHUNK]


def journaled(store: Store, given: list[Pcm]) -> tuple[float, float]:
    """Processor seconds and seconds by the clock to put them into a store, each on disk before the next."""
    begun, clock = time.process_time(), time.monotonic()
    with store.begin("052u-visit") as journal:
        for piece in given:
            journal.audio(piece)
            journal.flush()
    return time.process_time() - begun, time.monotonic() - clock


def plain_store(folder: str) -> Store:
    """The same tables in SQLite without encryption, for comparison only."""
    path = Path(folder, "plain.db")
    engine = sqlalchemy.create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def _(connection: sqlalchemy.engine.interfaces.DBAPIConnection, _: object) -> None:
        for pragma in ("auto_vacuum = FULL", "journal_mode = WAL", "synchronous = FULL", "secure_delete = ON"):
            connection.cursor().execute(f"PRAGMA {pragma}")

    key = Key.new()
    with engine.begin() as connection:
        schema.upgrade(connection, str(path))
    ground = Ground(engine, key, str(path), "benchmark", FileClaims(path), Writes(engine, str(path)))
    return Store(ground, Kept(key, "key-file"))


def cost(recordings: list[Path], minutes: float, console: Console) -> None:
    given = list(pieces(recordings, minutes))
    hours = len(given) * CHUNK / RATE / 3600
    begun = time.process_time()
    compressed = sum(len(encode(piece)[1]) for piece in given)
    coding = time.process_time() - begun
    figures: dict[str, list[tuple[float, float]]] = {"encrypted": [], "plain": []}
    sizes: dict[str, int] = {}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            for name, store in (("encrypted", open_store(home=_home(folder))), ("plain", plain_store(folder))):
                with store:
                    figures[name].append(journaled(store, given))
                sizes[name] = Path(store.name).stat().st_size
    table = Table("an hour of dictation", "encrypted", "plain", title=f"{hours * 60:.0f} minutes, {ROUNDS} rounds")
    rows = {
        "MB on disk": {name: sizes[name] / hours / 1e6 for name in sizes},
        "processor seconds": {name: median(cpu for cpu, _ in runs) / hours for name, runs in figures.items()},
        "ms by the clock for half a second": {
            name: median(clock for _, clock in runs) / len(given) * 1000 for name, runs in figures.items()
        },
    }
    for label, row in rows.items():
        table.add_row(label, f"{row['encrypted']:.1f}", f"{row['plain']:.1f}")
    console.print(table)
    spent = rows["processor seconds"]
    console.print(
        f"16-bit sound {hours * 3600 * RATE * 2 / hours / 1e6:.1f} MB/h, as FLAC {compressed / hours / 1e6:.1f}"
    )
    console.print(
        f"share of one core {spent['encrypted'] / 3600:.2%}, of which compression {coding / hours / 3600:.2%}"
    )
    console.print(f"encrypted : plain = {spent['encrypted'] / spent['plain']:.2f} processor time")


def _home(folder: str) -> Path:
    home = Path(folder)
    if not (home / "store.key").exists():
        (home / "store.key").touch(0o600)
        (home / "store.key").write_text(Key.new().secret.hex(), encoding="utf-8")
    return home


def _read(path: Path) -> Pcm:
    with Recording(path) as recording:
        return to_pcm(np.concatenate(list(recording.blocks())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", type=Path, nargs="*", metavar="RECORDING")
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=2026)
    arguments = parser.parse_args()
    console = Console()
    if arguments.kills:
        outcomes = campaign(arguments.kills, arguments.seed)
        broken = sum(outcome.kept < outcome.due for outcome in outcomes)
        events = sum(outcome.events_kept < outcome.events_given for outcome in outcomes)
        lost = sorted(outcome.lost_seconds for outcome in outcomes)
        console.print(f"{len(outcomes)} kills: {broken} lost more than the last second, {events} lost an event")
        console.print(f"sound lost: median {median(lost):.2f} s, worst {lost[-1]:.2f} s")
    if arguments.recordings:
        cost(arguments.recordings, arguments.minutes, console)


if __name__ == "__main__":
    main()
