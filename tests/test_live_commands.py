"""When spoken commands are obeyed: after their words were shown, before the next sound. What is heard is scripted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from dictation.audio.blocks import Samples
from dictation.audio.endpointing import CHUNK
from dictation.errors import UsageError
from dictation.live import FieldChanged, Filled, Final, LiveDictation, LiveEvent, Stopped
from dictation.session import Dictation
from dictation.speech.recogniser import ActiveField, ModelInfo, Partial
from dictation.speech.transcript import Utterance, Word
from dictation.store import Store, open_store

# Seconds of a chunk of sound.
STEP = CHUNK / 16_000


class Scripted:
    """A recogniser, and its one stream: `words[n]` is an utterance that is final with chunk number n."""

    info = ModelInfo("scripted", "none", None)
    behind = 0.0

    def __init__(self, words: dict[int, str]) -> None:
        self.words = words
        self.taken = 0
        self.turned: list[tuple[str | None, int]] = []
        self.field: str | None = None

    def stream(self, live: bool = False) -> Scripted:  # noqa: ARG002 - the protocol has it
        return self

    def accept(self, block: Samples) -> Iterator[Partial | Utterance]:
        self.taken += len(block) // CHUNK
        return self._finals(self.words.pop(self.taken, None) if len(block) else None)

    def focus(self, field: ActiveField | None) -> Iterator[Partial | Utterance]:
        self.field = field.key if field else None
        self.turned.append((self.field, self.taken))
        return iter(())

    def remember(self, utterances: Sequence[Utterance]) -> None:
        assert not utterances

    def finish(self) -> Iterator[Utterance]:
        return iter(())

    def _finals(self, text: str | None) -> Iterator[Utterance]:
        if text:
            words = tuple(Word(word, 0.0, 0.1, 0.9) for word in text.split())
            yield Utterance(text, words, 0.0, 0.1, self.field)


def sound(chunks: int) -> Samples:
    return np.zeros(chunks * CHUNK, dtype=np.float32)


def without_records(events: list[LiveEvent]) -> list[str]:
    """The events but for the form's, each in short."""
    told: list[str] = []
    for event in events:
        match event:
            case Final():
                told.append(event.utterance.text)
            case FieldChanged():
                told.append(f"{event.by}: {event.key} at {event.at:.3f}")
            case Stopped():
                told.append(f"stopped at {event.at:.3f}")
            case other:
                assert isinstance(other, Filled)
    return told


@pytest.fixture(scope="module")
def dictation() -> Dictation:
    return Dictation()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("DICTATION_HOME", str(tmp_path))
    return open_store(key_file=tmp_path / "key")


def test_words_are_shown_before_their_command_is_looked_for(dictation: Dictation, store: Store) -> None:
    dictation.recogniser = heard = Scripted({3: "перейти к жалобам"})
    with store.begin("052u-visit") as journal:
        live = LiveDictation(dictation, journal=journal)
        assert without_records(live.accept(sound(3))) == ["перейти к жалобам"]
        assert live.field is None
        assert [one.text for one in store.utterances(journal.id)] == ["перейти к жалобам"]
        assert without_records(live.accept(sound(1))) == [f"voice: complaints at {3 * STEP:.3f}"]
        assert live.field == "complaints"
        live.finish()
    assert heard.turned == [("complaints", 3)]
    assert [(event.data, round(event.at, 3)) for event in store.events(journal.id) if event.kind == "focus"] == [
        ({"field": "complaints", "by": "voice"}, round(3 * STEP, 3))
    ]


def test_a_command_holds_from_the_next_sound_on_however_long_the_blocks_are(dictation: Dictation) -> None:
    """Said within a block: what comes after it in the same block goes into the new field."""
    words = {2: "перейти к жалобам", 4: "кашель", 5: "перейти к рекомендациям"}
    expected = [("complaints", 2), ("recommendations", 5)]
    for size in (1, 3, 7):
        dictation.recogniser = heard = Scripted(dict(words))
        live = LiveDictation(dictation, live=False)
        for _ in range(0, 21, size):
            live.accept(sound(size))
        assert heard.turned == expected
        record = live.finish()
        assert [utterance.field for utterance in record.transcript.utterances] == [None, "complaints", "complaints"]


def test_while_no_sound_comes_commands_are_obeyed_all_the_same(dictation: Dictation) -> None:
    dictation.recogniser = Scripted({1: "закончить диктовку"})
    live = LiveDictation(dictation)
    assert without_records(live.accept(sound(1))) == ["закончить диктовку"]
    assert without_records(live.poll()) == [f"stopped at {STEP:.3f}"]
    assert without_records(live.poll()) == []
    live.finish()


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_was_said_before_a_pause_or_a_key_is_obeyed_before_it(dictation: Dictation, by_hand: bool) -> None:
    dictation.recogniser = heard = Scripted({1: "перейти к жалобам"})
    live = LiveDictation(dictation)
    live.accept(sound(1))
    told = without_records(live.focus("objective") if by_hand else live.pause())
    voice = f"voice: complaints at {STEP:.3f}"
    assert told == ([voice, f"hand: objective at {STEP:.3f}"] if by_hand else [voice])
    assert heard.turned == [("complaints", 1), ("objective" if by_hand else "complaints", 1)]
    live.finish()


def test_a_key_of_no_field_takes_nothing_from_what_was_said(dictation: Dictation) -> None:
    dictation.recogniser = Scripted({1: "перейти к жалобам"})
    live = LiveDictation(dictation)
    live.accept(sound(1))
    with pytest.raises(UsageError):
        live.focus("no-such-field")
    assert without_records(live.poll()) == [f"voice: complaints at {STEP:.3f}"]
    live.finish()


def test_a_command_that_was_the_last_word_is_obeyed_before_the_end(dictation: Dictation, store: Store) -> None:
    dictation.recogniser = Scripted({1: "перейти к жалобам"})
    with store.begin("052u-visit") as journal:
        live = LiveDictation(dictation, journal=journal)
        live.accept(sound(1))
        live.finish()
    assert [event.data["field"] for event in store.events(journal.id) if event.kind == "focus"] == ["complaints"]
