"""Dictation: the way from the first frame to the record. Everything that dictates goes through here.

recording ──► blocks ──► utterances ──► written text ──► spaCy Doc with facts ──► record
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from spacy.language import Language

from dictation.audio.blocks import RATE
from dictation.audio.pcm import to_pcm, to_samples
from dictation.audio.recording import Recording
from dictation.clinical.pipeline import build, to_doc
from dictation.errors import InputError, UsageError
from dictation.forms.context import Context
from dictation.forms.filler import fill
from dictation.forms.focus import focused, settled
from dictation.forms.questionnaire import Form, load_form
from dictation.forms.record import Record
from dictation.grammar.rules import language_dir
from dictation.language.writer import Writer
from dictation.loading import loading
from dictation.speech.engines import open_recogniser
from dictation.speech.recogniser import ModelInfo, Recogniser
from dictation.speech.transcript import Transcript, Utterance, Word

MAX_TEXT_BYTES = 10_000_000

Progress = Callable[[float, float | None], None]
"""Called with the seconds done and the seconds in all (None where the container does not tell)."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the recogniser made of a recording: its `seconds` of sound, the seconds of work (`elapsed`), and what was
    wrong with the file where it broke off (`damage`)."""

    source: str
    transcript: Transcript
    recogniser: ModelInfo
    seconds: float
    elapsed: float
    damage: str | None = None

    def to_json(self) -> dict[str, Any]:
        """What `dictation transcribe --json` prints."""
        return {
            "source": self.source,
            "text": self.transcript.text,
            "utterances": [asdict(utterance) for utterance in self.transcript.utterances],
            "engine": self.recogniser.engine,
            "model": self.recogniser.model,
            "seconds": round(self.seconds, 3),
            "elapsed": round(self.elapsed, 3),
            **({"damage": self.damage} if self.damage else {}),
        }


class Dictation:
    """One set-up (form, language, recogniser), any number of dictations.

    Rules, pipeline and recogniser are loaded at first use and kept.
    """

    def __init__(
        self,
        form: str = "052u-visit",
        *,
        language: str = "ru",
        engine: str | None = None,
    ) -> None:
        """UsageError where the form is unknown or the language has no rules."""
        self.form: Form = load_form(form)
        self.language = dictated_language(language)
        self._engine = engine
        # Several dictations may be filled from several threads; one at a time is as quick and needs no more of spaCy.
        self._filling = threading.Lock()

    @cached_property
    def recogniser(self) -> Recogniser:
        """The recogniser; ModelError where its model is missing or broken."""
        return open_recogniser(self._engine, self.language)

    def load_recogniser(self) -> None:
        """Load the recogniser now, so that a missing model is known before the first recording."""
        _ = self.recogniser

    @cached_property
    @loading()
    def pipeline(self) -> Language:
        """The clinical spaCy pipeline."""
        return build(self.language)

    @cached_property
    @loading()
    def writer(self) -> Writer:
        """Spoken to written."""
        return Writer(self.language)

    def with_form(self, form: str) -> Dictation:
        """The same set-up for another form. What is loaded here is shared, and loaded now if it was not."""
        other = Dictation(form, language=self.language, engine=self._engine)
        other.recogniser, other.pipeline, other.writer = self.recogniser, self.pipeline, self.writer
        other._filling = self._filling
        return other

    def transcribe(self, path: str | Path, progress: Progress | None = None) -> Heard:
        """The recogniser's words of a recording. InputError where the file holds no sound that can be read."""
        begun = time.monotonic()
        utterances: list[Utterance] = []
        samples = 0
        with Recording(Path(path)) as recording:
            stream = self.recogniser.stream()
            for block in recording.blocks():
                samples += len(block)
                # 16 bits, as a live dictation keeps and recognises them.
                events = stream.accept(to_samples(to_pcm(block)))
                utterances += [event for event in events if isinstance(event, Utterance)]
                if progress:
                    progress(samples / RATE, recording.duration)
            utterances += stream.finish()
            damage = recording.damage
        return Heard(
            source=str(path),
            transcript=Transcript.from_utterances(utterances),
            recogniser=self.recogniser.info,
            seconds=samples / RATE,
            elapsed=time.monotonic() - begun,
            damage=damage,
        )

    def fill(self, path: str | Path, context: Context | None = None, progress: Progress | None = None) -> Record:
        """A recording as a filled record of the patient and visit in `context`."""
        return self.record(self.transcribe(path, progress), context)

    def record(
        self,
        heard: Heard,
        context: Context | None = None,
        *,
        identifier: UUID | None = None,
        created: datetime | None = None,
    ) -> Record:
        """What was heard as a filled record; its `identifier` and time are new ones unless given."""
        return self._record(
            heard.transcript,
            heard.source,
            context,
            recogniser=heard.recogniser,
            damage=heard.damage,
            identifier=identifier,
            created=created,
        )

    def extract(self, text: str, context: Context | None = None, source: str = "-") -> Record:
        """A text as a recogniser prints it, as a filled record without times."""
        return self._record(Transcript.from_text(text), source, context)

    def read(self, text: str, field: str | None = None, context: Context | None = None) -> Record:
        """A text that was typed, as a record of it alone: each of its lines as if it had been said into `field`."""
        lines = [line for line in text.splitlines() if line.strip()]
        said = [Utterance(line, tuple(map(Word, line.split())), field=field) for line in lines]
        return self._record(Transcript.from_utterances(said), "-", context)

    def _record(self, transcript: Transcript, source: str, context: Context | None, **known: Any) -> Record:
        """`known` is what else is known of the dictation, as `fill` takes it."""
        context = context or Context()
        with self._filling:
            written = self.writer(transcript)
            into_fields = focused(self.form, written, self.language)
            written = settled(written, into_fields, self.language)
            doc = self.pipeline(to_doc(self.pipeline, written, into_fields))
            return fill(self.form, written, doc, source=source, language=self.language, context=context, **known)


def dictated_language(language: str) -> str:
    """The language, if dictation in it works; UsageError otherwise."""
    folder = language_dir(language)
    if not (folder / "headings.yaml").is_file():
        raise UsageError(f"dictation in '{language}' is not there yet: only labels of forms are; use --language ru")
    return language


def read_text(path: Path) -> str:
    """A text file to extract from; InputError where it is missing, not UTF-8 text, or over 10 MB."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check the name and the permissions") from error
    return decode_text(data, str(path))


def decode_text(data: bytes, source: str) -> str:
    """Bytes as text, a byte order mark dropped."""
    if len(data) > MAX_TEXT_BYTES:
        raise InputError(f"{source}: larger than {MAX_TEXT_BYTES // 1_000_000} MB; give a visit a file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{source}: not UTF-8 text (byte {error.start}); save it as UTF-8") from error
