"""The same dictation mapped over many recordings, in one process or several; broken files are reported, not fatal."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from pydantic import ValidationError

from dictation.errors import DictationError, InputError
from dictation.forms.context import read_context
from dictation.forms.record import Record
from dictation.outputs import write_outputs
from dictation.replay.manifest import Item
from dictation.session import Dictation, Heard

JOURNAL = "replay.jsonl"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Setup:
    """What a replay was run with; a recording is done again when any of it changed."""

    form: str
    language: str
    engine: str | None
    context: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How one recording went: an `error`, or seconds of sound, seconds of work, words and their mean confidence.
    `key` identifies the sound and the set-up, so that a later run knows what need not be done again."""

    id: str
    audio: str
    key: str
    seconds: float = 0.0
    elapsed: float = 0.0
    words: int = 0
    confidence: float | None = None
    damage: str | None = None
    error: str | None = None


def replay(items: Sequence[Item], setup: Setup, out: Path, workers: int = 1) -> Iterator[Done]:
    """Fill every recording and write its files into `out`; yields each result as it is known.

    What an earlier run into the same folder finished (same sound, same set-up, record still there) is taken from its
    journal. The journal grows line by line, so a run that was stopped goes on where it was.
    """
    out.mkdir(parents=True, exist_ok=True)
    finished = _read_journal(out / JOURNAL)
    todo: list[tuple[Item, str]] = []
    for item in items:
        try:
            key = _key(item, setup)
        except OSError as error:
            yield Done(item.id, str(item.audio), "", error=f"{item.audio}: cannot be read: {error.strerror}")
            continue
        earlier = finished.get(item.id)
        if earlier and earlier.key == key and _record_path(out, item.id).is_file():
            yield earlier
        else:
            todo.append((item, key))
    with (out / JOURNAL).open("a", encoding="utf-8") as journal:
        for done in _run(todo, setup, out, workers):
            journal.write(json.dumps(asdict(done), ensure_ascii=False) + "\n")
            journal.flush()
            yield done


def _run(todo: Sequence[tuple[Item, str]], setup: Setup, out: Path, workers: int) -> Iterator[Done]:
    if workers <= 1 or len(todo) <= 1:
        for item, key in todo:
            yield _fill(item, key, setup, out)
        return
    with ProcessPoolExecutor(min(workers, len(todo)), mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(_fill, item, key, setup, out): (item, key) for item, key in todo}
        for future in as_completed(futures):
            item, key = futures[future]
            try:
                yield future.result()
            except BrokenProcessPool:
                yield Done(item.id, str(item.audio), key, error=f"{item.audio}: a worker died; run again to go on")


def _fill(item: Item, key: str, setup: Setup, out: Path) -> Done:
    """One recording to its files; every error becomes part of the result."""
    try:
        dictation = _dictation(setup.form, setup.language, setup.engine)
        context = item.context or setup.context
        heard = dictation.transcribe(item.audio)
        record = dictation.record(heard, read_context(context) if context else None)
        target = _record_path(out, item.id)
        write_outputs(record, dictation.form, target.parent, Path(item.id).name)
        return _done(item, key, heard)
    except DictationError as error:
        return Done(item.id, str(item.audio), key, error=str(error))


@cache
def _dictation(form: str, language: str, engine: str | None) -> Dictation:
    """A set-up is loaded once a process: the recogniser and the rules are what takes time."""
    return Dictation(form, language=language, engine=engine)


def _done(item: Item, key: str, heard: Heard) -> Done:
    words = [word for utterance in heard.transcript.utterances for word in utterance.words]
    known = [word.confidence for word in words if word.confidence is not None]
    return Done(
        id=item.id,
        audio=str(item.audio),
        key=key,
        seconds=round(heard.seconds, 3),
        elapsed=round(heard.elapsed, 3),
        words=len(words),
        confidence=sum(known) / len(known) if known else None,
        damage=heard.damage,
    )


def _record_path(out: Path, name: str) -> Path:
    return out / f"{name}.record.json"


def _key(item: Item, setup: Setup) -> str:
    digest = hashlib.sha256(repr((setup.form, setup.language, setup.engine)).encode())
    for path in (item.audio, item.context or setup.context):
        if path is not None:
            with path.open("rb") as file:
                while chunk := file.read(_BLOCK):
                    digest.update(chunk)
    return digest.hexdigest()


def _read_journal(path: Path) -> dict[str, Done]:
    """The last successful result of every recording; a last line cut off by a crash is passed over."""
    if not path.is_file():
        return {}
    finished = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            done = Done(**json.loads(line))
        except (json.JSONDecodeError, TypeError):
            continue
        if done.error is None:
            finished[done.id] = done
    return finished


def read_record(out: Path, name: str) -> Record:
    """The record that a replay wrote for a recording."""
    path = _record_path(out, name)
    try:
        return Record.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError) as error:
        raise InputError(f"{path}: not a record of this version; remove {out} and replay again") from error
